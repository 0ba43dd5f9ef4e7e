import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { formatJson } from "../case/format-json.ts";
import type { CaseManifest, ExtraOutputs, GivenDigests, Provenance } from "../case/manifest.ts";
import { MASKS_WITH_GIVEN_LUNGS, outputNames, STAGE_MASKS } from "../case/outputs.ts";
import type { Parameters } from "../case/profile.ts";
import { hashFile } from "./content-digest.ts";
import { writeFailed, writeParts } from "./staging.ts";

/** Why a result does not stand for what is wanted now. */
export type Staleness = "version" | "profile" | "parameters" | "input" | "lungs" | "nodules" | "outputs";

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

/**
 * Writes a manifest under its name into a folder.
 *
 * @throws PleuraError `write-failed`
 */
export async function writeManifest(folder: string, manifest: CaseManifest): Promise<void> {
  const { manifest: file } = outputNames(manifest.case);
  await writeParts(join(folder, file), [Buffer.from(formatJson(manifest))], true).catch((cause) => {
    throw writeFailed(file, cause);
  });
}

/** What a result must have been made of and with, and must consist of, to be left alone. */
export interface Wanted extends Provenance {
  /** Digest of the input's bytes; given, it is compared instead of the times, and outputs are read too. */
  readonly contents?: string;
  /** Digests of what is given beside the scan, when anything is. */
  readonly given?: GivenDigests;
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
  wanted: Wanted,
  extras: ExtraOutputs = {},
): Promise<boolean> {
  return (await stalenessOf(out, manifest, wanted, extras)) === undefined;
}

/**
 * The first reason why a manifest does not stand for what is wanted now.
 *
 * @returns `undefined` when it does, see {@link isDone}
 */
export async function stalenessOf(
  out: string,
  manifest: CaseManifest,
  wanted: Wanted,
  extras: ExtraOutputs = {},
): Promise<Staleness | undefined> {
  if (manifest.version !== wanted.version) return "version";
  if (manifest.profile !== wanted.profile) return "profile";
  // Through JSON, as the manifest went, so that what it cannot hold does not make a difference.
  const parameters = JSON.parse(JSON.stringify(wanted.parameters)) as Parameters;
  if (!isDeepStrictEqual(manifest.parameters, parameters)) return "parameters";
  const sameInput =
    wanted.contents === undefined ? manifest.digest === wanted.digest : manifest.hashes?.input === wanted.contents;
  if (!sameInput) return "input";
  if (manifest.given?.lungs !== wanted.given?.lungs) return "lungs";
  if (manifest.given?.nodules !== wanted.given?.nodules) return "nodules";
  return (await isWhole(out, manifest, wanted.contents !== undefined, extras)) ? undefined : "outputs";
}

async function isWhole(out: string, manifest: CaseManifest, verify: boolean, extras: ExtraOutputs): Promise<boolean> {
  const names = outputNames(manifest.case);
  const needed = [names.clean, names.label, names.lungs];
  if (manifest.given?.nodules !== undefined) needed.push(names.nodules);
  if (extras.preview) needed.push(names.preview);
  // A mask from elsewhere takes the place of the stages that find the lungs.
  const kept = manifest.given?.lungs === undefined ? STAGE_MASKS : MASKS_WITH_GIVEN_LUNGS;
  if (extras.stages) needed.push(...kept.map((stage) => names.stages[stage]));
  if (!needed.every((file) => file in manifest.outputs)) return false;
  for (const [file, bytes] of Object.entries(manifest.outputs)) {
    const found = await stat(join(out, file)).catch(() => undefined);
    if (found?.size !== bytes) return false;
    if (verify && (await hashFile(join(out, file))) !== manifest.hashes?.outputs[file]) return false;
  }
  return true;
}
