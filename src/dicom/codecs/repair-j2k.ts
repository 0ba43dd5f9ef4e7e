import { CodecError } from "./codec.ts";
import { countPackets } from "./j2k-packets.ts";
import { type J2kStream, readJ2kStream } from "./j2k-stream.ts";

/** Psot, in a tile-part's SOT marker segment. */
const PSOT = 6;
const EOC = [0xff, 0xd9];

/**
 * Puts right a tile-part that states to be longer than the stream, as some encoders write them: OpenJPEG
 * takes such a stream for one that is cut off, unless it may decode partial ones. Whether it is cut off, its
 * packets tell.
 *
 * @param bytes - a grey JPEG 2000 stream; left as it is
 * @returns the same bytes, or others in which the length is that of what is there
 * @throws CodecError when packets are missing
 */
export function repairTileLength(bytes: Uint8Array): Uint8Array {
  const stream = tryRead(bytes);
  const last = stream?.tileParts.at(-1);
  if (stream === undefined || last === undefined || last.at + last.stated <= bytes.length) return bytes;
  const lengths = `A tile-part states ${last.stated} bytes where ${bytes.length - last.at} are left`;
  const count = countPackets(bytes, stream);
  if (count === undefined) throw new CodecError(`${lengths}, and whether packets are missing cannot be told`);
  const { there, needed } = count;
  if (there < needed) throw new CodecError(`${lengths}: ${there} of ${needed} packets are there`);
  const repaired = new Uint8Array(stream.end + EOC.length);
  repaired.set(bytes.subarray(0, stream.end));
  repaired.set(EOC, stream.end);
  new DataView(repaired.buffer).setUint32(last.at + PSOT, stream.end - last.at);
  return repaired;
}

/** A stream whose markers make no sense is the decoder's own to refuse. */
function tryRead(bytes: Uint8Array): J2kStream | undefined {
  try {
    return readJ2kStream(bytes);
  } catch {
    return undefined;
  }
}
