import { join } from "node:path";
import { type CaseData, caseFiles } from "../case/files.ts";
import { writeFailed, writeParts } from "./staging.ts";

/**
 * Writes a case's files, the manifest aside.
 *
 * @param folder - where; the files are to be renamed into the output folder
 * @param name - the case
 * @returns bytes of each file, by name
 * @throws PleuraError `write-failed`
 */
export async function writeCaseFiles(folder: string, name: string, data: CaseData): Promise<Record<string, number>> {
  const sizes: Record<string, number> = {};
  for (const file of caseFiles(name, data)) {
    try {
      sizes[file.name] = await writeParts(join(folder, file.name), file.parts);
    } catch (cause) {
      throw writeFailed(file.name, cause);
    }
  }
  return sizes;
}
