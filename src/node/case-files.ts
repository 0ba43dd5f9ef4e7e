import { join } from "node:path";
import { type CaseData, caseFiles } from "../case/files.ts";
import { outputNames } from "../case/outputs.ts";
import type { CasePreview } from "./case-preview.ts";
import { writeFailed, writeParts } from "./staging.ts";

/**
 * Writes a case's files, the manifest aside.
 *
 * @param folder - where; the files are to be renamed into the output folder
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
  const sizes: Record<string, number> = {};
  const write = async (file: string, parts: readonly Uint8Array[]) => {
    try {
      sizes[file] = await writeParts(join(folder, file), parts, true);
    } catch (cause) {
      throw writeFailed(file, cause);
    }
  };
  for (const file of caseFiles(name, data)) await write(file.name, file.parts);
  if (data.preview !== undefined) await write(outputNames(name).preview, [Buffer.from(JSON.stringify(data.preview))]);
  return sizes;
}
