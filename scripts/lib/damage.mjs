import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { deflateSync, gzipSync } from "node:zlib";

/** Elements of a DICOM file in explicit little endian, as phantoms are written: tag, VR, and where the value lies. */
export function* elementsOf(bytes) {
  let at = 132;
  while (at + 8 <= bytes.length) {
    const tag = (bytes.readUInt16LE(at) << 16) | bytes.readUInt16LE(at + 2);
    const vr = bytes.toString("latin1", at + 4, at + 6);
    const isLong = ["OB", "OW", "SQ", "UN", "UT"].includes(vr);
    const start = at + (isLong ? 12 : 8);
    const length = isLong ? bytes.readUInt32LE(at + 8) : bytes.readUInt16LE(at + 6);
    yield { tag: tag >>> 0, vr, start, length, lengthAt: isLong ? at + 8 : at + 6, isLong };
    at = start + length;
  }
}

/** The element of a tag such as 0x00100020. */
export function elementOf(bytes, tag) {
  for (const element of elementsOf(bytes)) if (element.tag === tag) return element;
  throw new Error(`no element ${tag.toString(16)}`);
}

/** A copy of a file in which an element has another value: a text, or bytes. */
export function retag(bytes, tag, value) {
  const { start, length, lengthAt, isLong, vr } = elementOf(bytes, tag);
  let content = Buffer.from(value);
  if (content.length % 2 === 1) content = Buffer.concat([content, Buffer.from(vr === "UI" ? "\0" : " ")]);
  const head = Buffer.from(bytes.subarray(0, start));
  if (isLong) head.writeUInt32LE(content.length, lengthAt);
  else head.writeUInt16LE(content.length, lengthAt);
  return Buffer.concat([head, content, bytes.subarray(start + length)]);
}

/** Text of an element, without padding. */
export function textOf(bytes, tag) {
  const { start, length } = elementOf(bytes, tag);
  return bytes.toString("latin1", start, start + length).replace(/[\0 ]+$/, "");
}

export const TAGS = {
  modality: 0x00080060,
  patientId: 0x00100020,
  studyUid: 0x0020000d,
  seriesUid: 0x0020000e,
  sopInstance: 0x00080018,
  position: 0x00200032,
  rows: 0x00280010,
  columns: 0x00280011,
  slope: 0x00281053,
  intercept: 0x00281052,
  pixels: 0x7fe00010,
};

/** Changes all files of a folder. */
export function changeAll(folder, change) {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    writeFileSync(path, change(readFileSync(path), name));
  }
}

/** The Hounsfield units of a phantom's folder, from the feet to the head, and its grid. */
export function volumeOf(folder) {
  const slices = readdirSync(folder)
    .map((name) => readFileSync(join(folder, name)))
    .map((bytes) => ({ bytes, z: Number(textOf(bytes, TAGS.position).split("\\")[2]) }))
    .sort((a, b) => a.z - b.z);
  const first = slices[0].bytes;
  const [rows, columns] = [TAGS.rows, TAGS.columns].map((tag) => first.readUInt16LE(elementOf(first, tag).start));
  const slope = Number(textOf(first, TAGS.slope));
  const intercept = Number(textOf(first, TAGS.intercept));
  const voxels = new Int16Array(slices.length * rows * columns);
  for (const [k, { bytes }] of slices.entries()) {
    const { start } = elementOf(bytes, TAGS.pixels);
    for (let i = 0; i < rows * columns; i++) {
      voxels[k * rows * columns + i] = slope * bytes.readInt16LE(start + 2 * i) + intercept;
    }
  }
  const spacing = textOf(first, 0x00280030).split("\\").map(Number);
  const step = slices[1].z - slices[0].z;
  return { voxels, sizes: [columns, rows, slices.length], spacing: [spacing[1], spacing[0], step] };
}

const bytesOf = ({ voxels }) => Buffer.from(voxels.buffer);

/** A MetaImage; `data` is `LOCAL` or the name of the file with the voxels. */
export function metaImage(volume, { packed = false, data = "LOCAL" } = {}) {
  const content = packed ? deflateSync(bytesOf(volume)) : bytesOf(volume);
  const header = [
    "ObjectType = Image",
    "NDims = 3",
    "BinaryData = True",
    "BinaryDataByteOrderMSB = False",
    `CompressedData = ${packed ? "True" : "False"}`,
    ...(packed ? [`CompressedDataSize = ${content.length}`] : []),
    "TransformMatrix = 1 0 0 0 1 0 0 0 1",
    "Offset = 0 0 0",
    `ElementSpacing = ${volume.spacing.join(" ")}`,
    `DimSize = ${volume.sizes.join(" ")}`,
    "ElementType = MET_SHORT",
    `ElementDataFile = ${data}`,
    "",
  ].join("\n");
  return { header: Buffer.from(header), content, whole: Buffer.concat([Buffer.from(header), content]) };
}

/** A NIfTI-1 file, gzipped when asked. */
export function nifti(volume, { packed = false, offset = 352 } = {}) {
  const header = Buffer.alloc(352);
  header.writeInt32LE(348, 0);
  for (const [i, n] of [3, ...volume.sizes, 1, 1, 1, 1].entries()) header.writeInt16LE(n, 40 + 2 * i);
  header.writeInt16LE(4, 70);
  header.writeInt16LE(16, 72);
  for (const [i, mm] of [1, ...volume.spacing].entries()) header.writeFloatLE(mm, 76 + 4 * i);
  header.writeFloatLE(offset, 108);
  header.writeFloatLE(1, 112);
  header.writeUInt8(2, 123);
  header.writeInt16LE(1, 254);
  // Voxels run to the left and to the back, which NIfTI counts backwards.
  const rows = [
    [-volume.spacing[0], 0, 0, 0],
    [0, -volume.spacing[1], 0, 0],
    [0, 0, volume.spacing[2], 0],
  ];
  for (const [i, value] of rows.flat().entries()) header.writeFloatLE(value, 280 + 4 * i);
  header.write("n+1\0", 344, "latin1");
  const file = Buffer.concat([header, bytesOf(volume)]);
  return packed ? gzipSync(file) : file;
}

/** A copy in which one bit is another. */
export function flipped(bytes, at, bit = 0) {
  const copy = Buffer.from(bytes);
  copy[at] ^= 1 << bit;
  return copy;
}
