import { closeSync, openSync, readSync } from "node:fs";
import type { ByteSource } from "../dicom/byte-source.ts";

/** A file as a source of bytes; open only while it is read, so that any number can be at hand. */
export function fileSource(path: string, name: string, size: number): ByteSource {
  return {
    name,
    size,
    read(offset, target) {
      const file = openSync(path, "r");
      try {
        let done = 0;
        while (done < target.length) {
          const read = readSync(file, target, done, target.length - done, offset + done);
          if (read === 0) break;
          done += read;
        }
        return done;
      } finally {
        closeSync(file);
      }
    },
  };
}
