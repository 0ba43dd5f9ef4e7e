import type { BuiltCli, Outcome } from "./built-cli.ts";

/** The user that processes run as who must not be root; its number is the same everywhere. */
const NOBODY = "65534";
const isRoot = process.getuid?.() === 0;

/** A line of shell that runs a command as a user for whom permissions count; root is asked for none. */
export const ORDINARY_USER = isRoot
  ? `exec setpriv --reuid=${NOBODY} --regid=${NOBODY} --clear-groups "$0" "$@"`
  : 'exec "$0" "$@"';

/**
 * Runs `pleura` and kills all its processes when it does not end by itself.
 *
 * @param shell - line that runs the command `"$0" "$@"`
 * @returns how it ended; the status is `"killed"` when it did not
 */
export async function endedWithin(
  seconds: number,
  pleura: BuiltCli,
  args: readonly string[],
  shell?: string,
): Promise<Omit<Outcome, "status"> & { readonly status: number | null | "killed" }> {
  const child = shell === undefined ? pleura.start(...args) : pleura.startUnder(shell, ...args);
  const said = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"] as const) {
    child[stream]?.on("data", (data: Buffer) => {
      said[stream] += data.toString();
    });
  }
  let killed = false;
  const late = setTimeout(() => {
    killed = true;
    process.kill(-(child.pid as number), "SIGKILL");
  }, seconds * 1000);
  const status = await new Promise<number | null>((resolve) => child.once("close", resolve));
  clearTimeout(late);
  return { ...said, status: killed ? "killed" : status };
}
