import { counted } from "../counted.ts";
import { PleuraError } from "../errors.ts";
import { type Affine, affineFromSteps, type Point } from "../volume/affine.ts";
import type { Triple } from "../volume/volume.ts";
import { checkOrder } from "./check-order.ts";
import { checkOrientation } from "./check-orientation.ts";
import { checkSteps } from "./check-steps.ts";
import { type Finding, filesOf } from "./findings.ts";
import type { Instance } from "./instance.ts";
import { type OrderedSlices, orderSlices } from "./order-slices.ts";
import { AXIAL, columnDirection, minus, rowDirection, scale } from "./plane-geometry.ts";
import type { Stack } from "./stack.ts";

/** A stack in the order of its slices, the grid that they make, and what is odd about it. */
export interface Series {
  readonly seriesUid: string;
  readonly seriesNumber: number | undefined;
  /** One instance a slice, ascending towards the head (or the back, or the left). */
  readonly slices: readonly Instance[];
  /** Distance of each slice along the stack's normal, millimetres. */
  readonly positions: readonly number[];
  /** Images at doubled positions that were not kept, with the number of the slice that was. */
  readonly doubles: OrderedSlices["doubles"];
  readonly shape: Triple;
  /** Millimetres, each rounded to single precision as the published code keeps it. */
  readonly spacing: Triple;
  /** Of the slices as they are stored; those of a tilted stack do not stand at a right angle. */
  readonly affine: Affine;
  /** Whether the slices lie at even distances. */
  readonly even: boolean;
  /** Also those that are fatal: whoever reads the series has to refuse it for them. */
  readonly findings: readonly Finding[];
}

/**
 * Puts a stack's instances in the order of their slices, one for each position, and measures the
 * grid that they make.
 *
 * The slice distance is that of the first two slices, as in the published code, or the usual one
 * where slices are not evenly spaced; the affine's slice step is the mean over the series.
 *
 * @throws PleuraError `single-slice` when there are not two positions, `missing-tag` when the pixel
 * spacing is missing or neither position nor slice location say where an instance lies
 */
export function assembleSeries(stack: Stack): Series {
  const { instances, normal } = stack;
  const ordered = orderSlices(instances, normal);
  if (ordered === undefined) throw missingTag(stack, "Image Position (0020,0032) or Slice Location (0020,1041)");
  const { slices, positions } = ordered;
  const first = slices[0]!;
  if (slices.length < 2) {
    throw new PleuraError("single-slice", "One slice is not a volume", {
      stage: "read",
      file: first.source.name,
      measured: counted(slices.length, "slice"),
      limit: "at least 2 slices",
    });
  }
  const { pixelSpacing } = first;
  if (pixelSpacing === undefined) throw missingTag(stack, "Pixel Spacing (0028,0030)");
  const steps = checkSteps(ordered);
  const step = steps.even ? Math.abs(positions[0]! - positions[1]!) : steps.usual;
  return {
    seriesUid: stack.seriesUid,
    seriesNumber: stack.seriesNumber,
    slices,
    positions,
    doubles: ordered.doubles,
    shape: [slices.length, first.rows, first.columns],
    spacing: [Math.fround(step), Math.fround(pixelSpacing[0]), Math.fround(pixelSpacing[1])],
    affine: storedAffine(slices, positions, pixelSpacing),
    even: steps.even,
    findings: [
      ...ordered.findings,
      ...steps.findings,
      ...checkOrder(slices),
      ...checkOrientation(stack, slices),
      ...checkHeaders(slices),
    ],
  };
}

function storedAffine(
  slices: readonly Instance[],
  positions: readonly number[],
  pixelSpacing: readonly [number, number],
): Affine {
  const { orientation = AXIAL } = slices[0]!;
  const place = (k: number): Point => slices[k]!.position ?? [0, 0, positions[k]!];
  const last = slices.length - 1;
  return affineFromSteps(
    place(0),
    scale(minus(place(last), place(0)), 1 / last),
    scale(columnDirection(orientation), pixelSpacing[0]),
    scale(rowDirection(orientation), pixelSpacing[1]),
  );
}

/** What headers lack, and what they say about the pixels. */
function checkHeaders(slices: readonly Instance[]): Finding[] {
  const findings: Finding[] = [];
  const warn = (code: Finding["code"], message: string, concerned: readonly Instance[]): void => {
    if (concerned.length === 0) return;
    const measured = `${concerned.length} of ${counted(slices.length, "slice")}`;
    findings.push({ code, severity: "warning", message, measured, files: filesOf(concerned) });
  };
  warn(
    "missing-position",
    "Image Position is missing: slices were placed by Slice Location, and where they lie in x and y is not known",
    slices.filter(({ position }) => position === undefined),
  );
  warn(
    "missing-orientation",
    "Image Orientation is missing: axial slices of a patient lying on the back were assumed",
    slices.filter(({ orientation }) => orientation === undefined),
  );
  warn(
    "missing-rescale",
    "Rescale Slope or Intercept is missing: 1 and 0 were taken",
    slices.filter(({ slope, intercept }) => slope === undefined || intercept === undefined),
  );
  warn(
    "lossy-compression",
    "The pixels were compressed with loss: values may be off by more than noise",
    slices.filter(({ lossy }) => lossy),
  );
  const rescales = new Set(slices.map(({ slope, intercept }) => `${slope} and ${intercept}`));
  if (rescales.size > 1) {
    findings.push({
      code: "mixed-rescale",
      severity: "warning",
      message: "Slices have different Rescale Slopes or Intercepts: each was read with its own",
      measured: `${counted(rescales.size, "pair")}: ${[...rescales].slice(0, 3).join("; ")}${rescales.size > 3 ? "; …" : ""}`,
      limit: "one pair",
    });
  }
  const layouts = new Set(slices.map(layoutOf));
  if (layouts.size > 1) {
    findings.push({
      code: "mixed-bits",
      severity: "warning",
      message: "Slices store their values in different bits: each was read with its own",
      measured: `${counted(layouts.size, "layout")}: ${[...layouts].slice(0, 3).join("; ")}${layouts.size > 3 ? "; …" : ""}`,
      limit: "one layout",
    });
  }
  return findings;
}

/** Bits Stored, High Bit and Pixel Representation in words. */
function layoutOf({ bitsStored, highBit, signed }: Instance): string {
  return `${bitsStored} bits up to bit ${highBit}, ${signed ? "signed" : "unsigned"}`;
}

function missingTag(stack: Stack, tag: string): PleuraError {
  return new PleuraError("missing-tag", `${tag} is missing`, {
    stage: "read",
    file: stack.instances[0]!.source.name,
  });
}
