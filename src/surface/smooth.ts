/** Steps of Taubin's filter: one that smooths, one that swells by what the first has shrunk. */
const SMOOTH = 0.5;
const SWELL = -0.53;

/**
 * Smooths the corners of a surface without shrinking it: each moves towards the mean of its
 * neighbours and, a little more, away again.
 *
 * Source: G. Taubin, "A signal processing approach to fair surface design", SIGGRAPH 1995.
 *
 * @param corners - three coordinates each; changed in place
 * @param faces - four corners each
 * @param rounds - pairs of steps
 */
export function smooth(corners: Float32Array, faces: Uint32Array, rounds: number): void {
  const count = new Uint16Array(corners.length / 3);
  for (let i = 0; i < faces.length; i++) count[faces[i]!]! += 2;
  const sums = new Float32Array(corners.length);
  for (let round = 0; round < 2 * rounds; round++) {
    sums.fill(0);
    for (let i = 0; i < faces.length; i++) {
      const a = 3 * faces[i]!;
      const b = 3 * faces[(i & ~3) | ((i + 1) & 3)]!;
      for (let k = 0; k < 3; k++) {
        sums[a + k]! += corners[b + k]!;
        sums[b + k]! += corners[a + k]!;
      }
    }
    const step = round % 2 === 0 ? SMOOTH : SWELL;
    for (let i = 0; i < corners.length; i++) {
      const neighbours = count[Math.floor(i / 3)]!;
      corners[i]! += step * (sums[i]! / neighbours - corners[i]!);
    }
  }
}
