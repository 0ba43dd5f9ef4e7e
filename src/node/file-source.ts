import { closeSync, constants, fstatSync, openSync, type PathLike, read, readSync } from "node:fs";
import { setImmediate as turn } from "node:timers/promises";
import type { ByteSource } from "../byte-source.ts";
import { PleuraError } from "../errors.ts";
import { readFailed } from "./system-error.ts";

/** Up to this much is read at once; more by another thread, while this one works on. */
const AT_ONCE = 65536;
/** What is read at once lets nobody else in: after so many milliseconds signals and timers get their turn. */
const LONGEST_MS = 50;
/** Never waits for a writer, should a FIFO have taken the file's place. Windows has neither. */
const FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

let lastTurn = performance.now();

/**
 * A file as a source of bytes; open only while it is read, so that any number can be at hand.
 *
 * Reading it throws a PleuraError: `read-failed` when it cannot be read, or is no regular file by then.
 */
export function fileSource(path: PathLike, name: string, size: number): ByteSource {
  return {
    name,
    size,
    async read(offset, target) {
      if (performance.now() - lastTurn > LONGEST_MS) {
        await turn();
        lastTurn = performance.now();
      }
      try {
        return target.length <= AT_ONCE ? readAtOnce(path, offset, target) : await readAside(path, offset, target);
      } catch (cause) {
        throw cause instanceof PleuraError ? cause : readFailed(name, cause);
      }
    },
  };
}

/**
 * Opens a regular file to read it, and nothing else.
 *
 * @returns its descriptor
 * @throws Error of the system, or when something else is there
 */
export function openRegular(path: PathLike): number {
  const file = openSync(path, FLAGS);
  if (fstatSync(file).isFile()) return file;
  closeSync(file);
  throw new Error("it is no regular file");
}

function readAtOnce(path: PathLike, offset: number, target: Uint8Array): number {
  const file = openRegular(path);
  try {
    let done = 0;
    while (done < target.length) {
      const bytes = readSync(file, target, done, target.length - done, offset + done);
      if (bytes === 0) break;
      done += bytes;
    }
    return done;
  } finally {
    closeSync(file);
  }
}

function readAside(path: PathLike, offset: number, target: Uint8Array): Promise<number> {
  const file = openRegular(path);
  const finished = new Promise<number>((resolve, reject) => {
    const readOn = (done: number): void => {
      read(file, target, done, target.length - done, offset + done, (error, bytes) => {
        if (error !== null) reject(error);
        else if (bytes === 0 || done + bytes === target.length) resolve(done + bytes);
        else readOn(done + bytes);
      });
    };
    readOn(0);
  });
  return finished.finally(() => closeSync(file));
}
