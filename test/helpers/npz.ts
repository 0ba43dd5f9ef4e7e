import { readFileSync } from "node:fs";
import { unzipSync } from "fflate";
import { decodeNpy, type NpyArray } from "../../src/formats/npy.ts";

/** Reads the arrays of a NumPy `.npz` file, by name. */
export function readNpz(path: string | URL): (name: string) => NpyArray {
  const files = unzipSync(readFileSync(path));
  return (name) => {
    const bytes = files[`${name}.npy`];
    if (bytes === undefined) throw new Error(`no array ${name} in ${path}`);
    return decodeNpy(bytes);
  };
}

/** Reads `test/goldens/<name>.npz`. */
export function readGolden(name: string): (name: string) => NpyArray {
  return readNpz(new URL(`../goldens/${name}.npz`, import.meta.url));
}

/** The values of an array as plain numbers. */
export function numbers({ data }: NpyArray): number[] {
  return Array.from(data as ArrayLike<number>);
}
