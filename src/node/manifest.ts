import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { formatJson } from "../case/format-json.ts";
import type { CaseManifest, ExtraOutputs, Provenance } from "../case/manifest.ts";
import { outputNames, STAGE_MASKS } from "../case/outputs.ts";
import { writeParts } from "./staging.ts";

/**
 * Looks for the finished result of a case.
 *
 * @param out - output folder
 * @param name - the case
 * @returns its manifest; `undefined` when there is none or it is not whole
 */
export async function readManifest(out: string, name: string): Promise<CaseManifest | undefined> {
  try {
    const manifest = JSON.parse(await readFile(join(out, outputNames(name).manifest), "utf8")) as CaseManifest;
    return manifest.case === name && manifest.milliseconds.total !== undefined ? manifest : undefined;
  } catch {
    return undefined;
  }
}

/** Writes a manifest under its name into a folder. */
export async function writeManifest(folder: string, manifest: CaseManifest): Promise<void> {
  await writeParts(join(folder, outputNames(manifest.case).manifest), [Buffer.from(formatJson(manifest))]);
}

/**
 * Whether a manifest stands for what is wanted now: same version, profile, parameters and input,
 * and all files there at their full size.
 *
 * @param wanted - what the case would be made of and with now
 * @param extras - which of the files that are not always written are wanted too
 */
export async function isDone(
  out: string,
  manifest: CaseManifest,
  wanted: Provenance,
  extras: ExtraOutputs = {},
): Promise<boolean> {
  const { version, profile, parameters, digest } = manifest;
  // Through JSON, as the manifest went, so that what it cannot hold does not make a difference.
  const now = JSON.parse(JSON.stringify(wanted)) as Provenance;
  if (!isDeepStrictEqual({ version, profile, parameters, digest }, now)) return false;
  const names = outputNames(manifest.case);
  const needed = [names.clean, names.label, names.lungs];
  if (extras.preview) needed.push(names.preview);
  if (extras.stages) needed.push(...STAGE_MASKS.map((stage) => names.stages[stage]));
  if (!needed.every((file) => file in manifest.outputs)) return false;
  for (const [file, bytes] of Object.entries(manifest.outputs)) {
    const found = await stat(join(out, file)).catch(() => undefined);
    if (found?.size !== bytes) return false;
  }
  return true;
}
