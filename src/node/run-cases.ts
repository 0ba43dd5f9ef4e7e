import { setTimeout as pause } from "node:timers/promises";
import { POLL_MS } from "./case-lock.ts";

/**
 * Gives cases to workers, one at a time each, in order. Cases that other processes work on come
 * back when there is nothing else to do, until they are released.
 *
 * @param count - number of cases; they are told apart by their numbers from 0
 * @param workers - each does a case and gives `undefined` while another process works on it
 * @param stop - no case begins after it
 * @returns results by number; those of cases that were not begun are missing
 */
export async function runCases<Result>(
  count: number,
  workers: readonly ((index: number) => Promise<Result | undefined>)[],
  stop?: AbortSignal,
): Promise<(Result | undefined)[]> {
  const results = new Array<Result | undefined>(count).fill(undefined);
  const busyElsewhere: number[] = [];
  let next = 0;
  const work = async (run: (index: number) => Promise<Result | undefined>) => {
    while (!stop?.aborted) {
      const isFirstTry = next < count;
      const index = isFirstTry ? next++ : busyElsewhere.shift();
      if (index === undefined) return;
      if (!isFirstTry) await pause(POLL_MS, undefined, { ...(stop && { signal: stop }) }).catch(() => undefined);
      if (stop?.aborted) return;
      const result = await run(index);
      if (result === undefined) busyElsewhere.push(index);
      else results[index] = result;
    }
  };
  await Promise.all(workers.map(work));
  return results;
}
