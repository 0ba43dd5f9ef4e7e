import { PleuraError } from "../errors.ts";

/** Takes the parts of an answer, in the order in which their bytes come. */
export interface PartSink {
  /** A part begins. @param headers - by their names in lower case */
  begin(headers: ReadonlyMap<string, string>): void;
  /** More bytes of the part. They belong to the caller, who uses their memory again. */
  write(bytes: Uint8Array): void;
  /** The part has come as a whole. */
  end(): void;
}

/** More bytes than this in front of a part are no headers. */
const MOST_HEADERS = 64 * 1024;
const [CR, LF, DASH, TAB, SPACE] = [13, 10, 45, 9, 32];

/**
 * Takes `multipart/related` apart while it comes (RFC 2046, 5.1.1). Nothing is kept but the few bytes in which a
 * boundary may lie.
 *
 * @example
 * const parts = new MultipartReader(boundaryOf(contentType), sink);
 * for await (const chunk of body) parts.push(chunk);
 * parts.end();
 */
export class MultipartReader {
  /** `\r\n--boundary`. */
  readonly #delimiter: Uint8Array;
  readonly #sink: PartSink;
  /** Bytes of the part that are still to come, where its headers say how many there are. */
  #left: number | undefined;
  #state: "preamble" | "boundary" | "headers" | "body" | "epilogue" = "preamble";
  /** Bytes that are not decided upon: they may be the beginning of a boundary, or of a part's headers. */
  #rest: Uint8Array;

  constructor(boundary: string, sink: PartSink) {
    this.#delimiter = latin1(`\r\n--${boundary}`);
    this.#sink = sink;
    // The first boundary may be the very beginning.
    this.#rest = Uint8Array.of(CR, LF);
  }

  /** @throws PleuraError `bad-response` when this is no multipart; what the sink throws */
  push(chunk: Uint8Array): void {
    let bytes = this.#rest.length === 0 ? chunk : join(this.#rest, chunk);
    while (bytes.length > 0) {
      const before = this.#state;
      const taken = this.#take(bytes);
      if (taken === 0 && this.#state === before) break;
      bytes = bytes.subarray(taken);
    }
    if (bytes.length > MOST_HEADERS) throw malformed("a part's headers have no end");
    // The caller uses the chunk's memory again.
    this.#rest = bytes.slice();
  }

  /** Says that no more bytes come. @throws PleuraError `truncated` unless the last part was closed */
  end(): void {
    if (this.#state === "epilogue") return;
    throw new PleuraError("truncated", "The archive's answer ends too early", {
      stage: "read",
      measured: this.#state === "body" ? "an end within a part" : "an end between two parts",
      limit: "a closing boundary",
      hint: "Run the same command again; if it happens again, look at the log of the archive",
    });
  }

  /** @returns how many bytes were dealt with; 0 when more are needed */
  #take(bytes: Uint8Array): number {
    if (this.#state === "epilogue") return bytes.length;
    if (this.#state === "boundary") return this.#takeBoundary(bytes);
    if (this.#state === "headers") return this.#takeHeaders(bytes);
    if (this.#left !== undefined) return this.#takeStated(bytes, this.#left);
    const at = indexOf(bytes, this.#delimiter);
    const isBody = this.#state === "body";
    if (at >= 0) {
      if (isBody) {
        if (at > 0) this.#sink.write(bytes.subarray(0, at));
        this.#sink.end();
      }
      this.#state = "boundary";
      return at + this.#delimiter.length;
    }
    const sure = bytes.length - tailThatMayBegin(bytes, this.#delimiter);
    if (isBody && sure > 0) this.#sink.write(bytes.subarray(0, sure));
    return sure;
  }

  /** The bytes of a part whose length is known: no boundary has to be looked for. */
  #takeStated(bytes: Uint8Array, left: number): number {
    if (left > 0) {
      const taken = Math.min(left, bytes.length);
      this.#sink.write(bytes.subarray(0, taken));
      this.#left = left - taken;
      return taken;
    }
    if (bytes.length < this.#delimiter.length) return 0;
    if (this.#delimiter.some((byte, i) => bytes[i] !== byte)) throw malformed("a part of another length than it says");
    this.#sink.end();
    this.#left = undefined;
    this.#state = "boundary";
    return this.#delimiter.length;
  }

  /** What follows a boundary: `--` behind the last one, else blanks and the end of the line. */
  #takeBoundary(bytes: Uint8Array): number {
    if (bytes.length < 2) return 0;
    if (bytes[0] === DASH && bytes[1] === DASH) {
      this.#state = "epilogue";
      return bytes.length;
    }
    let at = 0;
    while (bytes[at] === SPACE || bytes[at] === TAB) at++;
    if (at + 2 > bytes.length) return 0;
    if (bytes[at] !== CR || bytes[at + 1] !== LF) throw malformed("a boundary is followed by something else");
    this.#state = "headers";
    // The line's end stays: an empty line ends the headers, and there may be none.
    return at;
  }

  #takeHeaders(bytes: Uint8Array): number {
    const end = indexOf(bytes, EMPTY_LINE);
    if (end < 0) return 0;
    const headers = new Map<string, string>();
    for (const line of text(bytes.subarray(0, end)).split("\r\n")) {
      const colon = line.indexOf(":");
      if (colon > 0) headers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
    }
    this.#state = "body";
    const length = headers.get("content-length");
    this.#left = length !== undefined && /^\d{1,15}$/.test(length) ? Number(length) : undefined;
    this.#sink.begin(headers);
    // The boundary's own line end may be that of the empty line: a part without bytes.
    return end + EMPTY_LINE.length;
  }
}

const EMPTY_LINE = Uint8Array.of(CR, LF, CR, LF);

/**
 * The boundary of a `multipart/related` answer.
 *
 * @param contentType - value of the header Content-Type
 * @throws PleuraError `bad-response` when it is of another type
 */
export function boundaryOf(contentType: string | undefined): string {
  const [, quoted, plain] = /;\s*boundary\s*=\s*(?:"([^"]{1,200})"|([^\s;"]{1,200}))/i.exec(contentType ?? "") ?? [];
  const boundary = quoted ?? plain;
  if (!/^\s*multipart\/related\s*;/i.test(contentType ?? "") || boundary === undefined) {
    throw malformed("no multipart/related with a boundary");
  }
  return boundary;
}

function malformed(measured: string): PleuraError {
  return new PleuraError("bad-response", "The archive's answer cannot be read", {
    stage: "read",
    measured,
    limit: "multipart/related, as DICOM PS3.18 wants it",
    hint: "Make sure that the address is that of a DICOMweb service",
  });
}

/** Where a pattern that begins with CR stands in some bytes, or -1. */
function indexOf(bytes: Uint8Array, pattern: Uint8Array): number {
  for (let at = bytes.indexOf(CR); at >= 0; at = bytes.indexOf(CR, at + 1)) {
    if (at + pattern.length > bytes.length) return -1;
    let same = 1;
    while (same < pattern.length && bytes[at + same] === pattern[same]) same++;
    if (same === pattern.length) return at;
  }
  return -1;
}

/** How many bytes at the end may be the beginning of a pattern that begins with CR. */
function tailThatMayBegin(bytes: Uint8Array, pattern: Uint8Array): number {
  const first = Math.max(0, bytes.length - pattern.length + 1);
  for (let at = bytes.indexOf(CR, first); at >= 0; at = bytes.indexOf(CR, at + 1)) {
    const length = bytes.length - at;
    let same = 1;
    while (same < length && bytes[at + same] === pattern[same]) same++;
    if (same === length) return length;
  }
  return 0;
}

function join(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

function latin1(line: string): Uint8Array {
  return Uint8Array.from(line, (character) => character.charCodeAt(0));
}

function text(bytes: Uint8Array): string {
  let line = "";
  for (const byte of bytes) line += String.fromCharCode(byte);
  return line;
}
