import { vi } from "vitest";

/** Never ends. */
export const HANG = "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);";

/** Tells the parent once to end, and leaves it time to hear that. */
export const SIGTERM_PARENT = `
  if (!globalThis.told) {
    globalThis.told = true;
    process.kill(process.ppid, "SIGTERM");
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
  }`;

/** Makes every process that starts from now on misbehave when it reads a file of the case `doomed`; `vi.unstubAllEnvs` ends it. */
export function whenDoomedIsRead(code: string): void {
  const script = `
    import fs from "node:fs";
    import { syncBuiltinESMExports } from "node:module";
    const open = fs.openSync;
    fs.openSync = (path, ...rest) => {
      if (String(path).includes("doomed/IMG")) { ${code} }
      return open(path, ...rest);
    };
    syncBuiltinESMExports();`;
  vi.stubEnv("NODE_OPTIONS", `--import data:text/javascript,${encodeURIComponent(script)}`);
}
