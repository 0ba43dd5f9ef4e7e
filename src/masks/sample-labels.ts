import { PleuraError } from "../errors.ts";
import { type Affine, composeAffine, indexToPatient, invertAffine } from "../volume/affine.ts";
import { BitVolume } from "../volume/bit-volume.ts";
import type { Triple } from "../volume/volume.ts";
import type { LabelImage } from "./label-image.ts";

/** A grid in the patient. */
export interface Grid {
  readonly shape: Triple;
  /** Index `[z, y, x]` → LPS, mm. */
  readonly affine: Affine;
}

/** Labels brought to a scan's grid. */
export interface SampledLabels {
  /** A mask for each group of labels, of the scan's shape. */
  readonly masks: readonly BitVolume[];
  /** Whether the two grids share their voxels, so that nothing was interpolated. */
  readonly aligned: boolean;
}

/** A scan may stick out of a mask's grid by this many of the mask's voxels: half of one is rounding. */
const OVERHANG = 1;
/** Share of the labelled volume that may be lost between the grids, by rounding at the borders. */
const LOST = 0.02;
/** Voxels whose centres lie closer than this, in voxels, are the same voxel. */
const SAME = 0.01;

/**
 * Brings groups of labels to a scan's grid: each voxel takes the label at the mask's voxel whose
 * centre is nearest.
 *
 * @param image - the mask
 * @param groups - labels of each group; a label belongs to one group at most
 * @param scan - the grid that is wanted
 * @param file - name of the mask, for messages
 * @throws PleuraError `mask-misfit` when the mask's grid does not cover the scan, or a part of the
 * labels lies outside the scan
 */
export function sampleLabels(
  image: LabelImage,
  groups: readonly (readonly number[])[],
  scan: Grid,
  file: string,
): SampledLabels {
  const toMask = composeAffine(scan.affine, invertAffine(image.affine));
  checkCover(image, scan, toMask, file);
  const groupOf = new Uint8Array(32768);
  groups.forEach((labels, g) => {
    for (const label of labels) groupOf[label] = g + 1;
  });
  const masks = groups.map(() => new BitVolume(scan.shape));
  const axes = separateAxes(toMask, image.shape, scan.shape);
  if (axes === undefined) sampleOblique(image, toMask, groupOf, masks);
  else sampleAligned(image, axes.offsets, groupOf, masks);
  checkLoss(image, groupOf, scan, masks, file);
  return { masks, aligned: axes?.aligned === true && isSameSize(image.shape, scan.shape, axes.order) };
}

/** Which voxel of the mask lies at a scan's index along each axis, as offsets into the mask's array. */
interface SeparateAxes {
  readonly offsets: readonly [z: Int32Array, y: Int32Array, x: Int32Array];
  /** For each axis of the scan, the mask's axis that runs along it. */
  readonly order: readonly [number, number, number];
  /** Whether every voxel of the scan has its centre where one of the mask has. */
  readonly aligned: boolean;
}

function separateAxes(toMask: Affine, mask: Triple, scan: Triple): SeparateAxes | undefined {
  const strides = [mask[1] * mask[2], mask[2], 1];
  const order = [0, 1, 2].map((s) => {
    const sizes = [0, 1, 2].map((m) => Math.abs(toMask[4 * m + s]!));
    return sizes.indexOf(Math.max(...sizes));
  }) as [number, number, number];
  if (new Set(order).size < 3) return undefined;
  for (const s of [0, 1, 2] as const) {
    for (const m of [0, 1, 2]) {
      if (m !== order[s] && Math.abs(toMask[4 * m + s]!) * (scan[s] - 1) > SAME) return undefined;
    }
  }
  let aligned = true;
  const offsets = ([0, 1, 2] as const).map((s) => {
    const m = order[s]!;
    const out = new Int32Array(scan[s]);
    for (let i = 0; i < out.length; i++) {
      const place = toMask[4 * m + s]! * i + toMask[4 * m + 3]!;
      const nearest = Math.round(place);
      if (Math.abs(place - nearest) > SAME) aligned = false;
      out[i] = Math.min(Math.max(nearest, 0), mask[m]! - 1) * strides[m]!;
    }
    return out;
  }) as [Int32Array, Int32Array, Int32Array];
  return { offsets, order, aligned };
}

function isSameSize(mask: Triple, scan: Triple, order: readonly number[]): boolean {
  return scan.every((n, s) => n === mask[order[s]!]);
}

function sampleAligned(
  { voxels }: LabelImage,
  [zs, ys, xs]: SeparateAxes["offsets"],
  groupOf: Uint8Array,
  masks: readonly BitVolume[],
): void {
  for (let z = 0; z < zs.length; z++) {
    for (let y = 0; y < ys.length; y++) {
      const start = zs[z]! + ys[y]!;
      for (let x = 0; x < xs.length; x++) {
        const label = voxels[start + xs[x]!]!;
        if (label !== 0 && groupOf[label] !== 0) masks[groupOf[label]! - 1]!.set(z, y, x);
      }
    }
  }
}

function sampleOblique(
  { voxels, shape }: LabelImage,
  m: Affine,
  groupOf: Uint8Array,
  masks: readonly BitVolume[],
): void {
  const [nz, ny, nx] = masks[0]!.shape;
  const nearest = (place: number, n: number) => Math.min(Math.max(Math.round(place), 0), n - 1);
  for (let z = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++) {
      const [a, b, c] = indexToPatient(m, [z, y, 0]);
      for (let x = 0; x < nx; x++) {
        const i = nearest(a + m[2] * x, shape[0]);
        const j = nearest(b + m[6] * x, shape[1]);
        const k = nearest(c + m[10] * x, shape[2]);
        const label = voxels[(i * shape[1] + j) * shape[2] + k]!;
        if (label !== 0 && groupOf[label] !== 0) masks[groupOf[label]! - 1]!.set(z, y, x);
      }
    }
  }
}

/** Refuses a mask whose grid does not reach to the scan's corners. */
function checkCover(image: LabelImage, { shape }: Grid, toMask: Affine, file: string): void {
  const steps = [0, 1, 2].map((i) => Math.hypot(image.affine[i]!, image.affine[4 + i]!, image.affine[8 + i]!));
  let [overhang, far] = [0, 0];
  for (let corner = 0; corner < 8; corner++) {
    const at = [0, 1, 2].map((i) => ((corner >> i) & 1) * (shape[i]! - 1)) as unknown as Triple;
    for (const [axis, place] of indexToPatient(toMask, at).entries()) {
      const beyond = Math.max(-place, place - (image.shape[axis]! - 1));
      overhang = Math.max(overhang, beyond);
      far = Math.max(far, beyond * steps[axis]!);
    }
  }
  if (!(overhang <= OVERHANG)) {
    throw misfit(
      file,
      "The lung mask does not cover the scan",
      `the scan reaches ${far.toFixed(1)} mm beyond it`,
      "one voxel",
    );
  }
}

/** Refuses a mask of which a part lies outside the scan. */
function checkLoss(
  { voxels, affine }: LabelImage,
  groupOf: Uint8Array,
  scan: Grid,
  masks: readonly BitVolume[],
  file: string,
): void {
  let labelled = 0;
  for (let i = 0; i < voxels.length; i++) if (voxels[i] !== 0 && groupOf[voxels[i]!] !== 0) labelled++;
  const before = labelled * voxelSize(affine);
  const after = masks.reduce((sum, mask) => sum + mask.count(), 0) * voxelSize(scan.affine);
  if (before > 0 && after < (1 - LOST) * before) {
    throw misfit(
      file,
      "A part of the lung mask lies outside the scan",
      `${(100 * (1 - after / before)).toFixed(1)} % of the lungs`,
      `at most ${100 * LOST} %`,
    );
  }
}

function misfit(file: string, what: string, measured: string, limit: string): PleuraError {
  return new PleuraError("mask-misfit", what, {
    stage: "lungs",
    file,
    measured,
    limit,
    hint: "Give the mask that was made of this scan, with the scan's own position and directions",
  });
}

/** Volume of a voxel, mm³. */
function voxelSize(m: Affine): number {
  const [a, b, c, , d, e, f, , g, h, i] = m;
  return Math.abs(a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g));
}
