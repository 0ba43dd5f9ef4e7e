import type { Instance } from "./instance.ts";

/**
 * Takes stored values out of the bits around them, in place (PS3.5, 8.1.1).
 *
 * Values that do not begin at the lowest bit are moved there. A negative value whose sign is not
 * carried up to the highest bit is given it; other bits above the stored ones are left, since
 * scanners write their padding value there.
 *
 * @param target - int16 (rows × columns) of stored bits
 */
export function trimStoredBits(target: Int16Array, { bitsStored, highBit, signed }: Instance): void {
  const low = highBit + 1 - bitsStored;
  if (low > 0) {
    const mask = (1 << bitsStored) - 1;
    for (let i = 0; i < target.length; i++) target[i] = (target[i]! >> low) & mask;
  }
  if (!signed || bitsStored >= 16) return;
  for (let i = 0; i < target.length; i++) {
    const value = target[i]!;
    if (value >> (bitsStored - 1) === 1) target[i] = value - (1 << bitsStored);
  }
}
