import type { PartSink } from "../../dicomweb/multipart.ts";
import { PleuraError } from "../../errors.ts";

/** Bytes of a part whose length the archive does not say, at first. */
const FIRST_BYTES = 1 << 20;
/** No instance is believed to be larger. */
const MOST_BYTES = 0x7fffffff;

/** Gathers each part of an answer, and hands it on with the SOP Instance UID that its own header says. */
export class PartBuffers implements PartSink {
  #bytes = new Uint8Array(0);
  #length = 0;

  constructor(private readonly onInstance: (uid: string, bytes: Uint8Array) => void) {}

  begin(headers: ReadonlyMap<string, string>): void {
    const length = Number(headers.get("content-length") ?? FIRST_BYTES);
    this.#bytes = new Uint8Array(Number.isInteger(length) && length > 0 && length < MOST_BYTES ? length : FIRST_BYTES);
    this.#length = 0;
  }

  write(bytes: Uint8Array): void {
    const needed = this.#length + bytes.length;
    if (needed > MOST_BYTES)
      throw new PleuraError("too-large", "An instance of the archive is too large", { stage: "read", limit: "2 GiB" });
    if (needed > this.#bytes.length) {
      const larger = new Uint8Array(Math.min(MOST_BYTES, Math.max(needed, 2 * this.#bytes.length)));
      larger.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = larger;
    }
    this.#bytes.set(bytes, this.#length);
    this.#length = needed;
  }

  end(): void {
    const bytes = this.#bytes.subarray(0, this.#length);
    this.#bytes = new Uint8Array(0);
    this.onInstance(uidOf(bytes), bytes);
  }
}

const PREAMBLE = 132;
/** Value representations of the file meta information whose length has four bytes. */
const LONG = ["OB", "UN", "UT", "UC", "UR"];

/**
 * The SOP Instance UID in the file meta information, which is always little endian and explicit (PS3.10, 7.1).
 *
 * @throws PleuraError `bad-response` when the part is no DICOM file
 */
function uidOf(bytes: Uint8Array): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const textAt = (at: number, length: number): string => String.fromCharCode(...bytes.subarray(at, at + length));
  for (let at = PREAMBLE; at + 12 <= bytes.length && view.getUint16(at, true) === 2; ) {
    const isLong = LONG.includes(textAt(at + 4, 2));
    const length = isLong ? view.getUint32(at + 8, true) : view.getUint16(at + 6, true);
    const value = at + (isLong ? 12 : 8);
    if (view.getUint16(at + 2, true) === 3) return textAt(value, Math.min(length, 64)).replace(/[\0 ]+$/, "");
    at = value + length;
  }
  throw new PleuraError("bad-response", "The archive's answer cannot be read", {
    stage: "read",
    measured: "a part without a SOP Instance UID",
    limit: "DICOM files",
    hint: "Make sure that the address is that of a DICOMweb service",
  });
}
