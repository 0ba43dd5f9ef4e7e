import { closeSync, openSync, read, readSync } from "node:fs";
import type { ByteSource } from "../dicom/byte-source.ts";
import { readFailed } from "./system-error.ts";

/** Up to this much is read at once; more by another thread, while this one works on. */
const AT_ONCE = 65536;

/** A file as a source of bytes; open only while it is read, so that any number can be at hand. */
export function fileSource(path: string, name: string, size: number): ByteSource {
  // By its name in the scan, as every message about a file of a scan.
  const refuse = (cause: unknown): never => {
    throw readFailed(name, cause);
  };
  return {
    name,
    size,
    read(offset, target) {
      try {
        if (target.length <= AT_ONCE) return readAtOnce(path, offset, target);
        return readAside(path, offset, target).catch(refuse);
      } catch (cause) {
        return refuse(cause);
      }
    },
  };
}

function readAtOnce(path: string, offset: number, target: Uint8Array): number {
  const file = openSync(path, "r");
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

function readAside(path: string, offset: number, target: Uint8Array): Promise<number> {
  const file = openSync(path, "r");
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
