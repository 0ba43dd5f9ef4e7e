import { counted } from "../../counted.ts";
import { PleuraError } from "../../errors.ts";
import { indexToPatient, type Point } from "../../volume/affine.ts";
import type { StoredGrid } from "../../volume/stored-grid.ts";
import type { Annotation, AnnotationSource, CaseAnnotations, LeftOut, Ratings } from "../annotation.ts";
import { LEAST_READERS } from "./least-readers.ts";
import { type LidcMark, type LidcReading, parseLidc } from "./parse-lidc.ts";
import { overlap, pixelsOf, type Region, ROW, regionOf } from "./region.ts";

/** An outlined mark, measured. */
interface Measured {
  readonly mark: LidcMark;
  readonly region: Region;
  /** Centre of its pixels, LPS mm. */
  readonly centre: Point;
  /** Cubic millimetres. */
  readonly volume: number;
}

/**
 * The annotations of an LIDC-IDRI file, by its series.
 *
 * @param text - the whole file; parsed when it is asked for
 * @param seriesUid - from `lidcSeries`
 * @param file - name, for messages
 * @param readers - how many readers must have marked a nodule; default {@link LEAST_READERS}
 */
export function lidcSource(text: string, seriesUid: string, file: string, readers = LEAST_READERS): AnnotationSource {
  let reading: LidcReading | undefined;
  const parsed = () => (reading ??= parseLidc(text, file));
  const isKey = (key: string) => key === seriesUid;
  return {
    kind: "lidc-xml",
    keys: [seriesUid],
    rows: text.split("<unblindedReadNodule>").length - 1,
    unassigned: [],
    textOf: (key) => (isKey(key) ? text : ""),
    linesOf: (key) => (isKey(key) ? parsed().marks.map(({ line }) => line) : []),
    annotationsOf: (key, stored) =>
      isKey(key)
        ? lidcNodules(parsed(), stored, readers)
        : { kind: "lidc-xml", nodules: [], leftOut: [], duplicates: [], broken: [] },
  };
}

/**
 * Groups the readers' outlines into nodules.
 *
 * Two marks of different readers are one nodule when their pixels overlap, or their centres lie
 * closer than the sum of their radii (LUNA16's rule); the marks that overlap most are joined first,
 * and a nodule has at most one mark of each reader. Its centre is the mean of the readers' centres, its diameter that
 * of the sphere with the readers' mean volume; `meanDiameter` is the mean of their own diameters, as
 * in LUNA16. Marks of nodules below 3 mm, which have no outline, are left out.
 *
 * Source: A. Setio et al., Validation, comparison, and combination of algorithms for automatic
 * detection of pulmonary nodules, Medical Image Analysis 2017, https://doi.org/10.1016/j.media.2017.06.015.
 *
 * @param reading - the readers' marks
 * @param stored - grid of the slices whose pixels they count
 * @param readers - how many readers must have marked a nodule
 * @throws PleuraError `bad-annotation` when the slices are not axial
 */
export function lidcNodules({ marks }: LidcReading, stored: StoredGrid, readers: number): CaseAnnotations {
  if (stored.affine[8] === 0) {
    throw new PleuraError("bad-annotation", "The outlines are placed by height, which only axial slices have", {
      stage: "nodules",
    });
  }
  const leftOut: LeftOut[] = [];
  const measured: Measured[] = [];
  for (const mark of marks) {
    if (mark.rois.length === 0) leftOut.push({ line: mark.line, why: "a mark without an outline" });
    else if (isSmall(mark)) leftOut.push({ line: mark.line, why: "a nodule below 3 mm" });
    else measured.push(measure(mark, stored));
  }
  const nodules: Annotation[] = [];
  for (const group of groupMarks(measured)) {
    if (group.length < readers) {
      const count = counted(group.length, "reader");
      leftOut.push({ line: group[0]!.mark.line, why: `marked by ${count}, fewer than ${readers}` });
    } else nodules.push(noduleOf(group));
  }
  return { kind: "lidc-xml", nodules, leftOut, duplicates: [], broken: [] };
}

/** A mark of a nodule below 3 mm: a point, without ratings. */
function isSmall({ rois, ratings }: LidcMark): boolean {
  return Object.keys(ratings).length === 0 && rois.every(({ points }) => points.length === 1);
}

function measure(mark: LidcMark, { affine }: StoredGrid): Measured {
  const region = regionOf(mark);
  const step = (axis: number): Point => [affine[axis]!, affine[4 + axis]!, affine[8 + axis]!];
  const pixel = Math.hypot(...step(1)) * Math.hypot(...step(2)) * Math.hypot(...step(0));
  const sum: [number, number, number] = [0, 0, 0];
  for (const [z, pixels] of region) {
    for (const at of pixels) {
      const point = pixelPosition(affine, z, Math.floor(at / ROW), at % ROW);
      for (const i of [0, 1, 2] as const) sum[i] += point[i];
    }
  }
  const n = pixelsOf(region);
  return { mark, region, centre: [sum[0] / n, sum[1] / n, sum[2] / n], volume: n * pixel };
}

/** The point of a slice at the given height of the patient, whatever the distances between the slices. */
function pixelPosition(affine: StoredGrid["affine"], z: number, row: number, column: number): Point {
  const slice = (z - affine[9] * row - affine[10] * column - affine[11]) / affine[8];
  return indexToPatient(affine, [slice, row, column]);
}

function groupMarks(marks: readonly Measured[]): Measured[][] {
  const pairs: { a: number; b: number; shared: number; distance: number }[] = [];
  for (let a = 0; a < marks.length; a++) {
    for (let b = a + 1; b < marks.length; b++) {
      if (marks[a]!.mark.reader === marks[b]!.mark.reader) continue;
      const shared = overlap(marks[a]!.region, marks[b]!.region);
      const between = Math.hypot(...[0, 1, 2].map((i) => marks[a]!.centre[i]! - marks[b]!.centre[i]!));
      const distance = between / (radius(marks[a]!.volume) + radius(marks[b]!.volume));
      if (shared > 0 || distance < 1) pairs.push({ a, b, shared, distance });
    }
  }
  pairs.sort((p, q) => q.shared - p.shared || p.distance - q.distance || p.a - q.a || p.b - q.b);
  const groupOf = marks.map((mark) => [mark]);
  for (const { a, b } of pairs) {
    const [first, second] = [groupOf[a]!, groupOf[b]!];
    const readers = new Set(first.map(({ mark }) => mark.reader));
    if (first === second || second.some(({ mark }) => readers.has(mark.reader))) continue;
    first.push(...second);
    for (const [i, group] of groupOf.entries()) if (group === second) groupOf[i] = first;
  }
  const groups = [...new Set(groupOf)];
  for (const group of groups) group.sort((p, q) => p.mark.line - q.mark.line);
  return groups.sort((p, q) => p[0]!.mark.line - q[0]!.mark.line);
}

function noduleOf(group: readonly Measured[]): Annotation {
  const mean = (of: (one: Measured) => number) => group.reduce((sum, one) => sum + of(one), 0) / group.length;
  return {
    line: group[0]!.mark.line,
    at: {
      patient: [mean(({ centre }) => centre[0]), mean(({ centre }) => centre[1]), mean(({ centre }) => centre[2])],
    },
    diameter: 2 * radius(mean(({ volume }) => volume)),
    meanDiameter: mean(({ volume }) => 2 * radius(volume)),
    readers: group.length,
    ratings: medianRatings(group),
  };
}

/** Radius of the sphere of a volume. */
function radius(volume: number): number {
  return Math.cbrt((3 * volume) / (4 * Math.PI));
}

function medianRatings(group: readonly Measured[]): Ratings {
  const values = new Map<string, number[]>();
  for (const { mark } of group) {
    for (const [name, value] of Object.entries(mark.ratings)) values.set(name, [...(values.get(name) ?? []), value]);
  }
  return Object.fromEntries([...values].map(([name, all]) => [name, median(all)]));
}

/** The middle value, or the mean of the two in the middle. */
function median(values: number[]): number {
  values.sort((a, b) => a - b);
  const half = values.length >> 1;
  return values.length % 2 === 1 ? values[half]! : (values[half - 1]! + values[half]!) / 2;
}
