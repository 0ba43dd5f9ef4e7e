import { isZip } from "../archives/zip-directory.ts";

/** Larger files are read piece by piece, bytes; an archive is not, since it is read here and there. */
const WHOLE_UP_TO = 4 * 2 ** 20;
/** Files that follow one another are fetched together until they have so many bytes. */
const BATCH_BYTES = 16 * 2 ** 20;
/** So many batches are on their way while one is read. */
const AHEAD = 2;
/** Bytes that are held at most; beyond that files are read piece by piece. */
const MOST_HELD = 256 * 2 ** 20;

/** A blob with the name that it is read under. */
export interface NamedBlob {
  readonly blob: Blob;
  readonly name: string;
}

/** Files that are fetched together. */
interface Batch {
  readonly blobs: Blob[];
  bytes: number;
  /** Which of the files have not been read to their end. */
  readonly unread: Set<number>;
  /** While they are held: all bytes, or `undefined` when one of the files cannot be read. */
  fetched?: Promise<Uint8Array | undefined> | undefined;
}

/**
 * Fetches files whole and ahead of whoever reads them, several with one request: a browser takes
 * longer to begin a read than to read a slice.
 *
 * A batch is let go once the last byte of each of its files was asked for, so that header and
 * pixels cost one read together.
 */
export class ReadAhead {
  private readonly batches: Batch[] = [];
  /** Where each file lies; large ones lie nowhere. */
  private readonly places = new Map<number, { readonly batch: number; readonly offset: number }>();
  private held = 0;
  private next = 0;

  /** @param files - in the order in which they are likely to be read */
  constructor(private readonly files: readonly NamedBlob[]) {
    for (const [i, { blob, name }] of files.entries()) {
      if (blob.size > WHOLE_UP_TO && !isZip(name)) continue;
      let batch = this.batches.at(-1);
      if (batch === undefined || batch.bytes + blob.size > BATCH_BYTES) {
        batch = { blobs: [], bytes: 0, unread: new Set() };
        this.batches.push(batch);
      }
      this.places.set(i, { batch: this.batches.length - 1, offset: batch.bytes });
      batch.blobs.push(blob);
      batch.bytes += blob.size;
      batch.unread.add(i);
    }
  }

  /**
   * Part of a file, out of what was fetched.
   *
   * @param i - the file's place in the list
   * @returns the bytes, or `undefined` when they have to be read by themselves
   */
  async bytes(i: number, start: number, end: number): Promise<Uint8Array | undefined> {
    const place = this.places.get(i);
    if (place === undefined) return undefined;
    this.fetchUpTo(place.batch + AHEAD);
    const batch = this.batches[place.batch]!;
    const { fetched } = batch;
    const { blob, name } = this.files[i]!;
    // An archive is read from its end, and again and again.
    if (end === blob.size && start > 0 && !isZip(name)) this.finish(batch, i);
    return (await fetched)?.subarray(place.offset + start, place.offset + end);
  }

  private fetchUpTo(last: number): void {
    for (; this.next <= Math.min(last, this.batches.length - 1); this.next++) {
      const batch = this.batches[this.next]!;
      if (this.held + batch.bytes > MOST_HELD) continue;
      this.held += batch.bytes;
      batch.fetched = new Blob(batch.blobs).arrayBuffer().then(
        (buffer) => new Uint8Array(buffer),
        // Read one by one, the fault is that of the file that has it.
        () => undefined,
      );
    }
  }

  private finish(batch: Batch, i: number): void {
    batch.unread.delete(i);
    if (batch.unread.size > 0 || batch.fetched === undefined) return;
    this.held -= batch.bytes;
    batch.fetched = undefined;
  }
}
