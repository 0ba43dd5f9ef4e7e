const CRC_POLYNOMIAL = 0xedb88320;
/** Bytes that are taken at a time, each with a table of its own ("slicing by 8"). */
const SLICES = 8;
const ADLER_MODULUS = 65521;
/** So many bytes can be summed up before the sums have to be reduced: they stay below 2^31. */
const ADLER_RUN = 3800;

let crcTables: Int32Array | undefined;

/**
 * CRC-32, the one of gzip, zip and PNG.
 *
 * Source: RFC 1952, 8; eight bytes a round by Kounavis and Berry, "A systematic approach to building
 * high performance software-based CRC generators", ISCC 2005.
 *
 * @param bytes - what it is taken of
 * @param before - CRC-32 of the bytes before these; default: there are none
 */
export function crc32(bytes: Uint8Array, before = 0): number {
  crcTables ??= buildCrcTables();
  const table = crcTables;
  let crc = ~before;
  let i = 0;
  // Whole words of 32 bits have to lie at a multiple of four.
  for (const head = Math.min(bytes.length, -bytes.byteOffset & 3); i < head; i++) {
    crc = table[(crc ^ bytes[i]!) & 255]! ^ (crc >>> 8);
  }
  const rounds = Math.floor((bytes.length - i) / SLICES);
  if (rounds > 0 && HOST_IS_LITTLE_ENDIAN) {
    const words = new Int32Array(bytes.buffer, bytes.byteOffset + i, 2 * rounds);
    for (let w = 0; w < words.length; w += 2) {
      const a = crc ^ words[w]!;
      const b = words[w + 1]!;
      crc =
        table[1792 + (a & 255)]! ^
        table[1536 + ((a >>> 8) & 255)]! ^
        table[1280 + ((a >>> 16) & 255)]! ^
        table[1024 + (a >>> 24)]! ^
        table[768 + (b & 255)]! ^
        table[512 + ((b >>> 8) & 255)]! ^
        table[256 + ((b >>> 16) & 255)]! ^
        table[b >>> 24]!;
    }
    i += words.byteLength;
  }
  for (; i < bytes.length; i++) crc = table[(crc ^ bytes[i]!) & 255]! ^ (crc >>> 8);
  return ~crc >>> 0;
}

/**
 * Adler-32, the one of zlib streams. Source: RFC 1950, 9.
 *
 * @param before - Adler-32 of the bytes before these; default: there are none
 */
export function adler32(bytes: Uint8Array, before = 1): number {
  let a = before & 0xffff;
  let b = before >>> 16;
  for (let i = 0; i < bytes.length; ) {
    for (const end = Math.min(i + ADLER_RUN, bytes.length); i < end; i++) {
      a += bytes[i]!;
      b += a;
    }
    a %= ADLER_MODULUS;
    b %= ADLER_MODULUS;
  }
  return ((b << 16) | a) >>> 0;
}

/** A checksum as it stands in messages: eight hexadecimal digits. */
export function hexChecksum(value: number): string {
  return value.toString(16).padStart(8, "0");
}

const HOST_IS_LITTLE_ENDIAN = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** Table k leads from a byte to the CRC of that byte and k zero bytes behind it. */
function buildCrcTables(): Int32Array {
  const tables = new Int32Array(256 * SLICES);
  for (let i = 0; i < 256; i++) {
    let crc = i;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ CRC_POLYNOMIAL : crc >>> 1;
    tables[i] = crc;
  }
  for (let i = 256; i < tables.length; i++) {
    tables[i] = (tables[i - 256]! >>> 8) ^ tables[tables[i - 256]! & 255]!;
  }
  return tables;
}
