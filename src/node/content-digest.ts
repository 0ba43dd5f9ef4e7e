import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { PleuraError } from "../errors.ts";
import type { InputFile } from "./input-files.ts";
import { inputSource } from "./input-source.ts";

/** Bytes that are read at a time. */
const CHUNK = 1 << 20;

/**
 * The digest that tells whether an input's bytes have changed, whatever their times say: SHA-256,
 * in hexadecimal, over name, size and bytes of each file, in the order of their names.
 *
 * @param files - what a case reads, from `listCase`
 * @throws PleuraError `invalid-option` for instances of an archive
 */
export async function contentDigest(files: readonly InputFile[]): Promise<string> {
  const hash = createHash("sha256");
  const chunk = new Uint8Array(CHUNK);
  if (files[0]?.series !== undefined) {
    throw new PleuraError("invalid-option", "The bytes of an archive's instances are not hashed", {
      stage: "read",
      hint: "Leave out --verify: an instance of a UID never changes, and the UIDs are compared in any case",
    });
  }
  for (const file of files) {
    const source = inputSource(file);
    hash.update(`${source.name}\t${source.size}\n`);
    try {
      for (let at = 0; at < source.size; ) {
        const read = await source.read(at, chunk.subarray(0, source.size - at));
        if (read === 0) break;
        hash.update(chunk.subarray(0, read));
        at += read;
      }
    } catch (error) {
      // The reader decides what becomes of a file that cannot be read.
      if (!(error instanceof PleuraError)) throw error;
      hash.update(`${error.message}\n`);
    }
  }
  return hash.digest("hex");
}

/** SHA-256, in hexadecimal, of a file's bytes. */
export async function hashFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const bytes of createReadStream(path, { highWaterMark: CHUNK })) hash.update(bytes as Buffer);
  return hash.digest("hex");
}
