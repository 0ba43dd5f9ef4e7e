import { PleuraError } from "../errors.ts";
import { type Affine, affineFromSteps, type Point } from "../volume/affine.ts";
import type { Triple } from "../volume/volume.ts";
import type { Finding } from "./findings.ts";
import type { Instance, Orientation } from "./instance.ts";
import type { Stack } from "./stack.ts";

/** A stack in the order of its slices, and the grid that they make. */
export interface Series {
  readonly seriesUid: string;
  /** One instance a slice, ascending in z. */
  readonly slices: readonly Instance[];
  readonly shape: Triple;
  /** Millimetres, each rounded to single precision as the published code keeps it. */
  readonly spacing: Triple;
  readonly affine: Affine;
  readonly findings: readonly Finding[];
}

const AXIAL: Orientation = [1, 0, 0, 0, 1, 0];
/** Steps may differ from their mean by this share before it is said; positions are often rounded. */
const STEP_TOLERANCE = 0.02;

/**
 * Puts a stack's instances in the order of their slices, ascending in z.
 *
 * Where the first position occurs several times, the scan was made in that many passes: the first
 * by instance number is kept. The slice distance is that of the first two slices, as in the
 * published code; the affine's slice step is the mean over the series. Instances without a
 * position are placed by their slice location.
 *
 * @throws PleuraError `single-slice`, or `missing-tag` when the pixel spacing is missing or
 * neither position nor slice location say where an instance lies
 */
export function assembleSeries(stack: Stack): Series {
  const findings: Finding[] = [];
  const slices = firstPass(sortByZ(stack.instances), findings);
  const first = slices[0]!;
  if (slices.length < 2) {
    throw new PleuraError("single-slice", "One slice is not a volume", {
      stage: "read",
      file: first.source.name,
      measured: `${slices.length} slice`,
      limit: "at least 2 slices",
    });
  }
  const { pixelSpacing } = first;
  if (pixelSpacing === undefined) throw missingTag(first, "Pixel Spacing (0028,0030)");
  checkSteps(slices, findings);
  const spacing: Triple = [
    Math.fround(Math.abs(zOf(first) - zOf(slices[1]!))),
    Math.fround(pixelSpacing[0]),
    Math.fround(pixelSpacing[1]),
  ];
  return {
    seriesUid: stack.seriesUid,
    slices,
    shape: [slices.length, first.rows, first.columns],
    spacing,
    affine: seriesAffine(slices, pixelSpacing, findings),
    findings,
  };
}

function sortByZ(instances: readonly Instance[]): Instance[] {
  return [...instances].sort((a, b) => zOf(a) - zOf(b));
}

function zOf(instance: Instance): number {
  const z = instance.position?.[2] ?? instance.sliceLocation;
  if (z === undefined) throw missingTag(instance, "Image Position (0020,0032) or Slice Location (0020,1041)");
  return z;
}

function firstPass(sorted: Instance[], findings: Finding[]): Instance[] {
  let passes = 1;
  while (passes < sorted.length && zOf(sorted[passes]!) === zOf(sorted[0]!)) passes++;
  if (passes === 1) return sorted;
  const byNumber = sorted.sort((a, b) => (a.instanceNumber ?? 0) - (b.instanceNumber ?? 0));
  const count = Math.floor(sorted.length / passes);
  findings.push({
    code: "repeated-passes",
    severity: "corrected",
    message: `Every position was scanned ${passes} times; the first pass by instance number was kept`,
    measured: `${sorted.length} images`,
    limit: `${count} positions`,
    files: byNumber.slice(count).map(({ source }) => source.name),
  });
  return sortByZ(byNumber.slice(0, count));
}

function checkSteps(slices: readonly Instance[], findings: Finding[]): void {
  const mean = (zOf(slices.at(-1)!) - zOf(slices[0]!)) / (slices.length - 1);
  let worst = 0;
  for (let k = 1; k < slices.length; k++) {
    const step = zOf(slices[k]!) - zOf(slices[k - 1]!);
    if (Math.abs(step - mean) > Math.abs(worst - mean) || k === 1) worst = step;
  }
  if (Math.abs(worst - mean) <= STEP_TOLERANCE * mean) return;
  findings.push({
    code: "uneven-spacing",
    severity: "warning",
    message: "The slices are not evenly spaced: some may be missing",
    measured: `a step of ${worst.toFixed(3)} mm`,
    limit: `${mean.toFixed(3)} mm ± ${STEP_TOLERANCE * 100} %`,
  });
}

function seriesAffine(slices: readonly Instance[], spacing: readonly [number, number], findings: Finding[]): Affine {
  const first = slices[0]!;
  const start = patientPosition(first);
  const end = patientPosition(slices.at(-1)!);
  const orientation = first.orientation ?? AXIAL;
  if (slices.some(({ position }) => position === undefined)) {
    findings.push({
      code: "missing-position",
      severity: "warning",
      message:
        "Image Position is missing: slices were placed by Slice Location, and x and y of the patient are unknown",
    });
  }
  if (first.orientation === undefined) {
    findings.push({
      code: "missing-orientation",
      severity: "warning",
      message: "Image Orientation is missing: axial slices of a patient lying on the back were assumed",
    });
  }
  const steps = slices.length - 1;
  const [rx, ry, rz, cx, cy, cz] = orientation;
  return affineFromSteps(
    start,
    [(end[0] - start[0]) / steps, (end[1] - start[1]) / steps, (end[2] - start[2]) / steps],
    [cx * spacing[0], cy * spacing[0], cz * spacing[0]],
    [rx * spacing[1], ry * spacing[1], rz * spacing[1]],
  );
}

function patientPosition(instance: Instance): Point {
  return instance.position ?? [0, 0, zOf(instance)];
}

function missingTag(instance: Instance, tag: string): PleuraError {
  return new PleuraError("missing-tag", `${tag} is missing`, { stage: "read", file: instance.source.name });
}
