import { type Kernels, kernels } from "../simd/kernels.ts";
import { BitVolume } from "../volume/bit-volume.ts";

/**
 * One 6-connected erosion. What lies outside the volume counts as false, as in scipy's
 * `binary_erosion`.
 *
 * @returns a new mask of the same shape
 */
export function erode(mask: BitVolume): BitVolume {
  const simd = kernels();
  if (simd !== undefined) return erodeWith(simd, mask);
  const out = new BitVolume(mask.shape);
  const [nz, ny] = mask.shape;
  const { words: a, wordsPerRow: n } = mask;
  const o = out.words;
  const plane = ny * n;
  for (let z = 1; z < nz - 1; z++) {
    for (let y = 1; y < ny - 1; y++) {
      const base = z * plane + y * n;
      let before = 0;
      let here = a[base]! | 0;
      for (let w = 0; w < n; w++) {
        const i = base + w;
        const after = w + 1 < n ? a[i + 1]! | 0 : 0;
        if (here !== 0) {
          o[i] =
            here &
            ((here << 1) | (before >>> 31)) &
            ((here >>> 1) | (after << 31)) &
            a[i - n]! &
            a[i + n]! &
            a[i - plane]! &
            a[i + plane]!;
        }
        before = here;
        here = after;
      }
    }
  }
  return out;
}

/**
 * 6-connected dilation, repeated: true wherever a true voxel lies within `iterations` steps along
 * the axes. Nothing grows outside the volume, as in scipy's `binary_dilation`.
 *
 * @param iterations - number of dilations, at least 0
 * @returns a new mask of the same shape
 */
export function dilate(mask: BitVolume, iterations = 1): BitVolume {
  if (iterations < 1) return mask.clone();
  const simd = kernels();
  if (simd !== undefined) return dilateWith(simd, mask, iterations);
  let from = mask.clone();
  let to = new BitVolume(mask.shape);
  for (let k = 0; k < iterations; k++) {
    dilateOnce(from, to);
    [from, to] = [to, from];
  }
  return from;
}

function dilateOnce(mask: BitVolume, out: BitVolume): void {
  const [nz, ny, nx] = mask.shape;
  const { words: a, wordsPerRow: n } = mask;
  const o = out.words;
  const plane = ny * n;
  const tail = -1 >>> ((32 - (nx & 31)) & 31);
  for (let z = 0; z < nz; z++) {
    // At a border the voxel's own row stands in for the missing one: or-ing it changes nothing.
    const down = z > 0 ? -plane : 0;
    const up = z + 1 < nz ? plane : 0;
    for (let y = 0; y < ny; y++) {
      const base = z * plane + y * n;
      const north = y > 0 ? -n : 0;
      const south = y + 1 < ny ? n : 0;
      let before = 0;
      let here = a[base]! | 0;
      for (let w = 0; w < n; w++) {
        const i = base + w;
        const after = w + 1 < n ? a[i + 1]! | 0 : 0;
        o[i] =
          here === -1
            ? here
            : here |
              (here << 1) |
              (before >>> 31) |
              (here >>> 1) |
              (after << 31) |
              a[i + north]! |
              a[i + south]! |
              a[i + down]! |
              a[i + up]!;
        before = here;
        here = after;
      }
      o[base + n - 1]! &= tail;
    }
  }
}

/** The same as {@link erode}, by kernels/morphology.ts. */
function erodeWith(simd: Kernels, mask: BitVolume): BitVolume {
  const [nz, ny, nx] = mask.shape;
  const words = putPadded(simd, mask);
  simd.run.erodeBits(words.mask, nz, ny, nx, words.a, words.b);
  return new BitVolume(mask.shape, new Uint32Array(simd.buffer, words.mask, mask.words.length).slice());
}

/** The same as {@link dilate}, by kernels/morphology.ts. */
function dilateWith(simd: Kernels, mask: BitVolume, iterations: number): BitVolume {
  const [nz, ny, nx] = mask.shape;
  const words = putPadded(simd, mask);
  simd.run.dilateBits(words.mask, nz, ny, nx, iterations, words.a, words.b);
  return new BitVolume(mask.shape, new Uint32Array(simd.buffer, words.mask, mask.words.length).slice());
}

function putPadded(simd: Kernels, mask: BitVolume): { mask: number; a: number; b: number } {
  simd.begin();
  const bytes = simd.run.paddedBytes(mask.shape[0], mask.shape[1], mask.wordsPerRow);
  const at = { mask: simd.put(mask.words), a: simd.reserve(bytes), b: simd.reserve(bytes) };
  new Uint8Array(simd.buffer, at.a, at.b + bytes - at.a).fill(0);
  return at;
}
