import type { CaseResult } from "../node/prep-case.ts";

/**
 * Brings results that arrive in any order into the order of the cases, so that the same run
 * prints the same lines whatever the number of workers.
 *
 * @param names - cases in the order wanted
 * @param emit - called for each result as soon as all before it have come
 * @returns takes a result
 */
export function inOrder(names: readonly string[], emit: (result: CaseResult) => void): (result: CaseResult) => void {
  const waiting = new Map<string, CaseResult>();
  let next = 0;
  return (result) => {
    waiting.set(result.case, result);
    for (let ready = waiting.get(names[next] ?? ""); ready !== undefined; ready = waiting.get(names[next] ?? "")) {
      waiting.delete(ready.case);
      next++;
      emit(ready);
    }
  };
}
