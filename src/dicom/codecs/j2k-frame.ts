import { CodecError, type FrameSize } from "./codec.ts";
import { findCodestream } from "./j2k-stream.ts";

/**
 * Refuses a JPEG 2000 stream that is not one grey image of the size that the file states, before
 * a decoder takes memory for it (ITU-T T.800, A.5.1).
 */
export function checkJ2kFrame(bytes: Uint8Array, size: FrameSize): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const at = findCodestream(view);
  if (at < 0 || at + 42 > bytes.length) throw new CodecError("There is no JPEG 2000 stream");
  const columns = view.getUint32(at + 8) - view.getUint32(at + 16);
  const rows = view.getUint32(at + 12) - view.getUint32(at + 20);
  const components = view.getUint16(at + 40);
  if (rows === size.rows && columns === size.columns && components === 1) return;
  throw new CodecError(
    `An encoded frame of ${rows} × ${columns} × ${components} instead of ${size.rows} × ${size.columns}`,
  );
}
