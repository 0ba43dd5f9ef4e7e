import type { LidcMark, LidcRoi } from "./parse-lidc.ts";

/** The pixels of a mark: by slice position, numbers of pixels as `row · ROW + column`. */
export type Region = ReadonlyMap<number, ReadonlySet<number>>;

/** More columns than any slice has. */
export const ROW = 1 << 16;

/**
 * The pixels that a reader's outlines enclose.
 *
 * An outline runs through the first pixels outside of the nodule, so that they do not belong to it;
 * only where it encloses none the nodule is the outline itself. Of several outlines on a slice, the
 * excluded ones are cut out of the others.
 *
 * Source: https://wiki.cancerimagingarchive.net/display/Public/LIDC-IDRI (XML documentation).
 */
export function regionOf({ rois }: Pick<LidcMark, "rois">): Region {
  const region = new Map<number, Set<number>>();
  for (const roi of rois.filter(({ inclusion }) => inclusion)) {
    const own = region.get(roi.z) ?? new Set<number>();
    const inside = enclosed(roi);
    for (const pixel of inside.length > 0 ? inside : outline(roi)) own.add(pixel);
    region.set(roi.z, own);
  }
  for (const roi of rois.filter(({ inclusion }) => !inclusion)) {
    for (const pixel of enclosed(roi)) region.get(roi.z)?.delete(pixel);
  }
  return region;
}

function outline({ points }: LidcRoi): number[] {
  return points.map(([x, y]) => y * ROW + x);
}

/** Pixels strictly inside of an outline: those whose centres a ray to the right crosses it an odd number of times. */
function enclosed(roi: LidcRoi): number[] {
  const { points } = roi;
  const border = new Set(outline(roi));
  const inside: number[] = [];
  const ys = points.map(([, y]) => y);
  for (let y = Math.min(...ys); y <= Math.max(...ys); y++) {
    const crossings: number[] = [];
    for (const [i, [x1, y1]] of points.entries()) {
      const [x2, y2] = points[(i + 1) % points.length]!;
      // Half open, so that a corner on the row counts once.
      if (y1 > y !== y2 > y) crossings.push(x1 + ((y - y1) * (x2 - x1)) / (y2 - y1));
    }
    crossings.sort((a, b) => a - b);
    for (let c = 0; c + 1 < crossings.length; c += 2) {
      for (let x = Math.ceil(crossings[c]!); x <= crossings[c + 1]!; x++) {
        if (!border.has(y * ROW + x)) inside.push(y * ROW + x);
      }
    }
  }
  return inside;
}

/** Pixels that two regions share, over the mean of their sizes: 1 for equal ones, 0 for those that do not touch. */
export function overlap(a: Region, b: Region): number {
  let shared = 0;
  for (const [z, pixels] of a) {
    const others = b.get(z);
    if (others !== undefined) for (const pixel of pixels) if (others.has(pixel)) shared++;
  }
  return (2 * shared) / (pixelsOf(a) + pixelsOf(b));
}

/** Number of pixels. */
export function pixelsOf(region: Region): number {
  let sum = 0;
  for (const pixels of region.values()) sum += pixels.size;
  return sum;
}
