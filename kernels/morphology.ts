// Dilation and erosion of src/ops/morphology.ts, four words an instruction.
//
// The words of a mask are laid out with a word of zeros behind each row, a row of zeros behind each
// plane and a plane of zeros at either end. So each word's six neighbours lie at fixed distances,
// and one flat loop serves rows, planes and volume.

/** Bytes of a mask in that layout, with room for a vector more. */
export function paddedBytes(nz: i32, ny: i32, words: i32): i32 {
  return (nz + 2) * (ny + 1) * (words + 1) * 4 + 32;
}

/**
 * Repeats a 6-connected dilation.
 *
 * @param mask - int32[nz * ny * words]; receives the result
 * @param a - scratch of paddedBytes, zeros
 * @param b - the same
 */
export function dilateBits(mask: usize, nz: i32, ny: i32, nx: i32, iterations: i32, a: usize, b: usize): void {
  const words = (nx + 31) >>> 5;
  unpack(mask, nz, ny, words, a + 16);
  let from = a + 16;
  let to = b + 16;
  for (let k = 0; k < iterations; k++) {
    dilateOnce(from, to, nz, ny, nx);
    const other = from;
    from = to;
    to = other;
  }
  repack(from, nz, ny, words, mask);
}

/** One 6-connected erosion; parameters as for dilateBits. */
export function erodeBits(mask: usize, nz: i32, ny: i32, nx: i32, a: usize, b: usize): void {
  const words = (nx + 31) >>> 5;
  unpack(mask, nz, ny, words, a + 16);
  erodeOnce(a + 16, b + 16, nz, ny, words);
  repack(b + 16, nz, ny, words, mask);
}

function dilateOnce(a: usize, o: usize, nz: i32, ny: i32, nx: i32): void {
  const words = (nx + 31) >>> 5;
  const row = (<usize>(words + 1)) << 2;
  const plane = row * (ny + 1);
  const end = a + plane * (nz + 1);
  const shift = o - a;
  for (let i = a + plane; i < end; i += 16) {
    const here = v128.load(i);
    let out = v128.or(here, v128.or(i32x4.shl(here, 1), i32x4.shr_u(here, 1)));
    out = v128.or(out, v128.or(i32x4.shr_u(v128.load(i - 4), 31), i32x4.shl(v128.load(i + 4), 31)));
    out = v128.or(out, v128.or(v128.load(i - row), v128.load(i + row)));
    out = v128.or(out, v128.or(v128.load(i - plane), v128.load(i + plane)));
    v128.store(i + shift, out);
  }
  // What grew into the padding is taken back.
  const tail = -1 >>> ((32 - (nx & 31)) & 31);
  for (let z = 1; z <= nz; z++) {
    const base = o + plane * z;
    for (let y = 0; y < ny; y++) {
      const last = base + row * (y + 1) - 8;
      store<i32>(last, load<i32>(last) & tail);
      store<i32>(last + 4, 0);
    }
    memory.fill(base + row * ny, 0, row);
  }
  memory.fill(o + plane * (nz + 1), 0, plane);
}

function erodeOnce(a: usize, o: usize, nz: i32, ny: i32, words: i32): void {
  const row = (<usize>(words + 1)) << 2;
  const plane = row * (ny + 1);
  const end = a + plane * (nz + 1);
  const shift = o - a;
  for (let i = a + plane; i < end; i += 16) {
    const here = v128.load(i);
    let out = v128.and(here, v128.or(i32x4.shl(here, 1), i32x4.shr_u(v128.load(i - 4), 31)));
    out = v128.and(out, v128.or(i32x4.shr_u(here, 1), i32x4.shl(v128.load(i + 4), 31)));
    out = v128.and(out, v128.and(v128.load(i - row), v128.load(i + row)));
    out = v128.and(out, v128.and(v128.load(i - plane), v128.load(i + plane)));
    v128.store(i + shift, out);
  }
}

function unpack(mask: usize, nz: i32, ny: i32, words: i32, to: usize): void {
  const bytes = (<usize>words) << 2;
  for (let z = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++) {
      memory.copy(to + ((z + 1) * (ny + 1) + y) * (bytes + 4), mask + (z * ny + y) * bytes, bytes);
    }
  }
}

function repack(from: usize, nz: i32, ny: i32, words: i32, mask: usize): void {
  const bytes = (<usize>words) << 2;
  for (let z = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++) {
      memory.copy(mask + (z * ny + y) * bytes, from + ((z + 1) * (ny + 1) + y) * (bytes + 4), bytes);
    }
  }
}
