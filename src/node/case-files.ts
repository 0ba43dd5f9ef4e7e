import { dirname, join } from "node:path";
import { type CaseData, caseFiles } from "../case/files.ts";
import { outputNames } from "../case/outputs.ts";
import type { CasePreview } from "./case-preview.ts";
import { writeParts } from "./staging.ts";
import { writeFailed } from "./system-error.ts";

/**
 * Writes a case's files, the manifest aside.
 *
 * @param folder - a staging folder; the files are to be renamed into the output folder, in which it lies
 * @param name - the case
 * @param data - what the files hold; pictures for the report where they are wanted
 * @returns bytes of each file, by name
 * @throws PleuraError `write-failed`
 */
export async function writeCaseFiles(
  folder: string,
  name: string,
  data: CaseData & { readonly preview?: CasePreview },
): Promise<Record<string, number>> {
  const write = async (file: string, parts: readonly Uint8Array[]): Promise<[file: string, bytes: number]> => {
    try {
      return [file, await writeParts(join(folder, file), parts, true)];
    } catch (cause) {
      throw writeFailed(join(dirname(folder), file), cause);
    }
  };
  // All at once: the disk is flushed once for all of them, not once for each.
  const writing = Array.from(caseFiles(name, data), (file) => write(file.name, file.parts));
  if (data.preview !== undefined) {
    writing.push(write(outputNames(name).preview, [Buffer.from(JSON.stringify(data.preview))]));
  }
  // Nobody removes the folder while one of them is still being written.
  await Promise.allSettled(writing);
  return Object.fromEntries(await Promise.all(writing));
}
