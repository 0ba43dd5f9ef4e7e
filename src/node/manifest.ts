import { lstatSync } from "node:fs";
import { stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { formatJson } from "../case/format-json.ts";
import type { CaseManifest, ExtraOutputs, GivenDigests, Provenance } from "../case/manifest.ts";
import { outputNames } from "../case/outputs.ts";
import { parseManifest } from "../case/parse-manifest.ts";
import { completeParameters, type Parameters } from "../case/profile.ts";
import { isCaseName } from "../case/safe-name.ts";
import { caseMasks } from "../pipeline/stages.ts";
import { isAtLeast, type MinQuality } from "../quality/verdict.ts";
import { hashFile } from "./content-digest.ts";
import { readSmallFile } from "./small-file.ts";
import { writeParts } from "./staging.ts";
import { hasCode, writeFailed } from "./system-error.ts";

/** Findings name files, of which a scan may have thousands. */
const MOST_BYTES = 64 * 2 ** 20;

/** Why a result does not stand for what is wanted now. */
export type Staleness =
  | "profile"
  | "revision"
  | "parameters"
  | "input"
  | "lungs"
  | "nodules"
  | "quality"
  | "outputs"
  | "manifest";

/**
 * Looks for the finished result of a case.
 *
 * @param out - output folder
 * @param name - the case
 * @returns its manifest; `undefined` when there is none or it is not whole
 */
export async function readManifest(out: string, name: string): Promise<CaseManifest | undefined> {
  if (!isCaseName(name)) return undefined;
  try {
    const text = readSmallFile(join(out, outputNames(name).manifest), { most: MOST_BYTES });
    const manifest = parseManifest(JSON.parse(text));
    return manifest?.case === name ? manifest : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Whether something has the name of a case's manifest, be it one or not.
 *
 * @throws the system's own error when the folder cannot be looked into
 */
export function hasManifestFile(out: string, name: string): boolean {
  try {
    return lstatSync(join(out, outputNames(name).manifest), { throwIfNoEntry: false }) !== undefined;
  } catch (error) {
    // Something above has the name of a folder and is none: that is said when it is written to.
    if (hasCode(error, "ENOTDIR")) return false;
    throw error;
  }
}

/**
 * Writes a manifest under its name into a staging folder.
 *
 * @throws PleuraError `write-failed`
 */
export async function writeManifest(folder: string, manifest: CaseManifest): Promise<void> {
  const { manifest: file } = outputNames(manifest.case);
  await writeParts(join(folder, file), [Buffer.from(formatJson(manifest))], true).catch((cause) => {
    throw writeFailed(join(dirname(folder), file), cause);
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
 * Whether a manifest stands for what is wanted now: same profile, revision, parameters and input,
 * and all files there at their full size. The version does not count.
 *
 * @param wanted - what the case would be made of and with now
 * @param extras - which of the files that are not always written are wanted too
 */
export async function isDone(
  out: string,
  manifest: CaseManifest,
  wanted: Wanted,
  extras: ExtraOutputs & MinQuality = {},
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
  extras: ExtraOutputs & MinQuality = {},
): Promise<Staleness | undefined> {
  if (manifest.profile !== wanted.profile) return "profile";
  if (manifest.revision !== wanted.revision) return "revision";
  // Through JSON, as the manifest went, so that what it cannot hold does not make a difference.
  const parameters = JSON.parse(JSON.stringify(wanted.parameters)) as Parameters;
  const earlier = completeParameters(wanted.profile, manifest.parameters);
  if (!isDeepStrictEqual(earlier, parameters)) return "parameters";
  const sameInput =
    wanted.contents === undefined ? manifest.digest === wanted.digest : manifest.hashes?.input === wanted.contents;
  if (!sameInput) return "input";
  if (manifest.given?.lungs !== wanted.given?.lungs) return "lungs";
  if (manifest.given?.nodules !== wanted.given?.nodules) return "nodules";
  // A run that asks for better lungs than these computes them again, and rejects them by name.
  const { minQuality } = extras;
  if (
    minQuality !== undefined &&
    (manifest.quality === undefined || !isAtLeast(manifest.quality.verdict, minQuality))
  ) {
    return "quality";
  }
  return (await isWhole(out, manifest, wanted.contents !== undefined, extras)) ? undefined : "outputs";
}

async function isWhole(out: string, manifest: CaseManifest, verify: boolean, extras: ExtraOutputs): Promise<boolean> {
  const names = outputNames(manifest.case);
  const needed = [names.clean, names.label, names.lungs];
  if (manifest.given?.nodules !== undefined) needed.push(names.nodules);
  if (extras.preview) needed.push(names.preview);
  if (extras.density && manifest.density === undefined) return false;
  if (extras.seg) needed.push(names.seg);
  if (extras.store !== undefined && manifest.stored !== extras.store) return false;
  if (extras.rtstruct) needed.push(names.rtstruct);
  if (extras.mesh === "glb") needed.push(names.glb);
  // A structure that is not there has no file.
  const isMeshed = Object.values(names.stl).some((file) => Object.hasOwn(manifest.outputs, file));
  if (extras.mesh === "stl" && !isMeshed) return false;
  const kept = caseMasks(manifest.profile, manifest.given?.lungs === undefined ? "found" : "given");
  if (extras.stages) needed.push(...kept.map((stage) => names.stages[stage]));
  if (!needed.every((file) => Object.hasOwn(manifest.outputs, file))) return false;
  for (const [file, bytes] of Object.entries(manifest.outputs)) {
    // A name in a manifest leads to no other folder.
    if (basename(file) !== file) return false;
    const found = await stat(join(out, file)).catch(() => undefined);
    if (found?.size !== bytes) return false;
    if (verify && (await hashFile(join(out, file))) !== manifest.hashes?.outputs[file]) return false;
  }
  return true;
}
