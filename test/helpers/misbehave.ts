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

/** What a process says on standard error when its timers were run early. */
export const HURRIED = "timers were run early";

/**
 * Makes every process that starts from now on run its timers of 10 s and more at once when it gets SIGUSR2,
 * so that no test waits for them; `vi.unstubAllEnvs` ends it.
 */
export function hurryTimers(): void {
  const script = `
    const pending = new Map();
    const later = globalThis.setTimeout;
    const never = globalThis.clearTimeout;
    globalThis.setTimeout = (run, ms, ...rest) => {
      const timer = later(run, ms, ...rest);
      if (ms >= 10_000) pending.set(timer, () => run(...rest));
      return timer;
    };
    globalThis.clearTimeout = (timer) => {
      pending.delete(timer);
      never(timer);
    };
    process.on("SIGUSR2", () => {
      if (pending.size === 0) return;
      for (const [timer, run] of [...pending]) {
        clearTimeout(timer);
        run();
      }
      process.stderr.write("${HURRIED}\\n");
    });`;
  vi.stubEnv("NODE_OPTIONS", `--import data:text/javascript,${encodeURIComponent(script)}`);
}
