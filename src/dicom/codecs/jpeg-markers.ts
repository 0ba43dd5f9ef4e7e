import { CodecError } from "./codec.ts";

/** What a JPEG stream's frame header (SOF) says. */
export interface JpegFrame {
  /** Second byte of the marker: 0xc0 baseline, 0xc1 extended, 0xc3 lossless, 0xf7 JPEG-LS. */
  readonly marker: number;
  readonly precision: number;
  readonly rows: number;
  readonly columns: number;
  readonly components: number;
}

/** Finds the frame header of a JPEG stream without decoding it. */
export function readJpegFrame(bytes: Uint8Array): JpegFrame {
  let at = 2;
  while (at + 9 < bytes.length) {
    if (bytes[at] !== 0xff) throw new CodecError("The JPEG stream is damaged");
    const marker = bytes[at + 1]!;
    if (marker === 0xff) {
      at++;
      continue;
    }
    const isFrame = marker === 0xf7 || (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker));
    if (isFrame) {
      return {
        marker,
        precision: bytes[at + 4]!,
        rows: (bytes[at + 5]! << 8) | bytes[at + 6]!,
        columns: (bytes[at + 7]! << 8) | bytes[at + 8]!,
        components: bytes[at + 9]!,
      };
    }
    at += 2 + ((bytes[at + 2]! << 8) | bytes[at + 3]!);
  }
  throw new CodecError("The JPEG stream has no frame");
}

/** Refuses a stream that is not one grey image of the size that the file states. */
export function checkJpegFrame(frame: JpegFrame, size: { rows: number; columns: number }): void {
  if (frame.components === 1 && frame.rows === size.rows && frame.columns === size.columns) return;
  throw new CodecError(
    `An encoded frame of ${frame.rows} × ${frame.columns} × ${frame.components} instead of ${size.rows} × ${size.columns}`,
  );
}
