import { MODULE } from "./module.ts";

/** The functions of the SIMD module; pointers are byte offsets in its memory. See kernels/. */
interface Exports {
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
  boxDilateBits(
    mask: number,
    nz: number,
    ny: number,
    nx: number,
    rz: number,
    ry: number,
    rx: number,
    out: number,
    scratch: number,
  ): void;
  decideRuns(
    cores: number,
    open: number,
    firstRun: number,
    nz: number,
    ny: number,
    nx: number,
    spacing: number,
    nearTie: number,
    first: number,
    second: number,
    best: number,
    ties: number,
    capacity: number,
    progress: number,
  ): void;
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
}

/** What there is of WebAssembly in every runtime that has it. */
interface Engine {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object) => { readonly exports: unknown };
}

const PAGE = 65536;
/** The module keeps nothing of its own in memory, so all but a margin is scratch. */
const FIRST_FREE = 1024;

/**
 * The module's functions and its memory, which is one scratch area for one call at a time: it
 * grows to what the largest slice needs and is used again for the next.
 */
export class Kernels {
  private used = FIRST_FREE;

  constructor(readonly run: Exports) {}

  /** Forgets what was reserved. */
  begin(): void {
    this.used = FIRST_FREE;
  }

  /** Takes so many bytes of the scratch area, at a multiple of 16; what they hold is undefined. */
  reserve(bytes: number): number {
    const at = this.used;
    this.used = (at + bytes + 15) & ~15;
    const missing = this.used - this.run.memory.buffer.byteLength;
    if (missing > 0) this.run.memory.grow(Math.ceil(missing / PAGE));
    return at;
  }

  /** Reserves room for words and copies them there. */
  put(words: Int32Array | Uint32Array): number {
    const at = this.reserve(words.byteLength);
    new Uint32Array(this.buffer, at, words.length).set(words);
    return at;
  }

  /** The words at an offset; a view that the next {@link reserve} may make stale. */
  ints(at: number, length: number): Int32Array {
    return new Int32Array(this.buffer, at, length);
  }

  /** The memory. */
  get buffer(): ArrayBuffer {
    return this.run.memory.buffer;
  }
}

let loaded: Kernels | undefined | "untried" = "untried";

/**
 * The SIMD kernels; undefined where WebAssembly or its SIMD is missing or forbidden by a
 * content-security policy. Each has a plain twin that gives the same bits.
 */
export function kernels(): Kernels | undefined {
  if (loaded === "untried") loaded = load();
  return loaded;
}

/** For tests: makes {@link kernels} answer undefined while `during` runs. */
export function withoutKernels<T>(during: () => T): T {
  const before = kernels();
  loaded = undefined;
  try {
    return during();
  } finally {
    loaded = before;
  }
}

function load(): Kernels | undefined {
  const engine = (globalThis as { WebAssembly?: Engine }).WebAssembly;
  if (engine === undefined) return undefined;
  try {
    return new Kernels(new engine.Instance(new engine.Module(Uint8Array.from(MODULE))).exports as Exports);
  } catch {
    return undefined;
  }
}
