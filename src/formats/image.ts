import type { ByteSource } from "../byte-source.ts";
import type { Unpack } from "../inflate.ts";
import type { Volume, VoxelArray } from "../volume/volume.ts";

/** Two statements of a header about the same grid that disagree. */
export interface GridConflict {
  /** What the volume was read by, with its unit. */
  readonly taken: string;
  /** What the header says besides, with its unit. */
  readonly other: string;
}

/** Spacings that differ by more than this share disagree: headers round. */
const SAME_SPACING = 0.01;

/**
 * Compares the spacing that a volume has with another one that its header states.
 *
 * @param taken - millimetres, x first
 * @param other - the same; `undefined` or no positive number where the header says nothing
 */
export function spacingConflict(
  taken: readonly number[],
  other: readonly (number | undefined)[],
  names: { readonly taken: string; readonly other: string },
): GridConflict | undefined {
  const differs = taken.some((mm, i) => {
    const stated = other[i];
    return stated !== undefined && stated > 0 && Math.abs(stated - mm) > SAME_SPACING * mm;
  });
  if (!differs) return undefined;
  const text = (spacing: readonly (number | undefined)[]) => `${spacing.map((mm) => mm?.toFixed(3)).join(" × ")} mm`;
  return { taken: `${text(taken)} by ${names.taken}`, other: `${text(other)} by ${names.other}` };
}

/** A volume read from an image file, in Hounsfield units on the file's own grid, its spacing in double precision. */
export interface ImageFile {
  readonly volume: Volume<Int16Array>;
  /** Whether the file says how the grid lies in the patient; if not, an upright one was assumed. */
  readonly oriented: boolean;
  /** How two of the file's statements about the grid disagree, where they do. */
  readonly conflict?: GridConflict;
  /** Voxels that did not fit into int16 and were held at its border. */
  readonly held: number;
}

/** Options of reading an image file. */
export interface ImageOptions {
  /** Refuse volumes of more bytes than this in Hounsfield units; default 4 GiB. */
  readonly maxBytes?: number;
  /** Ends the reading between two pieces with its own reason. */
  readonly signal?: AbortSignal;
  /** Gives the memory that the voxels are read to, int16[length]; default: fresh memory. */
  readonly allocate?: (length: number) => Int16Array;
  /** Unpacks compressed voxels; default: in this thread. */
  readonly unpack?: Unpack;
}

/** Finds a file that another one names, in the same folder; `undefined` when it is not there. */
export type Sibling = (name: string) => ByteSource | undefined | Promise<ByteSource | undefined>;

/** Element types of the formats, by the typed array that holds them. */
export type ElementType = "uint8" | "int8" | "uint16" | "int16" | "uint32" | "int32" | "float32" | "float64";

const BYTES: Readonly<Record<ElementType, number>> = {
  uint8: 1,
  int8: 1,
  uint16: 2,
  int16: 2,
  uint32: 4,
  int32: 4,
  float32: 4,
  float64: 8,
};

/** Bytes of one element. */
export function bytesOf(type: ElementType): number {
  return BYTES[type];
}

/** Bytes of an image's voxels, by the lengths of its axes. */
export function voxelBytes(sizes: readonly number[], type: ElementType): number {
  return sizes.reduce((product, n) => product * n, BYTES[type]);
}

/**
 * Reads elements of either byte order.
 *
 * @param bytes - whole elements
 */
export function readElements(bytes: Uint8Array, type: ElementType, bigEndian: boolean): VoxelArrays {
  const size = BYTES[type];
  // A copy of its own memory, since elements must lie at multiples of their size.
  const own = new Uint8Array(bytes);
  if (bigEndian && size > 1) for (let at = 0; at < own.length; at += size) own.subarray(at, at + size).reverse();
  const memory = own.buffer;
  switch (type) {
    case "uint8":
      return own;
    case "int8":
      return new Int8Array(memory);
    case "uint16":
      return new Uint16Array(memory);
    case "int16":
      return new Int16Array(memory);
    case "uint32":
      return new Uint32Array(memory);
    case "int32":
      return new Int32Array(memory);
    case "float32":
      return new Float32Array(memory);
    case "float64":
      return new Float64Array(memory);
  }
}

type VoxelArrays = VoxelArray | Uint32Array;

/**
 * Hounsfield units of stored elements: `stored · slope + intercept`, rounded to the nearest
 * integer and held at the borders of int16. NaN becomes air, -1024.
 *
 * @param target - int16, as many as there are elements
 * @returns how many were held at the border
 */
export function toHounsfield(stored: VoxelArrays, slope: number, intercept: number, target: Int16Array): number {
  if (stored instanceof Int16Array && slope === 1 && intercept === 0) {
    target.set(stored);
    return 0;
  }
  let held = 0;
  for (let i = 0; i < stored.length; i++) {
    const hu = Math.round(stored[i]! * slope + intercept);
    if (hu < -32768 || hu > 32767) held++;
    target[i] = Number.isNaN(hu) ? -1024 : Math.min(Math.max(hu, -32768), 32767);
  }
  return held;
}
