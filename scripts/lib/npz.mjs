import { readFileSync } from "node:fs";
import { unzipSync } from "fflate";

const ARRAYS = {
  "|b1": Uint8Array,
  "|u1": Uint8Array,
  "<i2": Int16Array,
  "<i4": Int32Array,
  "<i8": BigInt64Array,
  "<f4": Float32Array,
  "<f8": Float64Array,
};

/**
 * Reads one array as NumPy saved it, text included (`<U…`, as a string), which the library's own
 * reader refuses.
 *
 * @param {Uint8Array} bytes
 * @returns {{ shape: number[], data: any }}
 */
export function parseNpy(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const begin = 10 + view.getUint16(8, true);
  const header = new TextDecoder().decode(bytes.subarray(10, begin));
  const descr = /'descr': '([^']+)'/.exec(header)[1];
  const shape = /'shape': \(([^)]*)\)/.exec(header)[1].split(",").filter((s) => s.trim()).map(Number);
  const own = bytes.slice(begin);
  if (descr.startsWith("<U")) return { shape, data: String.fromCodePoint(...new Uint32Array(own.buffer)).replace(/\0+$/, "") };
  return { shape, data: new ARRAYS[descr](own.buffer) };
}

/** Reads every array of a `.npz` file, by name. */
export function readNpz(path) {
  const entries = Object.entries(unzipSync(readFileSync(path)));
  return Object.fromEntries(entries.map(([name, bytes]) => [name.replace(/\.npy$/, ""), parseNpy(bytes)]));
}
