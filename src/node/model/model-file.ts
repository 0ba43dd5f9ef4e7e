import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { PleuraError } from "../../errors.ts";

/** A model's bytes. */
export interface ModelFile {
  readonly bytes: Uint8Array;
  /** SHA-256 of the bytes, hexadecimal. */
  readonly sha256: string;
}

/** ONNX files are protocol buffers, which hold at most so much, bytes. */
const MOST_BYTES = 2 ** 31 - 1;

/** Hashes of this process, by path; they hold while size and time of the file stay as they are. */
const hashes = new Map<string, { readonly size: number; readonly mtimeMs: number; readonly sha256: string }>();

/**
 * Reads a model.
 *
 * @param path - absolute
 * @throws PleuraError `not-found`, or `bad-model` for what cannot be a model's file
 */
export async function readModel(path: string): Promise<ModelFile> {
  const { size, mtimeMs } = await statModel(path);
  const bytes = await readFile(path).catch((cause) => Promise.reject(notFound(path, cause)));
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  hashes.set(path, { size, mtimeMs, sha256 });
  return { bytes, sha256 };
}

/**
 * SHA-256 of a model's bytes, hexadecimal. Of a file that has not changed it is computed once in a process.
 *
 * @param path - absolute
 * @throws PleuraError as {@link readModel}
 */
export async function hashModel(path: string): Promise<string> {
  const { size, mtimeMs } = await statModel(path);
  const known = hashes.get(path);
  if (known?.size === size && known.mtimeMs === mtimeMs) return known.sha256;
  return (await readModel(path)).sha256;
}

/** Size and time of a model's file, where it can be one. */
export async function statModel(path: string): Promise<{ readonly size: number; readonly mtimeMs: number }> {
  const found = await stat(path).catch((cause) => Promise.reject(notFound(path, cause)));
  if (!found.isFile() || found.size === 0 || found.size > MOST_BYTES) {
    throw new PleuraError("bad-model", "The model is no ONNX file", {
      stage: "options",
      file: path,
      measured: found.isFile() ? `${found.size} bytes` : "no file",
      limit: `a file of 1 to ${MOST_BYTES} bytes`,
    });
  }
  return found;
}

function notFound(path: string, cause: unknown): PleuraError {
  return new PleuraError("not-found", "The model cannot be read", { stage: "options", file: path, cause });
}
