import { readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { outputNames } from "../case/outputs.ts";
import { PleuraError } from "../errors.ts";

/**
 * Removes whatever a case has left in a folder, the manifest first. The file that is written first goes last: as long as one of
 * them is there, the others are known for outputs by it.
 */
export async function removeOutputs(out: string, name: string): Promise<void> {
  const { manifest, clean, label, lungs, seg, rtstruct, glb, stl, nodules, preview, stages } = outputNames(name);
  const meshes = [glb, ...Object.values(stl)];
  const others = [label, lungs, seg, rtstruct, ...meshes, nodules, preview, ...Object.values(stages)];
  for (const file of [manifest, ...others, clean]) {
    if (!(await isOfOther(out, name, file))) await rm(join(out, file), { force: true });
  }
}

/** Removes what is left of a case that has no manifest, that is, of one that was interrupted. */
export async function removeUnfinished(out: string, name: string): Promise<void> {
  const manifest = await stat(join(out, outputNames(name).manifest)).catch(() => undefined);
  if (manifest === undefined) await removeOutputs(out, name);
}

/**
 * Refuses to write a case's files over those of a case of another run: with `x` and `x_preview` in one folder,
 * `x_preview.json` is the preview of the one and the manifest of the other.
 *
 * @param files - names of what is to be written
 * @throws PleuraError `write-failed`
 */
export async function refuseForeignFiles(out: string, name: string, files: readonly string[]): Promise<void> {
  for (const file of files) {
    if (!(await isOfOther(out, name, file))) continue;
    throw new PleuraError("write-failed", "this file belongs to another case", {
      stage: "write",
      file: join(out, file),
      hint: "Give one of the two cases another name, or another output folder",
    });
  }
}

/** Whether a file of a case's name is there and is another case's: a manifest says whose it is, a preview does not. */
async function isOfOther(out: string, name: string, file: string): Promise<boolean> {
  const { manifest, preview } = outputNames(name);
  if (file !== manifest && file !== preview) return false;
  try {
    const { case: owner } = JSON.parse(await readFile(join(out, file), "utf8")) as { readonly case?: unknown };
    return typeof owner === "string" && (file === preview || owner !== name);
  } catch {
    // It is not there, or is not whole.
    return false;
  }
}
