/** `COSINES[8 u + x]`: the share of frequency u at place x, with its norm. */
const COSINES = Float64Array.from({ length: 64 }, (_, i) => {
  const u = i >> 3;
  const x = i & 7;
  return (u === 0 ? Math.SQRT1_2 : 1) * 0.5 * Math.cos(((2 * x + 1) * u * Math.PI) / 16);
});

const half = new Float64Array(64);

/**
 * The inverse discrete cosine transform of an 8 × 8 block, in place and in double precision
 * (ITU-T T.81, A.3.3).
 */
export function inverseDct(block: Float64Array): void {
  for (let v = 0; v < 8; v++) {
    for (let x = 0; x < 8; x++) {
      let sum = 0;
      for (let u = 0; u < 8; u++) sum += block[8 * v + u]! * COSINES[8 * u + x]!;
      half[8 * v + x] = sum;
    }
  }
  for (let x = 0; x < 8; x++) {
    for (let y = 0; y < 8; y++) {
      let sum = 0;
      for (let v = 0; v < 8; v++) sum += half[8 * v + x]! * COSINES[8 * v + y]!;
      block[8 * y + x] = sum;
    }
  }
}
