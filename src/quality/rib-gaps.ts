import { type CoarseScan, LEFT, RIGHT } from "./coarse-scan.ts";
import type { LungExtent } from "./lung-extents.ts";

/** What lies between a part of a lung and the ribs. */
export interface RibGap {
  /** Mean distance, mm. */
  readonly mean: number;
  /** Share of directions in which the distance is more than 16 mm, 0 to 1. */
  readonly far: number;
  /** Share of what lies within the ribs, on the outer side, that is not lung. */
  readonly tissue: number;
}

/** Between one lung and the ribs: `undefined` where no rib is in view. */
export interface RibGaps {
  /** The middle third of the lung's height, all directions. */
  readonly middle: RibGap;
  /** The lowest third, at the back, where a healthy lung reaches down behind the diaphragm. */
  readonly baseAtBack: RibGap;
}

const BONE_ABOVE = 180;
/** Ribs are looked for this far above and below a slice: they run aslant, with gaps between them. */
const RIB_SPAN_MM = 20;
const FAR_MM = 16;
const DIRECTIONS = 36;
/** Directions that count, from the front to the back; those of the back begin at `BACK`. */
const [FIRST, BACK, END] = [3, 23, 33];
const NONE = 1e6;

/**
 * Measures from the outer edge of a lung to the nearest rib, away from the lung's middle: in 36 directions from
 * the front round the outer side to the back, the sixth parts next to the breastbone and the spine left out.
 */
export function ribGaps(
  { shape, spacing, hu, region, lungCells }: CoarseScan,
  side: number,
  { centre, low, high }: LungExtent,
): RibGaps | undefined {
  const [nz, ny, nx] = shape;
  const { radius, direction } = polarTable(shape, spacing, centre, side);
  const size = ny * nx;
  const lung = new Float32Array(nz * DIRECTIONS);
  for (const i of lungCells) {
    const z = (i / size) | 0;
    const p = i - z * size;
    if (region[i] !== side || z < low || z > high || direction[p]! < 0) continue;
    const at = z * DIRECTIONS + direction[p]!;
    if (radius[p]! > lung[at]!) lung[at] = radius[p]!;
  }
  const span = Math.max(1, Math.round(RIB_SPAN_MM / spacing[0]));
  const third = (high - low + 1) / 3;
  const bone = new Float32Array(nz * DIRECTIONS).fill(NONE);
  // Only the slices are looked at in which a rib is looked for below.
  const top = Math.min(nz - 1, Math.ceil(low + 2 * third) + span);
  for (let z = Math.max(0, low - span), i = z * size; z <= top; z++) {
    for (let p = 0; p < size; p++, i++) {
      if (hu[i]! < BONE_ABOVE || direction[p]! < 0 || region[i] === RIGHT || region[i] === LEFT) continue;
      const at = z * DIRECTIONS + direction[p]!;
      if (radius[p]! < lung[at]! - spacing[2] || radius[p]! < 20) continue;
      if (radius[p]! < bone[at]!) bone[at] = radius[p]!;
    }
  }
  const [middle, baseAtBack] = [new Tally(), new Tally()];
  for (let z = low; z < low + 2 * third; z++) {
    const isBase = z < low + third;
    for (let d = isBase ? BACK : FIRST; d < END; d++) {
      let rib = NONE;
      for (let k = Math.max(0, z - span); k <= Math.min(nz - 1, z + span); k++) {
        rib = Math.min(rib, bone[k * DIRECTIONS + d]!);
      }
      if (rib !== NONE) (isBase ? baseAtBack : middle).add(lung[z * DIRECTIONS + d]!, rib);
    }
  }
  const gaps = { middle: middle.gap(), baseAtBack: baseAtBack.gap() };
  return gaps.middle === undefined || gaps.baseAtBack === undefined
    ? undefined
    : { middle: gaps.middle, baseAtBack: gaps.baseAtBack };
}

class Tally {
  private count = 0;
  private sum = 0;
  private far = 0;
  private lungArea = 0;
  private ribArea = 0;

  add(lung: number, rib: number): void {
    const gap = Math.max(0, rib - lung);
    this.count++;
    this.sum += gap;
    if (gap > FAR_MM) this.far++;
    this.lungArea += Math.min(lung, rib) ** 2;
    this.ribArea += rib ** 2;
  }

  gap(): RibGap | undefined {
    const { count } = this;
    return count === 0
      ? undefined
      : { mean: this.sum / count, far: this.far / count, tissue: 1 - this.lungArea / this.ribArea };
  }
}

/** Distance from the middle, and direction, of each place of a slice; −1 on the inner side of the lung. */
function polarTable(
  [, ny, nx]: CoarseScan["shape"],
  [, mmY, mmX]: CoarseScan["spacing"],
  [, cy, cx]: LungExtent["centre"],
  side: number,
): { radius: Float32Array; direction: Int8Array } {
  const radius = new Float32Array(ny * nx);
  const direction = new Int8Array(ny * nx);
  const outwards = side === RIGHT ? -1 : side === LEFT ? 1 : 0;
  for (let y = 0, p = 0; y < ny; y++) {
    for (let x = 0; x < nx; x++, p++) {
      const dy = (y - cy) * mmY;
      const dx = (x - cx) * mmX * outwards;
      radius[p] = Math.hypot(dy, dx);
      direction[p] = dx < 0 ? -1 : Math.min(DIRECTIONS - 1, Math.floor((Math.atan2(dx, -dy) / Math.PI) * DIRECTIONS));
    }
  }
  return { radius, direction };
}
