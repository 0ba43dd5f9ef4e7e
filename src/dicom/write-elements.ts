import { DICTIONARY, type Keyword, VR_KINDS, type Vr } from "./dictionary.ts";
import { EXPLICIT_LITTLE_ENDIAN, IMPLICIT_LITTLE_ENDIAN } from "./transfer-syntax.ts";

/**
 * Elements to be written, by keyword, in any order. A text element may also have the bytes of its value, as they stood in another
 * file; the bytes of a large value may come in parts.
 */
export type Elements = { readonly [K in Keyword]?: ElementValue };

/** The value of an element: none when it is empty text or an empty list. */
export type ElementValue =
  | string
  | number
  | readonly (string | number)[]
  | Uint8Array
  | readonly Uint8Array[]
  | readonly Elements[];

/** What a file says of itself in front of its data set. */
export interface FileIdentity {
  readonly sopClass: string;
  readonly sopInstance: string;
  /** Leave representations out of the data set, which gives all values lengths of 32 bits. Default false. */
  readonly implicit?: boolean;
}

/** UID and name by which files say that pleura wrote them. */
const IMPLEMENTATION = { uid: "2.25.237007432160458890065908679544864505859", name: "PLEURA" };
const PREAMBLE = 128;
/** Elements with these representations have a length of 32 bits. */
const LONG: ReadonlySet<Vr> = new Set(["OB", "OW", "SQ", "UC", "UR", "UT"]);
/** The longest value of all others, bytes. */
const MOST_SHORT = 0xfffe;
/** A decimal string has at most this many characters. */
const DECIMAL_LENGTH = 16;
/** Parts up to this size are put together, bytes. */
const SMALL = 4096;
const ITEM = 0xfffee000;
const utf8 = new TextEncoder();

/**
 * A DICOM file in little endian, with explicit representations unless `implicit` is given: preamble, file meta information, data set. Text is written in UTF-8.
 *
 * @param elements - of the data set; SOP Class UID and SOP Instance UID are those of `identity`
 * @returns the file in parts that follow each other; large values are not copied
 * @throws RangeError when a value does not fit its representation
 */
export function encodeDicomFile(identity: FileIdentity, elements: Elements): Uint8Array[] {
  const { implicit = false } = identity;
  const preamble = new Uint8Array(PREAMBLE + 4);
  preamble.set([0x44, 0x49, 0x43, 0x4d], PREAMBLE);
  const meta = encodeElements({
    FileMetaInformationVersion: new Uint8Array([0, 1]),
    MediaStorageSOPClassUID: identity.sopClass,
    MediaStorageSOPInstanceUID: identity.sopInstance,
    TransferSyntaxUID: implicit ? IMPLICIT_LITTLE_ENDIAN : EXPLICIT_LITTLE_ENDIAN,
    ImplementationClassUID: IMPLEMENTATION.uid,
    ImplementationVersionName: IMPLEMENTATION.name,
  });
  const head = encodeElements({ FileMetaInformationGroupLength: meta.length });
  const all = { ...elements, SOPClassUID: identity.sopClass, SOPInstanceUID: identity.sopInstance };
  const data = encodeElements(all, implicit);
  return joinSmall([preamble, ...head.parts, ...meta.parts, ...data.parts]);
}

/** Parts of a file as one piece. */
export function joinParts(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** A number as DICOM's decimal string: as exact as 16 characters allow. */
export function decimalString(value: number): string {
  if (!Number.isFinite(value)) throw new RangeError(`${value} is no decimal string`);
  let text = String(value);
  for (let digits = DECIMAL_LENGTH; text.length > DECIMAL_LENGTH; digits--) {
    text = String(Number(value.toPrecision(digits)));
  }
  return text;
}

/** Bytes in parts, and how many they are. */
interface Encoded {
  readonly parts: readonly Uint8Array[];
  readonly length: number;
}

function encodeElements(elements: Elements, implicit = false): Encoded {
  const parts: Uint8Array[] = [];
  let length = 0;
  const given = (Object.entries(elements) as [Keyword, ElementValue | undefined][])
    .map(([keyword, value]) => ({ keyword, value, tag: DICTIONARY[keyword][0], vr: DICTIONARY[keyword][1] }))
    .sort((a, b) => a.tag - b.tag);
  for (const { keyword, value, tag, vr } of given) {
    if (value === undefined) continue;
    const encoded = encodeValue(vr, value, implicit);
    if (!implicit && !LONG.has(vr) && encoded.length > MOST_SHORT)
      throw new RangeError(`${keyword} is too long for ${vr}`);
    const head = implicit ? implicitHead(tag, encoded.length) : elementHead(tag, vr, encoded.length);
    parts.push(head);
    // A sequence may have more parts than a call has arguments.
    for (const part of encoded.parts) parts.push(part);
    length += head.length + encoded.length;
  }
  return { parts, length };
}

function elementHead(tag: number, vr: Vr, length: number): Uint8Array {
  const isLong = LONG.has(vr);
  const head = new DataView(new ArrayBuffer(isLong ? 12 : 8));
  head.setUint16(0, tag >>> 16, true);
  head.setUint16(2, tag & 0xffff, true);
  head.setUint8(4, vr.charCodeAt(0));
  head.setUint8(5, vr.charCodeAt(1));
  if (isLong) head.setUint32(8, length, true);
  else head.setUint16(6, length, true);
  return new Uint8Array(head.buffer);
}

/** Without a representation, as items have it too. */
function implicitHead(tag: number, length: number): Uint8Array {
  const head = new DataView(new ArrayBuffer(8));
  head.setUint16(0, tag >>> 16, true);
  head.setUint16(2, tag & 0xffff, true);
  head.setUint32(4, length, true);
  return new Uint8Array(head.buffer);
}

function encodeValue(vr: Vr, value: ElementValue, implicit: boolean): Encoded {
  const list = (Array.isArray(value) ? value : [value]) as readonly unknown[];
  if (vr === "SQ") return encodeItems(list as readonly Elements[], implicit);
  if (list.length > 0 && list.every((one) => one instanceof Uint8Array)) return padded(vr, list as Uint8Array[]);
  const plain = list as readonly (string | number)[];
  return VR_KINDS[vr] === "text" ? padded(vr, [utf8.encode(textOf(vr, plain))]) : encodeNumbers(vr, plain as number[]);
}

function textOf(vr: Vr, values: readonly (string | number)[]): string {
  return values.map((one) => (vr === "DS" && typeof one === "number" ? decimalString(one) : String(one))).join("\\");
}

/** Values have an even length: UIDs and bytes end with a zero, text with a space. */
function padded(vr: Vr, parts: readonly Uint8Array[]): Encoded {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  if (length % 2 === 0) return { parts, length };
  const filler = vr === "UI" || VR_KINDS[vr] === "bytes" ? 0 : 0x20;
  return { parts: [...parts, Uint8Array.of(filler)], length: length + 1 };
}

function encodeNumbers(vr: Vr, values: readonly number[]): Encoded {
  const kind = VR_KINDS[vr];
  const size = kind === "float64" ? 8 : kind === "int16" || kind === "uint16" ? 2 : 4;
  const view = new DataView(new ArrayBuffer(size * values.length));
  for (const [i, value] of values.entries()) {
    const at = i * size;
    if (kind === "uint16") view.setUint16(at, value, true);
    else if (kind === "int16") view.setInt16(at, value, true);
    else if (kind === "uint32") view.setUint32(at, value, true);
    else if (kind === "float32") view.setFloat32(at, value, true);
    else if (kind === "float64") view.setFloat64(at, value, true);
    else {
      // A tag is its group, then its element.
      view.setUint16(at, value >>> 16, true);
      view.setUint16(at + 2, value & 0xffff, true);
    }
  }
  return { parts: [new Uint8Array(view.buffer)], length: view.byteLength };
}

function encodeItems(items: readonly Elements[], implicit: boolean): Encoded {
  const parts: Uint8Array[] = [];
  let length = 0;
  for (const item of items) {
    const encoded = encodeElements(item, implicit);
    parts.push(implicitHead(ITEM, encoded.length));
    for (const part of encoded.parts) parts.push(part);
    length += 8 + encoded.length;
  }
  return { parts, length };
}

/** Thousands of small parts as few larger ones. */
function joinSmall(parts: readonly Uint8Array[]): Uint8Array[] {
  const joined: Uint8Array[] = [];
  let run: Uint8Array[] = [];
  const flush = (): void => {
    if (run.length > 0) joined.push(joinParts(run));
    run = [];
  };
  for (const part of parts) {
    if (part.length <= SMALL) run.push(part);
    else {
      flush();
      joined.push(part);
    }
  }
  flush();
  return joined;
}
