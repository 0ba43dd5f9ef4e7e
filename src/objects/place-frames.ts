import type { Orientation } from "../dicom/instance.ts";
import { dot, length, minus, planeNormal, scale } from "../dicom/plane-geometry.ts";
import { PleuraError } from "../errors.ts";
import { affineFromSteps, indexToPatient, invertAffine, type Point } from "../volume/affine.ts";
import type { Triple } from "../volume/volume.ts";
import { checkVolumeBytes } from "../volume/volume-bytes.ts";
import type { ReadSeg, SegFrame } from "./read-seg.ts";
import {
  type ImageStack,
  imageStack,
  nearestImage,
  onImage,
  type PlacedImage,
  type TargetScan,
} from "./scan-images.ts";
import { type PlacedLabels, toScanGrid } from "./to-scan-grid.ts";

/** Labels of a SEG's frames, where the scan can use them. */
export interface PlacedFrames extends PlacedLabels {
  /** Pixels that are in several of the segments; they have the last one's label. */
  readonly overlap: number;
}

/** Pixels whose centres lie closer than this are the same pixel, in pixels; along the normal in slices. */
const SAME = 0.05;
/** Frames of a grid of their own lie at whole steps within this share of one. */
const EVEN = 0.05;

/**
 * Paints some of a SEG's segments: on the scan's own images, where the frames lie on them, or else on the frames' own grid, which
 * is made to cover the scan.
 *
 * @param wanted - numbers of the segments; a label is its segment's number
 * @param file - for messages
 * @throws PleuraError `mask-misfit` when the frames make no grid, `missing-tag` when they do not say where they lie, `too-large`
 */
export async function placeFrames(
  { frames }: ReadSeg,
  wanted: ReadonlySet<number>,
  scan: TargetScan,
  file: string,
): Promise<PlacedFrames> {
  const stack = imageStack(scan);
  const placed = frames.map((frame) => ({ frame, ...placeOf(frame, scan, stack, file) }));
  const slices = placed.map(({ image, frame }) => sliceOf(image, frame, stack));
  const painter = new Painter(wanted);
  if (!slices.includes(undefined) && isDense(slices as number[])) {
    const labels = new Int16Array(stack.images.length * stack.rows * stack.columns);
    const size = stack.rows * stack.columns;
    for (const [i, { frame }] of placed.entries()) {
      await painter.paint(frame, labels.subarray(slices[i]! * size, (slices[i]! + 1) * size));
    }
    return { ...toScanGrid(labels, scan, stack), overlap: painter.overlap };
  }
  const grid = gridOf(placed, scan, file);
  checkVolumeBytes(grid.shape, undefined, file);
  const [, ny, nx] = grid.shape;
  const voxels = new Int16Array(grid.shape[0] * ny * nx);
  for (const [i, { frame }] of placed.entries()) {
    const { rows, columns } = frame.instance;
    const plane = new Int16Array(rows * columns);
    const z = grid.slices[i]!;
    // Frames of several segments may lie on one plane.
    const rowOf = (r: number) => (z * ny + r + grid.before[1]) * nx + grid.before[2];
    for (let r = 0; r < rows; r++) plane.set(voxels.subarray(rowOf(r), rowOf(r) + columns), r * columns);
    await painter.paint(frame, plane);
    for (let r = 0; r < rows; r++) voxels.set(plane.subarray(r * columns, (r + 1) * columns), rowOf(r));
  }
  const image = { voxels, shape: grid.shape, affine: grid.affine, oriented: true };
  return { image, exact: true, overlap: painter.overlap };
}

/**
 * Whether frames lie on neighbouring images somewhere. Those of a thicker series may lie on every fourth image of this one: what is
 * between them is not empty.
 */
function isDense(slices: readonly number[]): boolean {
  const used = [...new Set(slices)].sort((a, b) => a - b);
  return used.length < 2 || used.some((slice, i) => i > 0 && slice - used[i - 1]! === 1);
}

class Painter {
  overlap = 0;

  constructor(private readonly wanted: ReadonlySet<number>) {}

  async paint(frame: SegFrame, plane: Int16Array): Promise<void> {
    await frame.visit((pixel, segment) => {
      if (!this.wanted.has(segment)) return;
      if (plane[pixel] !== 0 && plane[pixel] !== segment) this.overlap++;
      plane[pixel] = segment;
    });
  }
}

/** Where a frame lies: as it states, or as the image of the scan that it was made of. */
function placeOf(
  { instance, source }: SegFrame,
  { origin }: TargetScan,
  stack: ImageStack,
  file: string,
): { readonly image: PlacedImage } {
  const { position, orientation, pixelSpacing } = instance;
  if (position !== undefined && orientation !== undefined && pixelSpacing !== undefined) {
    return { image: { position, orientation, pixelSpacing } };
  }
  const k =
    source === undefined
      ? -1
      : (origin?.images ?? []).findIndex(
          (image) => image.sopInstance === source.sopInstance && image.frame === source.frame,
        );
  if (k >= 0) return { image: stack.images[k]! };
  throw new PleuraError("missing-tag", "Frames of the SEG do not say where they lie", {
    stage: "lungs",
    file,
    measured: `frame ${instance.frame + 1}`,
    limit: "position, orientation and pixel spacing, or an image of this scan that it was made of",
  });
}

/** Index of the scan's image on whose pixels a frame lies; `undefined` when there is none. */
function sliceOf(image: PlacedImage, { instance }: SegFrame, stack: ImageStack): number | undefined {
  const { rows, columns } = instance;
  if (rows !== stack.rows || columns !== stack.columns) return undefined;
  const place = dot(image.position, stack.normal);
  const k = nearestImage(stack, place);
  const step = Math.abs(stack.at.at(-1)! - stack.at[0]!) / Math.max(1, stack.at.length - 1);
  const corners = [
    [0, 0],
    [rows - 1, 0],
    [0, columns - 1],
  ] as const;
  const isSame = corners.every(([r, c]) => {
    const point = pixelAt(image, r, c);
    const [row, column] = onImage(stack.images[k]!, point);
    const off = Math.abs(dot(minus(point, stack.images[k]!.position), stack.normal));
    return Math.abs(row - r) < SAME && Math.abs(column - c) < SAME && off < SAME * step;
  });
  return isSame ? k : undefined;
}

function pixelAt(image: PlacedImage, row: number, column: number): Point {
  const [rx, ry, rz, cx, cy, cz] = image.orientation;
  const [dr, dc] = image.pixelSpacing;
  const [x, y, z] = image.position;
  return [
    x + rx * dc * column + cx * dr * row,
    y + ry * dc * column + cy * dr * row,
    z + rz * dc * column + cz * dr * row,
  ];
}

interface OwnGrid {
  readonly shape: Triple;
  readonly affine: ReturnType<typeof affineFromSteps>;
  /** Index of each frame's plane. */
  readonly slices: readonly number[];
  /** How many voxels were added in front of the frames' own, so that the scan is covered. */
  readonly before: Triple;
}

/** The even grid that the frames make, with empty planes where there are no frames. */
function gridOf(
  placed: readonly { readonly frame: SegFrame; readonly image: PlacedImage }[],
  scan: TargetScan,
  file: string,
): OwnGrid {
  const first = placed[0]!.image;
  const { rows, columns } = placed[0]!.frame.instance;
  const normal = planeNormal(first.orientation);
  const uneven = (measured: string): PleuraError =>
    new PleuraError("mask-misfit", "The frames of the SEG lie neither on the scan's images nor on an even grid", {
      stage: "lungs",
      file,
      measured,
      hint: "Give the lung mask as NIfTI on the scan's grid",
    });
  const same = (a: readonly number[], b: readonly number[], by: number) =>
    a.every((value, i) => Math.abs(value - b[i]!) <= by);
  for (const { image, frame } of placed) {
    const { instance } = frame;
    if (
      instance.rows !== rows ||
      instance.columns !== columns ||
      !same(image.orientation, first.orientation as Orientation, 1e-4) ||
      !same(image.pixelSpacing, first.pixelSpacing, 1e-4)
    ) {
      throw uneven("frames of several sizes, directions or pixel spacings");
    }
  }
  const at = placed.map(({ image }) => dot(image.position, normal));
  const planes = [...new Set(at.map((place) => Math.round(place * 1000) / 1000))].sort((a, b) => a - b);
  const steps = planes.slice(1).map((place, i) => place - planes[i]!);
  const thickness = placed[0]!.frame.instance.sliceThickness ?? 1;
  const step = steps.length === 0 ? thickness : Math.min(...steps);
  const slices = at.map((place) => (place - planes[0]!) / step);
  const lowest = placed[at.indexOf(Math.min(...at))]!.image;
  const off = slices.find((place) => Math.abs(place - Math.round(place)) > EVEN * Math.max(1, place / 20));
  if (off !== undefined) throw uneven(`a frame ${off.toFixed(2)} steps of ${step.toFixed(3)} mm above the lowest one`);
  const highest = Math.max(...slices.map(Math.round));
  const reach = placed[at.indexOf(Math.max(...at))]!.image;
  // The way from plane to plane, which for a tilted stack does not stand at a right angle.
  const way = highest === 0 ? scale(normal, step) : scale(minus(reach.position, lowest.position), 1 / highest);
  const [rx, ry, rz, cx, cy, cz] = first.orientation;
  const row = scale([cx, cy, cz], first.pixelSpacing[0]);
  const column = scale([rx, ry, rz], first.pixelSpacing[1]);
  for (const [i, { image }] of placed.entries()) {
    const shift = minus(image.position, minus(lowest.position, scale(way, -Math.round(slices[i]!))));
    if (length(shift) > EVEN * Math.max(step, first.pixelSpacing[0])) throw uneven("planes that are shifted");
  }
  const affine = affineFromSteps(lowest.position, way, row, column);
  return covering(
    { shape: [highest + 1, rows, columns], affine, slices: slices.map(Math.round), before: [0, 0, 0] },
    scan,
  );
}

/** Adds empty voxels until the scan's corners lie within the grid. */
function covering(grid: OwnGrid, { shape, affine }: TargetScan): OwnGrid {
  const toGrid = invertAffine(grid.affine);
  const low = [0, 0, 0];
  const high = grid.shape.map((n) => n - 1);
  for (let corner = 0; corner < 8; corner++) {
    const at = [0, 1, 2].map((i) => ((corner >> i) & 1) * (shape[i]! - 1)) as unknown as Triple;
    const place = indexToPatient(toGrid, indexToPatient(affine, at) as unknown as Triple);
    for (const [axis, index] of place.entries()) {
      low[axis] = Math.min(low[axis]!, Math.floor(index));
      high[axis] = Math.max(high[axis]!, Math.ceil(index));
    }
  }
  const [bz, by, bx] = low.map((n) => -n) as [number, number, number];
  const origin = indexToPatient(grid.affine, [-bz, -by, -bx]);
  const column = (axis: number): Point => [grid.affine[axis]!, grid.affine[4 + axis]!, grid.affine[8 + axis]!];
  return {
    shape: [0, 1, 2].map((i) => high[i]! - low[i]! + 1) as unknown as Triple,
    affine: affineFromSteps(origin, column(0), column(1), column(2)),
    slices: grid.slices.map((z) => z + bz),
    before: [bz, by, bx],
  };
}
