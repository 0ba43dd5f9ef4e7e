import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { Finding } from "../dicom/findings.ts";
import type { Stage } from "../errors.ts";
import type { CleanGeometry } from "../prepare/geometry.ts";
import { hashFile } from "./content-digest.ts";
import { formatJson } from "./format-json.ts";
import { outputNames, STAGE_MASKS } from "./outputs.ts";
import type { Parameters, ProfileName } from "./profile.ts";
import { writeFailed, writeParts } from "./staging.ts";

/** What a result was made of and with: a finished case is left alone while all of it is the same. */
export interface Provenance {
  /** Version of pleura. */
  readonly version: string;
  /** Whose numbers were reproduced. */
  readonly profile: ProfileName;
  /** Every option of every stage, defaults included. */
  readonly parameters: Parameters;
  /** Digest of the input, see `inputDigest`. */
  readonly digest: string;
}

/** SHA-256, in hexadecimal, of everything read and written; recorded and compared with `verify`. */
export interface Hashes {
  /** Of the input's names and bytes, see `contentDigest`. */
  readonly input: string;
  /** Of each output file's bytes, the manifest itself aside. */
  readonly outputs: Readonly<Record<string, string>>;
}

/** Why a result does not stand for what is wanted now. */
export type Staleness = "version" | "profile" | "parameters" | "input" | "outputs";

/** Files of a case that are written on request only. */
export interface ExtraOutputs {
  /** Also keep every stage's mask. Default false. */
  readonly stages?: boolean;
  /** Also keep pictures and a histogram, from which `writeHtmlReport` makes its page. Default false. */
  readonly preview?: boolean;
}

/** Something a user should know about a case that was done all the same. */
export interface CaseFinding extends Omit<Finding, "code"> {
  /**
   * That of the reader's finding; `not-separated`, both lungs are dilated as one; or
   * `lungs-cut-off`, the scan ends within them.
   */
  readonly code: Finding["code"] | "not-separated" | "lungs-cut-off";
}

/** The lungs that were found, in numbers. */
export interface LungFigures {
  /** Volume of the right lung, millilitres. */
  readonly rightMl: number;
  /** Volume of the left lung, millilitres. */
  readonly leftMl: number;
  /** Volume of both lungs, millilitres. */
  readonly totalMl: number;
  /** Whether erosion split the mask into two lungs. */
  readonly separated: boolean;
  /** Slices that were cut from the top before lungs were found. */
  readonly cut: number;
  /** Bodies that passed the volume and distance rules. */
  readonly bodies: number;
  /** Erosions that were needed to separate the lungs. */
  readonly erosions: number;
}

/** `<case>.json`: how a case's files came to be and where they lie in the patient. */
export interface CaseManifest extends Provenance {
  /** Name of the case. */
  readonly case: string;
  /** What was read: number of files, their bytes, and how many had no part in the volume. */
  readonly input: { readonly files: number; readonly bytes: number; readonly skipped: number };
  /** Leads from a voxel of clean to the patient and back; see `cleanToPatient`. */
  readonly geometry: CleanGeometry;
  /** Volumes, and how the segmentation went. */
  readonly lungs: LungFigures;
  /** What the reader noticed and did, and what the segmentation should be doubted for. */
  readonly findings: readonly CaseFinding[];
  /** Files of the case and their bytes, the manifest itself aside. */
  readonly outputs: Readonly<Record<string, number>>;
  /** Recorded when the case was done with `verify`. */
  readonly hashes?: Hashes;
  /** Milliseconds a stage, and in all. */
  readonly milliseconds: Readonly<Partial<Record<Stage | "total", number>>>;
}

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
  return (await isWhole(out, manifest, wanted.contents !== undefined, extras)) ? undefined : "outputs";
}

async function isWhole(out: string, manifest: CaseManifest, verify: boolean, extras: ExtraOutputs): Promise<boolean> {
  const names = outputNames(manifest.case);
  const needed = [names.clean, names.label, names.lungs];
  if (extras.preview) needed.push(names.preview);
  if (extras.stages) needed.push(...STAGE_MASKS.map((stage) => names.stages[stage]));
  if (!needed.every((file) => file in manifest.outputs)) return false;
  for (const [file, bytes] of Object.entries(manifest.outputs)) {
    const found = await stat(join(out, file)).catch(() => undefined);
    if (found?.size !== bytes) return false;
    if (verify && (await hashFile(join(out, file))) !== manifest.hashes?.outputs[file]) return false;
  }
  return true;
}
