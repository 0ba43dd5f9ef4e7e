import { createHash, type Hash } from "node:crypto";
import { createReadStream } from "node:fs";
import type { CaseInput } from "./cases/case-input.ts";
import { listCase } from "./cases/list-case.ts";

/**
 * The digest that tells whether an input's bytes have changed, whatever their times say: SHA-256,
 * in hexadecimal, over name, size and bytes of each file, in the order of their names.
 *
 * @param input - what a case reads
 * @param out - output folder of the run
 * @throws PleuraError `not-found` when there is no such file or folder
 */
export async function contentDigest(input: string | CaseInput, out?: string): Promise<string> {
  const hash = createHash("sha256");
  for (const { path, name, size } of await listCase(input, out)) {
    hash.update(`${name}\t${size}\n`);
    await feed(hash, path);
  }
  return hash.digest("hex");
}

/** SHA-256, in hexadecimal, of a file's bytes. */
export async function hashFile(path: string): Promise<string> {
  return (await feed(createHash("sha256"), path)).digest("hex");
}

async function feed(hash: Hash, path: string): Promise<Hash> {
  for await (const bytes of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(bytes as Buffer);
  return hash;
}
