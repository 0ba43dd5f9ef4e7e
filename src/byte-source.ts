/**
 * Where bytes come from: a file on a disk, a `Blob` in a browser, an entry of an archive. The
 * reader sees nothing else, so that it is the same code everywhere.
 */
export interface ByteSource {
  /** Path relative to what the user named, with `/` between folders; stands in every message. */
  readonly name: string;
  /** Number of bytes. */
  readonly size: number;
  /** Why it cannot be read, where that is known before: "a dangling link". */
  readonly problem?: string;
  /**
   * Fills `target` from `offset` on. The caller owns the memory, so that pixels can go straight
   * to their place in the volume.
   *
   * @returns how many bytes were read; fewer than `target.length` only at the end of the data
   */
  read(offset: number, target: Uint8Array): number | Promise<number>;
}

/** A source over bytes that already lie in memory. */
export function memorySource(name: string, bytes: Uint8Array): ByteSource {
  return {
    name,
    size: bytes.length,
    read(offset, target) {
      const part = bytes.subarray(offset, offset + target.length);
      target.set(part);
      return part.length;
    },
  };
}
