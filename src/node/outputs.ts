import { rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { outputNames } from "../case/outputs.ts";

/** Removes whatever a case has left in a folder, the manifest first. */
export async function removeOutputs(out: string, name: string): Promise<void> {
  const { manifest, clean, label, lungs, nodules, preview, stages } = outputNames(name);
  for (const file of [manifest, clean, label, lungs, nodules, preview, ...Object.values(stages)]) {
    await rm(join(out, file), { force: true });
  }
}

/** Removes what is left of a case that has no manifest, that is, of one that was interrupted. */
export async function removeUnfinished(out: string, name: string): Promise<void> {
  const manifest = await stat(join(out, outputNames(name).manifest)).catch(() => undefined);
  if (manifest === undefined) await removeOutputs(out, name);
}
