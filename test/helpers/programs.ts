import { spawnSync } from "node:child_process";
import { resolve } from "node:path";

/** The system's Python, which has pydicom and nibabel where the distribution's packages are installed. */
export const PYTHON = process.env["PLEURA_PYTHON"] ?? "/usr/bin/python3";

/** Whether Python has these modules. */
export function hasModules(...names: readonly string[]): boolean {
  return spawnSync(PYTHON, ["-c", `import ${names.join(", ")}`], { stdio: "ignore" }).status === 0;
}

/** Whether a program can be started. */
export function hasProgram(name: string): boolean {
  return spawnSync(name, ["--version"], { stdio: "ignore" }).error === undefined;
}

/** What a program says on both streams; throws when it fails. */
export function said(program: string, ...args: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync(program, args, { encoding: "utf8" });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${program} ended with status ${status}\n${stderr}`);
  return stdout + stderr;
}

/** A script of `scripts/lib`. */
export function script(name: string): string {
  return resolve(import.meta.dirname, "../../scripts/lib", name);
}
