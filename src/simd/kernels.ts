import type { Exports } from "./exports.ts";
import { MODULE } from "./module.ts";

/** What there is of WebAssembly in every runtime that has it. */
interface Engine {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object) => { readonly exports: unknown };
}

const PAGE = 65536;
/** The module keeps nothing of its own in memory, so all but a margin is scratch. */
const FIRST_FREE = 1024;
/** Scratch before the voxels, in an instance that holds a volume; enough for slices of 4096 × 4096. */
const BEFORE_VOXELS = 8 * 1024 * 1024;

/**
 * The module's functions and its memory, which is one scratch area for one call at a time: it
 * grows to what the largest slice needs and is used again for the next.
 */
export class Kernels {
  private used = FIRST_FREE;
  private limit = Infinity;

  constructor(readonly run: Exports) {}

  /** Forgets what was reserved. */
  begin(): void {
    this.used = FIRST_FREE;
  }

  /** Forgets what was reserved from an offset on. */
  release(at: number): void {
    this.used = at;
  }

  /** Takes so many bytes of the scratch area, at a multiple of 16; what they hold is undefined. */
  reserve(bytes: number): number {
    const at = this.used;
    this.used = Math.ceil((at + bytes) / 16) * 16;
    if (this.used > this.limit) throw new RangeError("the scratch area would reach into the voxels");
    this.grow(this.used);
    return at;
  }

  /** Whether so many bytes can be reserved after {@link begin}. */
  hasRoom(bytes: number): boolean {
    return FIRST_FREE + bytes + 256 <= this.limit;
  }

  /** Reserves room for words or bytes and copies them there. */
  put(values: Int32Array | Uint32Array | Uint8Array): number {
    const at = this.reserve(values.byteLength);
    this.bytes(at, values.byteLength).set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    return at;
  }

  /** Where voxels lie in the memory: where they are, or else a copy of them. */
  lend(voxels: Int16Array): number {
    if (voxels.buffer === this.buffer) return voxels.byteOffset;
    const at = this.reserve(voxels.byteLength);
    new Int16Array(this.buffer, at, voxels.length).set(voxels);
    return at;
  }

  /**
   * Makes the memory that of a volume's voxels, with some scratch before them. A view that was
   * given before becomes stale.
   *
   * @returns int16[length]; undefined when it cannot be so large: WebAssembly's ends at 4 GiB
   */
  holdVoxels(length: number): Int16Array | undefined {
    this.limit = BEFORE_VOXELS;
    try {
      this.grow(BEFORE_VOXELS + 2 * length);
    } catch {
      return undefined;
    }
    holders.set(this.buffer, this);
    return new Int16Array(this.buffer, BEFORE_VOXELS, length);
  }

  private grow(bytes: number): void {
    const missing = bytes - this.buffer.byteLength;
    if (missing > 0) this.run.memory.grow(Math.ceil(missing / PAGE));
  }

  /** Reserves room and clears it. */
  zeros(bytes: number): number {
    const at = this.reserve(bytes);
    new Uint8Array(this.buffer, at, bytes).fill(0);
    return at;
  }

  /** The bytes at an offset; a view that the next {@link reserve} may make stale. */
  bytes(at: number, length: number): Uint8Array {
    return new Uint8Array(this.buffer, at, length);
  }

  /** The words at an offset; a view that the next {@link reserve} may make stale. */
  ints(at: number, length: number): Int32Array {
    return new Int32Array(this.buffer, at, length);
  }

  /** The same as a mask has them. */
  words(at: number, length: number): Uint32Array {
    return new Uint32Array(this.buffer, at, length);
  }

  /** The memory. */
  get buffer(): ArrayBuffer {
    return this.run.memory.buffer;
  }
}

let loaded: Kernels | undefined | "untried" = "untried";
let compiled: object | undefined;
/** The instances in whose memory a volume lies, by that memory. */
const holders = new WeakMap<ArrayBufferLike, Kernels>();

/**
 * The SIMD kernels; undefined where WebAssembly or its SIMD is missing or forbidden by a
 * content-security policy. Each has a plain twin that gives the same bits.
 */
export function kernels(): Kernels | undefined {
  if (loaded === "untried") loaded = load();
  return loaded;
}

/**
 * The kernels for work on some voxels: those in whose memory they lie, else those of everybody.
 *
 * @param scratch - bytes that the work will reserve
 */
export function kernelsFor(voxels: Int16Array, scratch = 0): Kernels | undefined {
  const common = kernels();
  const holder = common && holders.get(voxels.buffer);
  return holder?.hasRoom(scratch) ? holder : common;
}

/** Kernels with a memory of their own, for {@link Kernels.holdVoxels}; undefined as with {@link kernels}. */
export function separateKernels(): Kernels | undefined {
  return kernels() && load();
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
    compiled ??= new engine.Module(Uint8Array.from(atob(MODULE), (byte) => byte.charCodeAt(0)));
    return new Kernels(new engine.Instance(compiled).exports as Exports);
  } catch {
    return undefined;
  }
}
