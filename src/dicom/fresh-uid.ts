/**
 * A UID that nobody has given before: 2.25 and a random UUID as a decimal number.
 *
 * Source: DICOM PS3.5, B.2; RFC 9562, version 4.
 */
export function freshUid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hexadecimal = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return `2.25.${BigInt(`0x${hexadecimal}`)}`;
}
