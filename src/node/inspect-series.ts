import { type Inspection, inspectScan, type StackReport } from "../dicom/inspect.ts";
import { listInputFiles } from "./input-files.ts";
import { inputSource } from "./input-source.ts";

export type { Inspection, StackReport };

/**
 * Tells which stacks of CT images lie in a folder and its sub-folders, reading headers only.
 *
 * @param path - a folder, or a single file
 * @throws PleuraError `not-found` when there is no such file or folder
 */
export async function inspectSeries(path: string, signal?: AbortSignal): Promise<Inspection> {
  return inspectScan(listInputFiles(path).map(inputSource), signal);
}
