import { readdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { CaseManifest } from "../case/manifest.ts";
import { outputNames } from "../case/outputs.ts";
import { isCaseName } from "../case/safe-name.ts";
import { PleuraError } from "../errors.ts";
import type { PrepAllOptions } from "./batch.ts";
import { BOOKKEEPING } from "./case-lock.ts";
import { casesOf, seriesToRead } from "./cases/plan-cases.ts";
import { type CaseFailure, errorOf, toFailure } from "./failure.ts";
import { readFailureRecord } from "./failure-record.ts";
import type { GivenOptions } from "./given/given.ts";
import { readManifest, type Staleness, stalenessOf } from "./manifest.ts";
import { findSettled, madeBy } from "./settled.ts";
import { readFailed } from "./system-error.ts";

/** What there is of a case in an output folder. */
export type CaseStatus =
  | { readonly case: string; readonly status: "done" | "missing" }
  | { readonly case: string; readonly status: "stale"; readonly why: Staleness }
  | { readonly case: string; readonly status: "failed"; readonly failure: CaseFailure };

/** What of a run's options decides whether a result stands. */
export type StatusOptions = Pick<
  PrepAllOptions,
  | "profile"
  | "params"
  | "by"
  | "names"
  | "series"
  | "allSeries"
  | "fillGaps"
  | "allowDamaged"
  | "stages"
  | "seg"
  | "rtstruct"
  | "density"
  | "mesh"
  | "minQuality"
  | "verify"
  | "shard"
  | "onNote"
  | keyof GivenOptions
>;

/**
 * Tells of each case whether it is done, stale (there, but not of what `prepAll` would make now),
 * failed when it was tried last, or missing. Writes nothing.
 *
 * @param out - output folder
 * @param inputs - as for `prepAll`; without any, the cases are those that left something in the
 * folder, and whether their inputs have changed is not looked at
 * @param options - the same as for `prepAll`
 * @throws PleuraError `not-found` or `invalid-option` for unusable inputs, and without inputs for an output
 * folder that is not there; `read-failed` for one that cannot be read
 */
export async function folderStatus(
  out: string,
  inputs: readonly string[] = [],
  options: StatusOptions = {},
): Promise<CaseStatus[]> {
  const folder = resolve(out);
  const { series: _, ...forCase } = options;
  if (inputs.length === 0) return withoutInputs(folder, options);
  const statuses: CaseStatus[] = [];
  for (const one of await casesOf(inputs, { ...options, out: folder, dryRun: true })) {
    if (one.refused !== undefined) {
      statuses.push({ case: one.name, status: "failed", failure: toFailure(errorOf(one.refused), "read") });
      continue;
    }
    const { settled, stale } = await findSettled(one, {
      ...forCase,
      ...seriesToRead(options),
      name: one.name,
      out: folder,
    });
    statuses.push(settled ? { case: one.name, status: "done" } : await unsettled(folder, one.name, stale));
  }
  return statuses;
}

async function withoutInputs(out: string, options: StatusOptions): Promise<CaseStatus[]> {
  const names = new Set<string>();
  const files = new Set(await readdir(out).catch((cause) => Promise.reject(noFolder(out, cause))));
  for (const file of files) if (file.endsWith(".json")) names.add(file.slice(0, -".json".length));
  for (const file of await list(join(out, BOOKKEEPING))) {
    if (file.endsWith(".failed.json")) names.add(file.slice(0, -".failed.json".length));
  }
  const statuses: CaseStatus[] = [];
  for (const name of [...names].filter(isCaseName).sort()) {
    const manifest = await readManifest(out, name);
    const stale = manifest === undefined ? brokenManifest(name, files) : await staleness(out, manifest, options);
    if (manifest !== undefined && stale === undefined) statuses.push({ case: name, status: "done" });
    else if (stale !== undefined || (await readFailureRecord(out, name)) !== undefined) {
      statuses.push(await unsettled(out, name, stale));
    }
  }
  return statuses;
}

/** Tells the manifest of a case that is not whole from any other `.json` file: it lies beside the case's other files. */
function brokenManifest(name: string, files: ReadonlySet<string>): Staleness | undefined {
  const { manifest, clean, lungs } = outputNames(name);
  return files.has(manifest) && (files.has(clean) || files.has(lungs)) ? "manifest" : undefined;
}

/** Takes the input, and the series that was asked for, for what they were. */
function staleness(out: string, manifest: CaseManifest, options: StatusOptions): Promise<Staleness | undefined> {
  const { series, only } = manifest.parameters.read;
  const input = { folder: out, ...(only !== undefined && { only }) };
  const made = madeBy(input, { ...options, ...(series !== undefined && { series }), out });
  const { digest, given } = manifest;
  return stalenessOf(out, manifest, { ...made, digest, ...(given && { given }) }, options);
}

async function unsettled(out: string, name: string, why: Staleness | undefined): Promise<CaseStatus> {
  const record = await readFailureRecord(out, name);
  if (record !== undefined) return { case: name, status: "failed", failure: record.failure };
  return why === undefined ? { case: name, status: "missing" } : { case: name, status: "stale", why };
}

async function list(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}

function noFolder(out: string, cause: NodeJS.ErrnoException): PleuraError {
  if (cause.code !== "ENOENT") return readFailed(out, cause);
  return new PleuraError("not-found", "There is no such folder", { stage: "options", file: out });
}
