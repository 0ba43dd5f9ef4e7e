import { close, constants, open, type PathLike, read, statSync } from "node:fs";
import { basename } from "node:path";
import { promisify } from "node:util";
import type { ByteSource } from "../../byte-source.ts";

const openAside = promisify(open);
const closeAside = promisify(close);
/** Never waits for a writer, should it be a FIFO. Windows has neither. */
const FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/** A file whose bytes are read by other threads, so that a disk that does not answer keeps nobody from stopping the run. */
export function asideSource(path: PathLike, size = statSync(path).size): ByteSource {
  return {
    name: basename(String(path)),
    size,
    async read(offset, target) {
      const file = await openAside(path, FLAGS);
      try {
        return await readWhole(file, offset, target);
      } finally {
        await closeAside(file);
      }
    },
  };
}

async function readWhole(file: number, offset: number, target: Uint8Array): Promise<number> {
  for (let done = 0; ; ) {
    const bytes = await new Promise<number>((resolve, reject) => {
      read(file, target, done, target.length - done, offset + done, (error, count) =>
        error === null ? resolve(count) : reject(error),
      );
    });
    done += bytes;
    if (bytes === 0 || done === target.length) return done;
  }
}
