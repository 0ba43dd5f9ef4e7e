import type { Stage } from "../errors.ts";
import type { CaseResult } from "../node/prep-case.ts";

/** The progress bar on standard error, or its silent twin. */
export interface Progress {
  /** Shows the bar for a number of cases. */
  start(cases: number): void;
  /** Shows which stage a case has entered. */
  stage(name: string, stage: Stage): void;
  /** Counts a case that has ended. */
  ended(result: CaseResult): void;
  /** Prints a line without leaving pieces of the bar in it. */
  above(print: () => void): void;
  /** Takes the bar away. */
  stop(): void;
}

const CLEAR_LINE = "\r\u001b[K";

/**
 * Makes the progress bar. The library that draws it is loaded only where one is to be seen.
 *
 * @param visible - whether a bar is wanted; on anything but a terminal it is not
 */
export async function startProgress(visible: boolean): Promise<Progress> {
  if (!visible) {
    return { start: () => {}, stage: () => {}, ended: () => {}, above: (print) => print(), stop: () => {} };
  }
  const { Presets, SingleBar } = await import("cli-progress");
  const bar = new SingleBar(
    { stream: process.stderr, format: "{bar} {value}/{total} cases  {now}", clearOnComplete: true, hideCursor: true },
    Presets.shades_classic,
  );
  return {
    start: (cases) => bar.start(cases, 0, { now: "" }),
    stage: (name, stage) => bar.update({ now: `${name}: ${stage}` }),
    ended: () => bar.increment(),
    above: (print) => {
      process.stderr.write(CLEAR_LINE);
      print();
      bar.render();
    },
    stop: () => bar.stop(),
  };
}
