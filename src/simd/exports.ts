// Made by scripts/build-kernels.mjs from kernels/; do not edit.

/** The functions of the SIMD module; pointers are byte offsets in its memory. What they do is told in kernels/. */
export interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  /** kernels/bits.ts */
  boundsOf(words: number, planes: number, rowsPerPlane: number, wordsPerRow: number, columns: number, bounds: number): void;
  /** kernels/bits.ts */
  countBits(words: number, count: number): number;
  /** kernels/bits.ts */
  orBits(into: number, words: number, count: number): void;
  /** kernels/components.ts */
  clearReaching(start: number, end: number, rowStart: number, planes: number, rowsPerPlane: number, root: number, z0: number, z1: number, y0: number, y1: number, x0: number, x1: number, flags: number): void;
  /** kernels/components.ts */
  componentSizes(start: number, end: number, root: number, count: number, sizes: number): void;
  /** kernels/components.ts */
  drawRuns(start: number, end: number, rowStart: number, rows: number, root: number, wanted: number, words: number, wordsPerRow: number): void;
  /** kernels/components.ts */
  labelComponents(start: number, end: number, rowStart: number, planes: number, rowsPerPlane: number, inPlane: number, straight: number, diagonal: number, parent: number): void;
  /** kernels/components.ts */
  sumMoments(start: number, end: number, rowStart: number, planes: number, rowsPerPlane: number, root: number, place: number, roots: number, sums: number): number;
  /** kernels/convex-hull.ts */
  fillHulls(mask: number, planes: number, rows: number, wordsPerRow: number, maxRatio: number, scratch: number): void;
  /** kernels/feature-transform.ts */
  columnsOf(mask: number, nz: number, ny: number, words: number, columns: number, block: number): void;
  /** kernels/feature-transform.ts */
  decidePlane(sites: number, nz: number, ny: number, nx: number, z: number, reachY: number, reachX: number, start: number, end: number, rowStart: number, spacing: number, scratch: number, first: number, second: number): void;
  /** kernels/growing-bodies.ts */
  growBodies(bodies: number, start: number, end: number, rowStart: number, from: number, to: number, ny: number, nx: number, spacing: number): void;
  /** kernels/label-map.ts */
  mergeLabels(labels: number, count: number, rows: number, nx: number, next: number, values: number, lengths: number): number;
  /** kernels/morphology.ts */
  dilateBits(mask: number, nz: number, ny: number, nx: number, iterations: number, a: number, b: number): void;
  /** kernels/morphology.ts */
  erodeBits(mask: number, nz: number, ny: number, nx: number, a: number, b: number): void;
  /** kernels/morphology.ts */
  paddedBytes(nz: number, ny: number, words: number): number;
  /** kernels/nearest-core.ts */
  clearBoth(mask: number, one: number, two: number, count: number): void;
  /** kernels/nearest-core.ts */
  decideByBoxes(halves: number, nz: number, ny: number, nx: number, inner: number, outer: number, level: number, levels: number, scratch: number): number;
  /** kernels/nearest-core.ts */
  ripenRest(halves: number, nz: number, ny: number, nx: number, level: number, levels: number): void;
  /** kernels/one-pass-clean.ts */
  blendPlanes(a: number, b: number, weight: number, count: number, doubt: number, out: number, doubts: number): number;
  /** kernels/one-pass-clean.ts */
  cleanPlane(grid: number, slice: number, near: number, lungs: number, plane: number): void;
  /** kernels/one-pass-clean.ts */
  shiftGreys(greys: number, count: number, to: number): void;
  /** kernels/rescale.ts */
  addToValues(at: number, count: number, flip: number, add: number): number;
  /** kernels/runs.ts */
  complementRuns(start: number, end: number, rowStart: number, rows: number, nx: number, gapStart: number, gapEnd: number, gapRowStart: number): void;
  /** kernels/runs.ts */
  countRuns(words: number, rows: number, wordsPerRow: number): number;
  /** kernels/runs.ts */
  writeRuns(words: number, rows: number, wordsPerRow: number, nx: number, start: number, end: number, rowStart: number): void;
  /** kernels/smoothed-threshold.ts */
  markSlice(slice: number, ny: number, nx: number, spans: number, limit: number, threshold: number, single: boolean, weights: number, work: number, out: number): void;
}
