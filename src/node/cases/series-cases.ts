import { dirname } from "node:path";
import { isZip } from "../../archives/zip-directory.ts";
import { safeName } from "../../case/safe-name.ts";
import { PleuraError } from "../../errors.ts";
import { type InputFile, listInputFiles } from "../input-files.ts";
import { type CaseFolder, inputOf, keyName, type Selector } from "./case-input.ts";
import type { HeaderIndex } from "./header-index.ts";
import { canBeScan, type ImageGroup } from "./image-group.ts";
import { leavesOf } from "./list-case.ts";
import type { Sighting } from "./survey.ts";

/** A case that is one series, and where its images were seen. */
export interface SeriesCase {
  readonly one: CaseFolder;
  readonly sightings: readonly Sighting[];
}

/** What was left out of a case, since it can be no scan. */
export interface LeftOut {
  readonly series: number;
  readonly images: number;
}

/**
 * Makes a case of every series that can be a scan: one with axial slices at two positions or more that are no
 * localizers. All headers are read.
 *
 * It is named `<case>_<series number>`, or `<case>_series-<12 hexadecimal digits>` where the series have no numbers or share
 * them. A case without such a series stays one case, which fails by name when its turn comes.
 *
 * @param one - the case that holds the series
 * @param leaveOut - told what is not read
 * @returns by series number, then by key
 */
export async function seriesOf(
  one: CaseFolder,
  index: HeaderIndex,
  leaveOut: (what: LeftOut) => void,
): Promise<SeriesCase[]> {
  const sightings = await allSightings(one, index);
  const series = new Map<string, Sighting[]>();
  for (const sighting of sightings) {
    const { series: key } = sighting.group;
    if (key === undefined || !isOf(one.only, sighting.group)) continue;
    series.set(key, [...(series.get(key) ?? []), sighting]);
  }
  const scans = [...series].filter(([, own]) => canBeScan(own.map(({ group }) => group)));
  if (scans.length === 0) return [{ one, sightings }];
  const others = [...series.values()].filter((own) => !scans.some(([, scan]) => scan === own));
  if (others.length > 0) leaveOut({ series: others.length, images: imagesOf(others.flat()) });
  const numbers = scans.map(([, own]) => own[0]!.group.number);
  return scans
    .map(([key, own], i) => ({ only: { by: "series", key } as const, own, number: numbers[i] }))
    .sort((a, b) => (a.number ?? 0) - (b.number ?? 0) || (a.only.key < b.only.key ? -1 : 1))
    .map(({ only, own, number }) => {
      const isItsOwn = number !== undefined && numbers.filter((other) => other === number).length === 1;
      const name = safeName(`${one.name}_${isItsOwn ? number : keyName(only)}`);
      return { one: { ...inputOf(one), name, only }, sightings: own };
    });
}

/** Every group of a case's images, by folders and archives. What cannot be read is told at the case's turn. */
async function allSightings(one: CaseFolder, index: HeaderIndex): Promise<Sighting[]> {
  const sightings: Sighting[] = [];
  for (const leaf of leavesOf(filesOf(one))) {
    const { groups } = await index.all(leaf);
    for (const group of groups) sightings.push({ path: placeOf(leaf), group });
  }
  return sightings;
}

/** The folder of some files, or the archive. */
export function placeOf([first, ...others]: readonly InputFile[]): string {
  if (first === undefined) return "";
  const path = String(first.path);
  return others.length === 0 && isZip(path) ? path : dirname(path);
}

function filesOf(one: CaseFolder): InputFile[] {
  try {
    return listInputFiles(one);
  } catch (error) {
    if (error instanceof PleuraError || (error as NodeJS.ErrnoException).code !== undefined) return [];
    throw error;
  }
}

function isOf(only: Selector | undefined, group: ImageGroup): boolean {
  return only === undefined || group[only.by] === only.key;
}

function imagesOf(sightings: readonly Sighting[]): number {
  return sightings.reduce((sum, { group }) => sum + group.images, 0);
}
