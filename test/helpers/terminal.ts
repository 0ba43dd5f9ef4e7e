import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import xterm from "@xterm/headless";

/** `script` of util-linux runs a program in a pseudo-terminal. */
export const hasScript = existsSync("/usr/bin/script");

/** What a program left on a terminal. */
export interface Screen {
  readonly status: number | null;
  /** Every line from the first to the last, also those that have scrolled away; wrapped ones are whole. */
  readonly lines: readonly string[];
  /** All that it wrote, what is gone from the screen included. */
  readonly output: string;
}

/**
 * Runs a program in a real pseudo-terminal of a size, and a terminal emulator of that size on what
 * the program writes there.
 */
export async function runInTerminal(
  columns: number,
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<Screen> {
  const quoted = [command, ...args].map((part) => `'${part.replaceAll("'", "'\\''")}'`).join(" ");
  const line = `stty cols ${columns} rows 12; exec ${quoted}`;
  const outcome = await new Promise<{ status: number | null; bytes: Buffer }>((resolve) => {
    const child = execFile(
      "/usr/bin/script",
      ["-qefc", line, "/dev/null"],
      { env: { ...env, TERM: "xterm-256color" }, encoding: "buffer", maxBuffer: 2 ** 26 },
      (_error, stdout) => resolve({ status: child.exitCode, bytes: stdout }),
    );
    child.stdin?.end();
  });
  const { status, bytes } = outcome;
  return { status, lines: await linesOf(columns, bytes), output: bytes.toString() };
}

async function linesOf(columns: number, bytes: Uint8Array): Promise<string[]> {
  const terminal = new xterm.Terminal({ cols: columns, rows: 12, scrollback: 10_000, allowProposedApi: true });
  await new Promise<void>((resolve) => terminal.write(bytes, resolve));
  const buffer = terminal.buffer.active;
  const lines: string[] = [];
  for (let y = 0; y < buffer.length; y++) {
    const row = buffer.getLine(y)!;
    const isContinued = buffer.getLine(y + 1)?.isWrapped === true;
    // A wide character that did not fit into the last cell of a row has left it empty.
    const last = row.getCell(columns - 1)!;
    const isFull = last.getChars() !== "" || last.getWidth() === 0;
    const text = isContinued
      ? row.translateToString(false, 0, isFull ? columns : columns - 1)
      : row.translateToString(true);
    if (row.isWrapped) lines[lines.length - 1] += text;
    else lines.push(text);
  }
  terminal.dispose();
  while (lines.at(-1) === "") lines.pop();
  return lines;
}
