import type { Finding } from "./findings.ts";
import type { Instance } from "./instance.ts";
import type { Headers } from "./read-headers.ts";
import type { Stack } from "./stack.ts";

const HINT = "Find the missing files, or go on without them with --allow-damaged (allowDamaged)";

/**
 * Compares the number of images of a stack's series with all that says how many there should be. A number
 * that is smaller than what is there counts something else, and is not believed.
 *
 * @returns at most one finding, for the first statement that asks for more
 */
export function missingImages(stack: Stack, { instances, listed }: Headers): Finding[] {
  const series = instances.filter(({ seriesUid }) => seriesUid === stack.seriesUid);
  const shortages = [
    ...fromDirectory(stack.seriesUid, series, listed),
    ...fromConcatenations(series),
    ...fromSeries(series),
    ...fromAcquisitions(stack.instances, series, instances),
  ];
  const [first] = shortages;
  if (first === undefined) return [];
  return [
    {
      code: "missing-images",
      severity: "fatal",
      message: "Images of this series are missing",
      measured: `${first.there} ${first.what}`,
      limit: `${first.stated}, as ${first.by} says`,
      hint: HINT,
    },
  ];
}

interface Shortage {
  readonly what: string;
  readonly there: number;
  readonly stated: number;
  /** Where it is stated. */
  readonly by: string;
}

function fromDirectory(uid: string, series: readonly Instance[], listed: Headers["listed"]): Shortage[] {
  const there = new Set(series.map(({ sopInstance }) => sopInstance));
  const stated = new Set(listed.filter(({ seriesUid }) => seriesUid === uid).map(({ sopInstance }) => sopInstance));
  const found = [...stated].filter((sopInstance) => there.has(sopInstance)).length;
  return found < stated.size ? [{ what: "images", there: found, stated: stated.size, by: "the DICOMDIR" }] : [];
}

function fromConcatenations(series: readonly Instance[]): Shortage[] {
  const parts = new Map<string, { stated: number; there: Set<string | undefined> }>();
  for (const { concatenation, sopInstance } of series) {
    if (concatenation === undefined) continue;
    const one = parts.get(concatenation.uid) ?? { stated: concatenation.parts, there: new Set() };
    one.there.add(sopInstance);
    parts.set(concatenation.uid, one);
  }
  return [...parts.values()]
    .filter(({ stated, there }) => there.size < stated)
    .map(({ stated, there }) => ({
      what: "parts of an image",
      there: there.size,
      stated,
      by: "In-concatenation Total Number (0020,9163)",
    }));
}

function fromSeries(series: readonly Instance[]): Shortage[] {
  const there = countFiles(series);
  const stated = agreed(series.map(({ seriesImages }) => seriesImages));
  if (stated === undefined || there >= stated) return [];
  return [{ what: "images", there, stated, by: "Number of Series Related Instances (0020,1209)" }];
}

/** An acquisition may have given several series; where they are all there, all their images count. */
function fromAcquisitions(
  stack: readonly Instance[],
  series: readonly Instance[],
  all: readonly Instance[],
): Shortage[] {
  const shortages: Shortage[] = [];
  for (const number of new Set(stack.map(({ acquisition }) => acquisition))) {
    const isOfIt = ({ acquisition, grouped }: Instance): boolean => acquisition === number && !grouped;
    const images = series.filter(isOfIt);
    const stated = agreed(images.map(({ acquisitionImages }) => acquisitionImages));
    const there = countFiles(images);
    if (stated === undefined || there >= stated || countFiles(all.filter(isOfIt)) >= stated) continue;
    shortages.push({ what: "images", there, stated, by: "Images in Acquisition (0020,1002)" });
  }
  return shortages;
}

/** Number of different instances; each that has no UID is one of its own. */
function countFiles(instances: readonly Instance[]): number {
  return new Set(instances.map(({ sopInstance, source }) => sopInstance ?? source)).size;
}

/** The number that all images state; `undefined` when some state none or another one. */
function agreed(stated: readonly (number | undefined)[]): number | undefined {
  const [first] = stated;
  return first !== undefined && stated.every((number) => number === first) ? first : undefined;
}

/** Fewer than this share of the images with numbers of their own say nothing. */
const NUMBERED = 0.9;

/**
 * Looks for gaps in the instance numbers of a stack's series. They are no proof that images are missing:
 * scanners count across series, and archives keep every second slice.
 */
export function checkNumbers(stack: Stack, { instances }: Headers): Finding[] {
  const series = instances.filter(({ seriesUid }) => seriesUid === stack.seriesUid);
  const numbers = new Set(series.flatMap(({ instanceNumber }) => instanceNumber ?? []));
  if (numbers.size < NUMBERED * series.length) return [];
  const sorted = [...numbers].sort((a, b) => a - b);
  const [low, high] = [sorted[0]!, sorted.at(-1)!];
  const missing = high - low + 1 - sorted.length;
  if (missing <= 0 && low <= 1) return [];
  return [
    {
      code: "instance-numbers",
      severity: "warning",
      message:
        missing > 0
          ? "Instance numbers are missing: slices may be lost, or the series is one part of another"
          : "Instance numbers do not begin with 1: slices may be lost, or the scanner counts across series",
      measured: `${sorted.length} numbers from ${low} to ${high}`,
      limit: `all numbers from 1 to ${high}`,
    },
  ];
}
