import { vi } from "vitest";

/** Does nothing for so long, milliseconds. */
const pause = (ms: number): string => `Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ${ms});`;
const once = (code: string): string => `if (!globalThis.told) { globalThis.told = true; ${code} }`;

/** Never ends. */
export const HANG = pause(Number.POSITIVE_INFINITY);
/** Tells the parent once to end, and leaves it time to hear that. */
export const SIGTERM_PARENT = once(`process.kill(process.ppid, "SIGTERM"); ${pause(500)}`);
/** Does once what Ctrl-C in a terminal does: all processes of the group are told. */
export const CTRL_C = once(`process.kill(0, "SIGINT"); ${pause(500)}`);
/** Ctrl-C twice, and no end. */
export const CTRL_C_TWICE = once(`process.kill(0, "SIGINT"); ${pause(500)} process.kill(0, "SIGINT"); ${HANG}`);

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
