/** Elements of a DICOM file with explicit VRs, little endian, without sequences: what `phantomToDicom` writes. */

const LONG = new Set(["OB", "OW", "OF", "OD", "SQ", "UC", "UN", "UR", "UT"]);
const FIRST = 132;

/** @returns {{ tag: string, vr: string, start: number, at: number, end: number }[]} where each element and its value lie */
export function elementsOf(bytes) {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const elements = [];
  for (let start = FIRST; start < file.length; ) {
    const tag = [file.readUInt16LE(start), file.readUInt16LE(start + 2)].map((n) => n.toString(16).padStart(4, "0"));
    const vr = file.toString("latin1", start + 4, start + 6);
    const at = start + (LONG.has(vr) ? 12 : 8);
    const length = LONG.has(vr) ? file.readUInt32LE(start + 8) : file.readUInt16LE(start + 6);
    // Encapsulated pixel data has no length and is the last element.
    const end = length === 0xffffffff ? file.length : at + length;
    elements.push({ tag: tag.join(""), vr, start, at, end });
    start = end;
  }
  return elements;
}

/** The element with a tag such as "00280030". */
export function elementOf(bytes, tag) {
  return elementsOf(bytes).find((element) => element.tag === tag);
}

/** A text element's value without its padding; `undefined` where there is none. */
export function textOf(bytes, tag) {
  const element = elementOf(bytes, tag);
  if (element === undefined) return undefined;
  return Buffer.from(bytes.subarray(element.at, element.end))
    .toString("latin1")
    .replace(/[\0 ]+$/, "");
}

/**
 * The file with another value for a tag, which is added where it is missing.
 *
 * @param value - text, a number for VR US, or bytes
 * @param vr - of an element that is added
 */
export function withValue(bytes, tag, value, vr = "IS") {
  const elements = elementsOf(bytes);
  const old = elements.find((element) => element.tag === tag);
  const start = old?.start ?? elements.find((element) => element.tag > tag)?.start ?? bytes.length;
  const element = encode(tag, old?.vr ?? vr, value);
  const file = Buffer.concat([bytes.subarray(0, start), element, bytes.subarray(old?.end ?? start)]);
  if (tag.startsWith("0002")) {
    // The first element holds the length of the group behind it.
    file.writeUInt32LE(file.readUInt32LE(FIRST + 8) + file.length - bytes.length, FIRST + 8);
  }
  return new Uint8Array(file);
}

/** The file without an element. */
export function withoutElement(bytes, tag) {
  const { start, end } = elementOf(bytes, tag);
  return new Uint8Array(Buffer.concat([bytes.subarray(0, start), bytes.subarray(end)]));
}

function encode(tag, vr, value) {
  const body = valueBytes(vr, value);
  const head = Buffer.alloc(LONG.has(vr) ? 12 : 8);
  head.writeUInt16LE(Number.parseInt(tag.slice(0, 4), 16), 0);
  head.writeUInt16LE(Number.parseInt(tag.slice(4), 16), 2);
  head.write(vr, 4, "latin1");
  if (LONG.has(vr)) head.writeUInt32LE(body.length, 8);
  else head.writeUInt16LE(body.length, 6);
  return Buffer.concat([head, body]);
}

function valueBytes(vr, value) {
  if (value instanceof Uint8Array) return value;
  if (vr === "US" || vr === "SS") return Buffer.from(new Uint16Array([value]).buffer);
  const text = String(value);
  return Buffer.from(text.length % 2 === 0 ? text : text + (vr === "UI" ? "\0" : " "), "latin1");
}

const SYNTAX_RLE = "1.2.840.10008.1.2.5";

/** The file with its 16 bit pixels as RLE (PS3.5, annex G). */
export function asRle(bytes) {
  const { start, at, end } = elementOf(bytes, "7fe00010");
  const pixels = bytes.subarray(at, end);
  const planes = [1, 0].map((byte) => packBits(pixels.filter((_, i) => i % 2 === byte)));
  const header = Buffer.alloc(64);
  header.writeUInt32LE(2, 0);
  header.writeUInt32LE(64, 4);
  header.writeUInt32LE(64 + planes[0].length, 8);
  const frame = Buffer.concat([header, ...planes]);
  const item = (length) => {
    const head = Buffer.from([0xfe, 0xff, 0x00, 0xe0, 0, 0, 0, 0]);
    head.writeUInt32LE(length, 4);
    return head;
  };
  const tag = Buffer.from([0xe0, 0x7f, 0x10, 0x00, 0x4f, 0x42, 0, 0, 0xff, 0xff, 0xff, 0xff]);
  const close = Buffer.from([0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0]);
  const file = Buffer.concat([bytes.subarray(0, start), tag, item(0), item(frame.length), frame, close]);
  return withValue(new Uint8Array(file), "00020010", SYNTAX_RLE);
}

/** One plane of bytes as runs of up to 128 (PS3.5, G.3.1), padded to an even length. */
function packBits(plane) {
  const out = [];
  const runAt = (i) => {
    let n = 1;
    while (n < 128 && plane[i + n] === plane[i]) n++;
    return n;
  };
  for (let i = 0; i < plane.length; ) {
    const run = runAt(i);
    if (run > 1) {
      out.push(257 - run, plane[i]);
      i += run;
      continue;
    }
    let end = i + 1;
    while (end < plane.length && end - i < 128 && runAt(end) < 3) end++;
    out.push(end - i - 1, ...plane.subarray(i, end));
    i = end;
  }
  if (out.length % 2 === 1) out.push(0);
  return Buffer.from(out);
}
