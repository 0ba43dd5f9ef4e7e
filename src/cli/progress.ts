import { counted } from "../counted.ts";
import type { Stage } from "../errors.ts";
import type { CaseResult } from "../node/prep-options.ts";
import { duration } from "./lines.ts";
import { StatusLine } from "./status-line.ts";

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

/** Cells of the bar between its brackets. */
const BAR = 20;

/**
 * Makes the progress bar.
 *
 * @param visible - whether a bar is wanted; on anything but a terminal it is not
 */
export function startProgress(visible: boolean): Progress {
  if (!visible) {
    return { start: () => {}, stage: () => {}, ended: () => {}, above: (print) => print(), stop: () => {} };
  }
  const line = new StatusLine(process.stderr);
  let pace = makePace(0);
  let [total, done] = [0, 0];
  let [speed, now] = ["", ""];
  const show = () => {
    const filled = "#".repeat(Math.floor((BAR * done) / total)).padEnd(BAR, "-");
    // What is most wanted comes first: a narrow terminal shows no more.
    const parts = [`${done}/${counted(total, "case")}`, `[${filled}]`, speed, now];
    // Without any case there is nothing to wait for.
    if (total > 0) line.show(parts.filter((part) => part !== "").join("  "));
  };
  return {
    start: (cases) => {
      pace = makePace(cases);
      total = cases;
      show();
    },
    stage: (name, stage) => {
      now = `${name}: ${stage}`;
      show();
    },
    ended: (result) => {
      done++;
      speed = pace(result);
      show();
    },
    above: (print) => line.above(print),
    stop: () => line.clear(),
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
