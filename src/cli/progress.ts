import type { Stage } from "../errors.ts";
import type { CaseResult } from "../node/prep-case.ts";
import { duration } from "./lines.ts";

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
  const format = "{bar} {value}/{total} cases  {pace}  {now}";
  const bar = new SingleBar(
    { stream: process.stderr, format, clearOnComplete: true, hideCursor: true },
    Presets.shades_classic,
  );
  let pace = makePace(0);
  return {
    start: (cases) => {
      pace = makePace(cases);
      bar.start(cases, 0, { now: "", pace: "" });
    },
    stage: (name, stage) => bar.update({ now: `${name}: ${stage}` }),
    ended: (result) => bar.increment(1, { pace: pace(result) }),
    above: (print) => {
      process.stderr.write(CLEAR_LINE);
      print();
      bar.render();
    },
    stop: () => bar.stop(),
  };
}

/**
 * Reckons how fast a run goes: `1.3 cases/s, 12 min left, 2 failed`. Cases that were done before
 * count for nothing, or a run that is taken up again would promise too much.
 *
 * @param total - number of cases
 * @param now - a clock, milliseconds
 * @returns to be told of every case that has ended
 */
export function makePace(total: number, now: () => number = () => performance.now()): (result: CaseResult) => string {
  const began = now();
  let ended = 0;
  let worked = 0;
  let failed = 0;
  return ({ status }) => {
    ended++;
    if (status !== "skipped") worked++;
    if (status === "failed") failed++;
    const seconds = (now() - began) / 1000;
    const rate = worked / seconds;
    const parts = worked === 0 ? [] : [`${rate.toPrecision(2)} cases/s`, `${duration((total - ended) / rate)} left`];
    if (failed > 0) parts.push(`${failed} failed`);
    return parts.join(", ");
  };
}
