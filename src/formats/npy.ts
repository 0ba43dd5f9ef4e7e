import { counted } from "../counted.ts";
import { invalidOption, PleuraError } from "../errors.ts";

/** Element types that NumPy's file and this module share, by NumPy's own names. */
export type NpyType =
  | "bool"
  | "int8"
  | "uint8"
  | "int16"
  | "uint16"
  | "int32"
  | "uint32"
  | "int64"
  | "uint64"
  | "float32"
  | "float64";

/** Typed arrays that hold the values of a `.npy` file. `bool` is held as bytes, 0 or 1. */
export type NpyData =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array
  | Float32Array
  | Float64Array;

/** A decoded `.npy` file. */
export interface NpyArray {
  /** Type of the elements, native byte order. */
  readonly dtype: NpyType;
  /** Lengths of the axes, slowest first; `[]` for a single value. */
  readonly shape: readonly number[];
  /** The values, C-ordered. */
  readonly data: NpyData;
}

const DESCRIPTORS: Readonly<Record<NpyType, string>> = {
  bool: "|b1",
  int8: "|i1",
  uint8: "|u1",
  int16: "<i2",
  uint16: "<u2",
  int32: "<i4",
  uint32: "<u4",
  int64: "<i8",
  uint64: "<u8",
  float32: "<f4",
  float64: "<f8",
};

const ARRAYS = {
  bool: Uint8Array,
  int8: Int8Array,
  uint8: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  int64: BigInt64Array,
  uint64: BigUint64Array,
  float32: Float32Array,
  float64: Float64Array,
} as const satisfies Record<NpyType, unknown>;

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
/** The header ends on a multiple of this, so that the values can be mapped into memory. */
const ALIGNMENT = 64;
/** Digits that NumPy leaves room for, so that the first axis may grow in place. */
const GROWTH_DIGITS = 21;

/**
 * The bytes before the values, the same as `numpy.save` writes (format 1.0, little endian,
 * C order). A writer that streams can send them and then the array's own memory.
 *
 * Source: numpy/lib/format.py; NEP 1.
 *
 * @param dtype - element type
 * @param shape - lengths of the axes, slowest first
 * @throws PleuraError `invalid-option` when a length is not a non-negative integer
 */
export function npyHeader(dtype: NpyType, shape: readonly number[]): Uint8Array {
  const wrong = shape.find((n) => !Number.isSafeInteger(n) || n < 0);
  if (wrong !== undefined) throw invalidOption("shape", "non-negative integers", shape.join(", "));
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
  let text = `{'descr': '${DESCRIPTORS[dtype]}', 'fortran_order': False, 'shape': ${tuple}, }`;
  if (shape.length > 0) text += " ".repeat(Math.max(0, GROWTH_DIGITS - String(shape[0]).length));
  const fixed = MAGIC.length + 4;
  text += `${" ".repeat(ALIGNMENT - ((fixed + text.length + 1) % ALIGNMENT))}\n`;
  const out = new Uint8Array(fixed + text.length);
  out.set(MAGIC);
  out.set([1, 0, text.length & 255, text.length >> 8], MAGIC.length);
  for (let i = 0; i < text.length; i++) out[fixed + i] = text.charCodeAt(i);
  return out;
}

/**
 * A whole `.npy` file, byte for byte what `numpy.save` writes.
 *
 * @param dtype - element type; must match the array
 * @param shape - lengths of the axes, slowest first; `[1, z, y, x]` for `clean`
 * @param data - values, C-ordered, one for every element of the shape
 * @throws PleuraError `invalid-option` when type, shape and number of values do not agree
 *
 * @example
 * encodeNpy("int64", [1, 4], new BigInt64Array(4)); // the label of a scan without annotations
 */
export function encodeNpy(dtype: NpyType, shape: readonly number[], data: NpyData): Uint8Array {
  const header = npyHeader(dtype, shape);
  const count = shape.reduce((product, n) => product * n, 1);
  if (!(data instanceof ARRAYS[dtype])) throw invalidOption("data", ARRAYS[dtype].name, data.constructor.name);
  if (data.length !== count) throw invalidOption("data", counted(count, "value"), data.length);
  const out = new Uint8Array(header.length + data.byteLength);
  out.set(header);
  out.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), header.length);
  return out;
}

/**
 * Reads a `.npy` file of format 1, 2 or 3 with a numeric or boolean element type, little or
 * big endian.
 *
 * @returns the values in memory of their own: later changes to `bytes` do not reach them
 * @throws PleuraError `unsupported-pixels` when the file is in Fortran order or holds objects,
 * strings or structures; `truncated` when values are missing; `invalid-option` when it is not
 * a `.npy` file
 */
export function decodeNpy(bytes: Uint8Array): NpyArray {
  if (bytes.length < 12 || MAGIC.some((b, i) => bytes[i] !== b)) {
    throw invalidOption("bytes", "a .npy file", "something else");
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const wide = (bytes[6] as number) >= 2;
  const start = wide ? 12 : 10;
  const begin = start + (wide ? view.getUint32(8, true) : view.getUint16(8, true));
  if (bytes.length < begin) throw truncated(bytes.length, begin);
  const text = String.fromCharCode(...bytes.subarray(start, begin));
  const { dtype, swapped, shape } = parseHeader(text);
  const count = shape.reduce((product, n) => product * n, 1);
  const ArrayType = ARRAYS[dtype];
  const size = count * ArrayType.BYTES_PER_ELEMENT;
  if (bytes.length < begin + size) throw truncated(bytes.length, begin + size);
  // Not slice(): that of Node's Buffer shares memory.
  const own = new Uint8Array(bytes.subarray(begin, begin + size));
  if (swapped) swapElements(own, ArrayType.BYTES_PER_ELEMENT);
  return { dtype, shape, data: new ArrayType(own.buffer) };
}

function parseHeader(text: string): { dtype: NpyType; swapped: boolean; shape: number[] } {
  const descriptor = /'descr':\s*'([^']*)'/.exec(text)?.[1];
  const order = /'fortran_order':\s*(True|False)/.exec(text)?.[1];
  const axes = /'shape':\s*\(([\d,\s]*)\)/.exec(text)?.[1];
  const code = descriptor?.slice(1);
  const dtype = (Object.keys(DESCRIPTORS) as NpyType[]).find((name) => DESCRIPTORS[name].slice(1) === code);
  if (dtype === undefined || order === undefined || axes === undefined) {
    throw unsupported("element type", descriptor ?? "a structure");
  }
  const shape = axes
    .split(",")
    .map((s) => s.trim())
    .filter(Boolean)
    .map(Number);
  if (order === "True" && shape.length > 1) throw unsupported("order", "Fortran order");
  return { dtype, swapped: descriptor?.[0] === ">", shape };
}

function truncated(found: number, needed: number): PleuraError {
  return new PleuraError("truncated", "The .npy file ends before its values do", {
    stage: "read",
    measured: counted(found, "byte"),
    limit: counted(needed, "byte"),
  });
}

function unsupported(what: string, measured: string): PleuraError {
  return new PleuraError("unsupported-pixels", `The .npy file has an unsupported ${what}`, {
    stage: "read",
    measured,
    limit: "numbers or bool in C order",
  });
}

function swapElements(bytes: Uint8Array, width: number): void {
  for (let i = 0; i < bytes.length; i += width) bytes.subarray(i, i + width).reverse();
}
