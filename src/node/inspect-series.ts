import { type Inspection, inspectScan, type StackReport } from "../dicom/inspect.ts";
import { isStandardSyntax } from "../dicom/transfer-syntax.ts";
import { fileSource } from "./file-source.ts";
import { listInputFiles } from "./input-files.ts";

export type { Inspection, StackReport };
export { isStandardSyntax };

/**
 * Tells which stacks of CT images lie in a folder and its sub-folders, reading headers only.
 *
 * @param path - a folder, or a single file
 * @throws PleuraError `not-found` when there is no such file or folder
 */
export async function inspectSeries(path: string, signal?: AbortSignal): Promise<Inspection> {
  const sources = listInputFiles(path).map((file) => fileSource(file.path, file.name, file.size));
  return inspectScan(sources, signal);
}
