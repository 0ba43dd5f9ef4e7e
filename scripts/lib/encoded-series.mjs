import { join } from "node:path";
import openjph from "@cornerstonejs/codec-openjph/wasmjs";
import { readNpz } from "./npz.mjs";
import { ROOT } from "./paths.mjs";

const GOLDENS = join(ROOT, "test/goldens/dicom");
const SYNTAX_JPEG_2000 = "1.2.840.10008.1.2.4.90";
const SYNTAX_HTJ2K = "1.2.840.10008.1.2.4.201";

/**
 * Small series for the three compiled codecs, by name: the bytes of their files.
 *
 * @returns {Promise<Record<string, Uint8Array[]>>}
 */
export async function encodedSeries() {
  const jpeg2000 = filesOf("jpeg-2000");
  return { "jpeg-ls": filesOf("jpeg-ls"), "jpeg-2000": jpeg2000, htj2k: await asHtj2k(jpeg2000) };
}

function filesOf(name) {
  const arrays = readNpz(join(GOLDENS, `${name}.npz`));
  const names = Object.keys(arrays).filter((key) => /^file\d+$/.test(key));
  return names.map((key) => arrays[key].data);
}

/** The files with a pattern as HTJ2K in place of their JPEG 2000 streams: no usual program writes it. */
async function asHtj2k(files) {
  const { HTJ2KEncoder } = await openjph({ print() {}, printErr() {} });
  return files.map((bytes) => {
    const file = Buffer.from(bytes);
    const stream = file.indexOf(Buffer.from([0xff, 0x4f, 0xff, 0x51]));
    const [width, height] = [file.readUInt32BE(stream + 8), file.readUInt32BE(stream + 12)];
    const encoder = new HTJ2KEncoder();
    const info = { width, height, bitsPerSample: 16, componentCount: 1, isSigned: true, isUsingColorTransform: false };
    const values = Int16Array.from({ length: width * height }, (_, i) => ((i * 7919) % 2000) - 1000);
    encoder.getDecodedBuffer(info).set(new Uint8Array(values.buffer));
    encoder.setQuality(true, 0);
    encoder.encode();
    return withFrame(file, stream, Buffer.from(encoder.getEncodedBuffer()));
  });
}

/** The file with another stream in its last item and another transfer syntax. */
function withFrame(file, stream, encoded) {
  const padded = Buffer.concat([encoded, Buffer.alloc(encoded.length % 2)]);
  const item = Buffer.from([0xfe, 0xff, 0x00, 0xe0, 0, 0, 0, 0]);
  item.writeUInt32LE(padded.length, 4);
  const end = Buffer.from([0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0]);
  const uid = file.indexOf(SYNTAX_JPEG_2000);
  const head = Buffer.from(file.subarray(0, uid));
  const value = Buffer.from(`${SYNTAX_HTJ2K}\0`);
  head.writeUInt16LE(value.length, uid - 2);
  // The group's length comes first in it, behind the preamble and "DICM".
  head.writeUInt32LE(head.readUInt32LE(140) + value.length - SYNTAX_JPEG_2000.length, 140);
  return Buffer.concat([head, value, file.subarray(uid + SYNTAX_JPEG_2000.length, stream - 8), item, padded, end]);
}
