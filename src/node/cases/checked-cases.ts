import type { CaseFolder } from "./case-input.ts";
import type { CaseOptions } from "./case-options.ts";
import { isAsked, refuseMixed } from "./check-cases.ts";
import { type FoundCase, noCase, realPath } from "./find-cases.ts";
import { groupByUid } from "./group-by-uid.ts";
import { type HeaderIndex, inTurns } from "./header-index.ts";
import { type LeftOut, seriesOf } from "./series-cases.ts";
import { SharedSeries } from "./shared-series.ts";
import { type Sighting, surveyCase } from "./survey.ts";

/** A case, and what was seen of it. */
interface SeenCase {
  one: CaseFolder;
  readonly sightings: readonly Sighting[];
  /** Numbers of the inputs that have a part in it. */
  readonly inputs: Iterable<number>;
}

type CheckOptions = CaseOptions & { readonly note: (text: string) => void };

/**
 * Looks at the headers of all cases together: makes cases of studies and series where that is asked for, leaves out what is
 * no case, and refuses what would be mixed or torn apart.
 *
 * @param inputs - absolute paths
 * @param found - the cases by folders; missing when studies or series are to be cases
 */
export async function checkedCases(
  inputs: readonly string[],
  found: readonly FoundCase[] | undefined,
  index: HeaderIndex,
  options: CheckOptions,
): Promise<CaseFolder[]> {
  const { by, series, allSeries = false, note } = options;
  let seen = found === undefined ? await grouped(inputs, index, options) : await surveyed(found, index, options);
  const used = new Set<number>();
  for (const one of seen) for (const input of one.inputs) used.add(input);
  if (allSeries && by !== "series") seen = await ofAllSeries(seen, index, note);
  else for (const one of seen) one.one = refuseMixed(one.one, one.sightings, series);
  // Inputs that only hold other series than the one that is asked for are no mistake.
  const isFiltered = by === "series" && series !== undefined;
  const unused = isFiltered ? [] : inputs.filter((_, i) => !used.has(i)).map(noCase);
  if (found === undefined) return [...seen.map(({ one }) => one), ...unused];
  const shared = new SharedSeries();
  for (const [at, { one, sightings }] of seen.entries()) {
    if (one.refused === undefined) shared.see(at, asked(sightings, series));
  }
  const isAlone = seen.length < 2;
  const cases = seen.map(({ one }) => (isAlone || one.refused !== undefined ? one : { ...one, claims: true }));
  return [...(await shared.settle(cases)), ...unused];
}

async function grouped(
  inputs: readonly string[],
  index: HeaderIndex,
  { by, series, note }: CheckOptions,
): Promise<SeenCase[]> {
  return groupByUid(inputs, index, {
    by: by === "series" ? "series" : "study",
    note,
    ...(series !== undefined && { series }),
  });
}

/** Looks at each case, and leaves out folders that hold a viewer's programs or results of pleura. */
async function surveyed(
  found: readonly FoundCase[],
  index: HeaderIndex,
  { out, note }: CheckOptions,
): Promise<SeenCase[]> {
  const avoid = out === undefined ? undefined : await realPath(out);
  const seen = await inTurns(found, async ({ one, inputs }): Promise<SeenCase | undefined> => {
    if (one.refused !== undefined) return { one, sightings: [], inputs };
    const { sightings, viewer, results } = await surveyCase(one, index, avoid);
    if (viewer) note(`${one.folder}: skipped: programs, and no scan`);
    if (results) note(`${one.folder}: skipped: results of pleura`);
    return viewer || results ? undefined : { one, sightings, inputs };
  });
  return seen.filter((one) => one !== undefined);
}

async function ofAllSeries(
  seen: readonly SeenCase[],
  index: HeaderIndex,
  note: (text: string) => void,
): Promise<SeenCase[]> {
  const left = { series: 0, images: 0 };
  const leaveOut = ({ series, images }: LeftOut): void => {
    left.series += series;
    left.images += images;
  };
  const split: SeenCase[] = [];
  for (const { one, sightings, inputs } of seen) {
    if (one.refused !== undefined) split.push({ one, sightings, inputs });
    else for (const part of await seriesOf(one, index, leaveOut)) split.push({ ...part, inputs });
  }
  if (left.series > 0) note(`left out: ${left.series} series that cannot be a scan (${left.images} images)`);
  return split;
}

/** What was seen of the series that is asked for, or all. */
function asked(sightings: readonly Sighting[], series: string | number | undefined): readonly Sighting[] {
  return series === undefined ? sightings : sightings.filter(({ group }) => isAsked(group, series));
}
