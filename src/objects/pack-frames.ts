import type { BitVolume } from "../volume/bit-volume.ts";

/** A plane of a mask. */
export interface MaskPlane {
  readonly mask: BitVolume;
  /** Its place along the first axis. */
  readonly slice: number;
}

/** Whether a plane of a mask holds nothing. */
export function isEmptyPlane({ mask, slice }: MaskPlane): boolean {
  const { words, wordsPerRow, shape } = mask;
  const size = shape[1] * wordsPerRow;
  for (let i = slice * size; i < (slice + 1) * size; i++) if (words[i] !== 0) return false;
  return true;
}

/**
 * Frames of one bit a pixel, the first pixel in the lowest bit; they follow each other without padding.
 *
 * Source: DICOM PS3.5, 8.2 and Annex D.
 *
 * @param planes - of one shape
 */
export function packFrames(planes: readonly MaskPlane[]): Uint8Array {
  const [, ny, nx] = planes[0]?.mask.shape ?? [0, 0, 0];
  const bits = planes.length * ny * nx;
  // Rows are written as whole words, the last of which may reach beyond the frame.
  const out = new Uint8Array(Math.ceil(bits / 8) + 8);
  let at = 0;
  for (const { mask, slice } of planes) {
    const { words, wordsPerRow } = mask;
    for (let y = 0; y < ny; y++, at += nx) {
      const row = (slice * ny + y) * wordsPerRow;
      for (let w = 0; w < wordsPerRow; w++) {
        const word = words[row + w]!;
        if (word !== 0) putWord(out, at + 32 * w, word);
      }
    }
  }
  return out.subarray(0, Math.ceil(bits / 8));
}

function putWord(out: Uint8Array, at: number, word: number): void {
  const byte = at >>> 3;
  const shift = at & 7;
  out[byte]! |= word << shift;
  out[byte + 1]! |= word >>> (8 - shift);
  out[byte + 2]! |= word >>> (16 - shift);
  out[byte + 3]! |= word >>> (24 - shift);
  if (shift > 0) out[byte + 4]! |= word >>> (32 - shift);
}
