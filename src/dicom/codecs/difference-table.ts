import type { HuffmanTable } from "./huffman.ts";

/** A code together with the difference behind it is found by one look up to this many bits. */
export const DIFFERENCE_BITS = 12;

/**
 * For every start of 12 bits, of which code and difference are a part: `difference << 8 | bits`;
 * 0 where they are longer.
 */
export function differenceTable({ symbols, counts }: HuffmanTable): Int32Array {
  const quick = new Int32Array(1 << DIFFERENCE_BITS);
  let code = 0;
  let k = 0;
  for (let length = 1; length <= DIFFERENCE_BITS; length++, code <<= 1) {
    for (let i = 0; i < counts[length - 1]!; i++, code++) {
      const bits = symbols[k++]!;
      const rest = DIFFERENCE_BITS - length - bits;
      if (rest < 0) continue;
      const half = (1 << bits) >> 1;
      for (let value = 0; value < 1 << bits; value++) {
        const difference = value < half ? value - (1 << bits) + 1 : value;
        const from = ((code << bits) | value) << rest;
        quick.fill((difference << 8) | (length + bits), from, from + (1 << rest));
      }
    }
  }
  return quick;
}
