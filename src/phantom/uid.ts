import { Random } from "./random.ts";

/**
 * A DICOM UID of the form 2.25.<UUID as a decimal number>, always the same for the same text.
 *
 * Source: DICOM PS3.5, B.2; the UUID is of version 8 (RFC 9562).
 *
 * @param text - what the UID stands for
 * @param index - 0 to 65,535; tells things of the same text apart
 */
export function uidFromText(text: string, index = 0): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  const random = new Random(hash);
  const words = [random.bits(), random.bits(), random.bits(), random.bits()] as const;
  // The lowest 16 bits are the index's; version and variant stand at fixed places.
  const uuid =
    (BigInt(words[0]) << 96n) |
    (BigInt(words[1] >>> 16) << 80n) |
    (8n << 76n) |
    (BigInt(words[1] & 0xfff) << 64n) |
    (2n << 62n) |
    (BigInt(words[2] >>> 2) << 32n) |
    (BigInt(words[3] >>> 16) << 16n);
  return `2.25.${uuid + BigInt(index)}`;
}
