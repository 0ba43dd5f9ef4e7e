import { readFileSync } from "node:fs";
import { unzipSync } from "fflate";
import { decodeNpy } from "pleura";

/** Reads every array of a `.npz` file, by name; a text (`<U…`) as a string. */
export function readNpz(path) {
  const entries = Object.entries(unzipSync(readFileSync(path)));
  return Object.fromEntries(
    entries.map(([name, bytes]) => [name.replace(/\.npy$/, ""), textIn(bytes) ?? decodeNpy(bytes)]),
  );
}

/** The text in a `.npy` file of one string, four bytes a character, or `undefined` where it holds numbers. */
function textIn(bytes) {
  const begin = 10 + bytes[8] + 256 * bytes[9];
  if (!new TextDecoder().decode(bytes.subarray(10, begin)).includes("'<U")) return undefined;
  return String.fromCodePoint(...new Uint32Array(bytes.slice(begin).buffer)).replace(/\0+$/, "");
}
