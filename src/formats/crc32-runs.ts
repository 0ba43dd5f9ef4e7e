import type { RunList } from "./run-list.ts";

const POLYNOMIAL = 0xedb88320;
/** Run lengths are 32-bit numbers, so 32 doublings reach all of them. */
const DOUBLINGS = 32;

/**
 * Appending 2^k zero bytes is a linear map of the CRC's state. Each map is stored as four
 * look-up tables, one a byte of the state: 1,024 entries a map.
 */
let zeroMaps: Uint32Array[] | undefined;

/** For a byte value, what 2^k bytes of it add to the state beside the zero map. */
const offsets = new Map<number, Uint32Array>();

/**
 * CRC-32 (the one of gzip and PNG) of the bytes that runs stand for, in a time that depends on
 * the number of runs and the logarithm of their lengths, not on the number of bytes.
 *
 * Appending one byte v to a state s gives M(s ^ v) with a linear M; so appending n equal bytes
 * is an affine map, which doubles as cheaply as it applies.
 */
export function crc32OfRuns(runs: RunList): number {
  zeroMaps ??= buildZeroMaps();
  const maps = zeroMaps;
  let state = 0xffffffff;
  for (let r = 0; r < runs.count; r++) {
    const add = offsetsOf(runs.values[r]!, maps);
    for (let n = runs.lengths[r]!, k = 0; n !== 0; n >>>= 1, k++) {
      if ((n & 1) === 1) state = apply(maps[k]!, state) ^ add[k]!;
    }
  }
  return ~state >>> 0;
}

function apply(map: Uint32Array, s: number): number {
  return map[s & 255]! ^ map[256 + ((s >>> 8) & 255)]! ^ map[512 + ((s >>> 16) & 255)]! ^ map[768 + (s >>> 24)]!;
}

function offsetsOf(value: number, maps: readonly Uint32Array[]): Uint32Array {
  let list = offsets.get(value);
  if (list === undefined) {
    list = new Uint32Array(DOUBLINGS);
    list[0] = apply(maps[0]!, value);
    for (let k = 1; k < DOUBLINGS; k++) list[k] = apply(maps[k - 1]!, list[k - 1]!) ^ list[k - 1]!;
    offsets.set(value, list);
  }
  return list;
}

function buildZeroMaps(): Uint32Array[] {
  let step = (state: number): number => {
    for (let bit = 0; bit < 8; bit++) state = (state >>> 1) ^ (state & 1 ? POLYNOMIAL : 0);
    return state;
  };
  return Array.from({ length: DOUBLINGS }, () => {
    const map = tabulate(step);
    step = (state) => apply(map, apply(map, state));
    return map;
  });
}

/** Tables of a linear map: single bits are looked at, the rest are their sums. */
function tabulate(step: (state: number) => number): Uint32Array {
  const map = new Uint32Array(1024);
  for (let byte = 0; byte < 4; byte++) {
    const table = map.subarray(byte * 256, byte * 256 + 256);
    for (let value = 1; value < 256; value++) {
      const bit = value & -value;
      table[value] = value === bit ? step((value << (8 * byte)) >>> 0) : table[bit]! ^ table[value ^ bit]!;
    }
  }
  return map;
}
