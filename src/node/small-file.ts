import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from "node:fs";

/** Do not wait for the other end of a pipe; missing on Windows. */
const NO_WAITING = constants.O_NONBLOCK ?? 0;
/** Refuse a symbolic link; missing on Windows. */
const NO_LINKS = constants.O_NOFOLLOW ?? 0;

/** How {@link readSmallFile} treats what is not simply a file. */
export interface SmallFileOptions {
  /** More than this is refused, bytes. */
  readonly most: number;
  /** Refuse a symbolic link. Default false. */
  readonly noLinks?: boolean;
}

/** What has the name of a file and is none that can be read. */
export class NoSmallFile extends Error {
  /** @param found - what it is: `"a folder"` */
  constructor(readonly found: string) {
    super(`expected a file but found ${found}`);
  }
}

/**
 * Reads one of pleura's own small files: a lock, a manifest, a record. It never waits, as reading a
 * pipe or a device would.
 *
 * @returns the text
 * @throws NoSmallFile when it is no regular file, or larger than it may be; otherwise the system's own error
 */
export function readSmallFile(path: string, { most, noLinks = false }: SmallFileOptions): string {
  const file = openSync(path, constants.O_RDONLY | NO_WAITING | (noLinks ? NO_LINKS : 0));
  try {
    const stats = fstatSync(file);
    if (!stats.isFile()) throw new NoSmallFile(kindOf(stats));
    if (stats.size > most) throw new NoSmallFile(`${stats.size} bytes, more than ${most}`);
    const bytes = Buffer.alloc(stats.size);
    let done = 0;
    while (done < bytes.length) {
      const read = readSync(file, bytes, done, bytes.length - done, done);
      if (read === 0) break;
      done += read;
    }
    return bytes.toString("utf8", 0, done);
  } finally {
    closeSync(file);
  }
}

/** What something in a folder is, for people. */
export function kindOf(stats: Stats): string {
  if (stats.isDirectory()) return "a folder";
  if (stats.isSymbolicLink()) return "a symbolic link";
  if (stats.isFIFO()) return "a pipe";
  if (stats.isSocket()) return "a socket";
  return stats.isFile() ? "a file" : "a device";
}
