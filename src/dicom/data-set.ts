import dicomParser, { type ByteArrayParser, type DataSet, type Element } from "dicom-parser";
import { EXPLICIT_BIG_ENDIAN, IMPLICIT_LITTLE_ENDIAN } from "./transfer-syntax.ts";

/**
 * Most 16-bit numbers that are read for a header's tags and lengths, some three for each element. The header
 * of an enhanced image of 2,000 frames takes a tenth; one made of empty elements would take gigabytes.
 */
const MOST_READS = 3_000_000;

/** The parser's types call it an interface, but it is a class. */
const DataSets = dicomParser as unknown as {
  readonly DataSet: new (
    parser: ByteArrayParser,
    bytes: Uint8Array,
    elements: Readonly<Record<string, Element>>,
  ) => DataSet;
};

/** What could be parsed of a data set. */
export interface ParsedDataSet {
  /** The elements up to where the parser came. */
  readonly dataSet: DataSet;
  /**
   * Where it ended: with the element that was asked for, at the end of the bytes, inside of an element that
   * reaches beyond them or makes no sense, or because there were too many elements.
   */
  readonly end: "found" | "end of bytes" | "inside an element" | "too many elements";
}

/**
 * Parses the elements of a data set.
 *
 * @param bytes - of the data set, or of its beginning; inflated where it was deflated
 * @param syntaxUid - transfer syntax, for the byte order and whether VRs are explicit
 * @param untilTag - the element with which parsing ends, as `x7fe00010`; default: the last one
 * @param mostReads - how many 16-bit numbers may be read for tags and lengths; default: as many as a header has
 */
export function parseDataSet(
  bytes: Uint8Array,
  syntaxUid: string,
  untilTag?: string,
  mostReads = MOST_READS,
): ParsedDataSet {
  const { bigEndianByteArrayParser, littleEndianByteArrayParser } = dicomParser;
  const plain = syntaxUid === EXPLICIT_BIG_ENDIAN ? bigEndianByteArrayParser : littleEndianByteArrayParser;
  const elements: Record<string, Element> = {};
  const dataSet = new DataSets.DataSet(plain, bytes, elements);
  dataSet.warnings = [];
  if (bytes.length === 0) return { dataSet, end: "end of bytes" };
  const budget = { reads: mostReads };
  const stream = new dicomParser.ByteStream(counting(plain, budget), bytes, 0);
  const options = (untilTag === undefined ? {} : { untilTag }) as { untilTag: string };
  try {
    if (syntaxUid === IMPLICIT_LITTLE_ENDIAN) {
      dicomParser.parseDicomDataSetImplicit(dataSet, stream, bytes.length, options);
    } else dicomParser.parseDicomDataSetExplicit(dataSet, stream, bytes.length, options);
    if (untilTag !== undefined && untilTag in elements) return { dataSet, end: "found" };
    return { dataSet, end: stream.position > bytes.length ? "inside an element" : "end of bytes" };
  } catch {
    // It throws strings and plain objects, and overflows the stack where sequences nest without an end.
    return { dataSet, end: budget.reads < 0 ? "too many elements" : "inside an element" };
  } finally {
    // Whoever asks for an element's value later is not counted.
    budget.reads = Number.POSITIVE_INFINITY;
  }
}

function counting(parser: ByteArrayParser, budget: { reads: number }): ByteArrayParser {
  return {
    ...parser,
    readUint16(bytes, at) {
      if (--budget.reads < 0) throw new RangeError("too many elements");
      return parser.readUint16(bytes, at);
    },
  };
}
