import { safeName } from "../case/safe-name.ts";
import { PleuraError } from "../errors.ts";
import { type CaseFolder, refuseSameNames } from "./cases.ts";
import { inspectSeries, type StackReport } from "./inspect-series.ts";

/**
 * Makes a case of every series that can be a scan: one with an axial stack of at least two
 * positions that is no localizer.
 *
 * It is named `<case>_<series number>`, or `<case>_<series UID>` where the folder's series have no
 * numbers or share them. A folder without such a series stays one case, which fails by name when
 * its turn comes.
 *
 * @param cases - as `findCases` gives them
 * @param signal - ends the reading between two files with its own reason
 * @returns the cases in the same order, those of one folder by series number, then UID
 * @throws PleuraError `invalid-option` when two cases would write to the same names
 */
export async function splitBySeries(cases: readonly CaseFolder[], signal?: AbortSignal): Promise<CaseFolder[]> {
  const split: CaseFolder[] = [];
  for (const one of cases) split.push(...(await seriesOf(one, signal)));
  refuseSameNames(split);
  return split;
}

async function seriesOf(one: CaseFolder, signal: AbortSignal | undefined): Promise<CaseFolder[]> {
  let stacks: readonly StackReport[];
  try {
    ({ stacks } = await inspectSeries(one.folder, signal));
  } catch (error) {
    // What cannot be looked at now is a failure of the case, not of the run.
    if (error instanceof PleuraError) return [one];
    throw error;
  }
  const numbers = new Map(stacks.filter(canBeScan).map(({ seriesUid, seriesNumber }) => [seriesUid, seriesNumber]));
  if (numbers.size === 0) return [one];
  const all = [...numbers.values()];
  return [...numbers]
    .sort(([uidA, a = 0], [uidB, b = 0]) => a - b || (uidA < uidB ? -1 : 1))
    .map(([series, number]) => {
      const isOwn = number !== undefined && all.filter((other) => other === number).length === 1;
      return { ...one, name: safeName(`${one.name}_${isOwn ? number : series}`), series };
    });
}

function canBeScan({ plane, localizer, seriesUid, error }: StackReport): boolean {
  return plane === "axial" && !localizer && seriesUid !== "" && error?.code !== "single-slice";
}
