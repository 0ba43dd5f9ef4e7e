/** The functions of the SIMD module; pointers are byte offsets in its memory. See kernels/. */
export interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  markSlice(
    slice: number,
    ny: number,
    nx: number,
    spans: number,
    limit: number,
    threshold: number,
    single: boolean,
    weights: number,
    work: number,
    out: number,
  ): void;
  paddedBytes(nz: number, ny: number, words: number): number;
  dilateBits(mask: number, nz: number, ny: number, nx: number, iterations: number, a: number, b: number): void;
  erodeBits(mask: number, nz: number, ny: number, nx: number, a: number, b: number): void;
  columnsOf(mask: number, nz: number, ny: number, words: number, columns: number, block: number): void;
  decidePlane(
    sites: number,
    nz: number,
    ny: number,
    nx: number,
    z: number,
    reachY: number,
    reachX: number,
    start: number,
    end: number,
    rowStart: number,
    spacing: number,
    scratch: number,
    first: number,
    second: number,
  ): void;
  shiftGreys(greys: number, count: number, to: number): void;
  renderPlane(grid: number, slice: number, near: number, lungs: number, plane: number): void;
  blendPlanes(a: number, b: number, weight: number, count: number, doubt: number, out: number, doubts: number): number;
  addToValues(at: number, count: number, flip: number, add: number): number;
  countRuns(words: number, rows: number, wordsPerRow: number): number;
  writeRuns(
    words: number,
    rows: number,
    wordsPerRow: number,
    nx: number,
    start: number,
    end: number,
    rowStart: number,
  ): void;
  labelComponents(
    start: number,
    end: number,
    rowStart: number,
    planes: number,
    rowsPerPlane: number,
    inPlane: number,
    straight: number,
    diagonal: number,
    parent: number,
  ): void;
  growBodies(
    bodies: number,
    start: number,
    end: number,
    rowStart: number,
    from: number,
    to: number,
    ny: number,
    nx: number,
    spacing: number,
  ): void;
  complementRuns(
    start: number,
    end: number,
    rowStart: number,
    rows: number,
    nx: number,
    gapStart: number,
    gapEnd: number,
    gapRowStart: number,
  ): void;
  componentSizes(start: number, end: number, root: number, count: number, sizes: number): void;
  sumMoments(
    start: number,
    end: number,
    rowStart: number,
    planes: number,
    rowsPerPlane: number,
    root: number,
    place: number,
    roots: number,
    sums: number,
  ): number;
  drawRuns(
    start: number,
    end: number,
    rowStart: number,
    rows: number,
    root: number,
    wanted: number,
    words: number,
    wordsPerRow: number,
  ): void;
  clearReaching(
    start: number,
    end: number,
    rowStart: number,
    planes: number,
    rowsPerPlane: number,
    root: number,
    z0: number,
    z1: number,
    y0: number,
    y1: number,
    x0: number,
    x1: number,
    flags: number,
  ): void;
  countBits(words: number, count: number): number;
  orBits(into: number, words: number, count: number): void;
  boundsOf(
    words: number,
    planes: number,
    rowsPerPlane: number,
    wordsPerRow: number,
    columns: number,
    bounds: number,
  ): void;
  clearBoth(mask: number, one: number, two: number, count: number): void;
  decideByBoxes(
    halves: number,
    nz: number,
    ny: number,
    nx: number,
    inner: number,
    outer: number,
    level: number,
    levels: number,
    scratch: number,
  ): number;
  ripenRest(halves: number, nz: number, ny: number, nx: number, level: number, levels: number): void;
  mergeLabels(
    labels: number,
    count: number,
    rows: number,
    nx: number,
    next: number,
    values: number,
    lengths: number,
  ): number;
  fillHulls(mask: number, planes: number, rows: number, wordsPerRow: number, maxRatio: number, scratch: number): void;
}
