import { resolve } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { CaseManifest, GivenDigests, Provenance } from "../case/manifest.ts";
import { parametersOf, REVISIONS } from "../case/profile.ts";
import { checkCaseName } from "../case/safe-name.ts";
import { isWebAddress } from "../dicomweb/address.ts";
import { VERSION } from "../version.ts";
import { archiveCaseName, type CaseInput, toInput } from "./cases/case-input.ts";
import { listCase } from "./cases/list-case.ts";
import { caseName } from "./cases/scan-file.ts";
import { contentDigest } from "./content-digest.ts";
import type { CaseFailure } from "./failure.ts";
import { readFailureRecord } from "./failure-record.ts";
import { digestOf, type InputFile } from "./input-files.ts";
import { hasManifestFile, readManifest, type Staleness, stalenessOf } from "./manifest.ts";
import type { PrepCaseOptions } from "./prep-options.ts";

/** What there is of a case already. */
export interface Settled {
  /** The result that stands, when one does. */
  readonly settled?:
    | { readonly status: "skipped"; readonly manifest: CaseManifest }
    | { readonly status: "failed"; readonly failure: CaseFailure };
  /** Why the result that is there does not stand. */
  readonly stale?: Staleness;
}

/**
 * Looks whether a case is done, or has failed since the run began, with what is wanted now.
 *
 * @param input - what the case reads
 * @param options - as for `prepCase`
 */
export async function findSettled(input: string | CaseInput, options: PrepCaseOptions): Promise<Settled> {
  const { force = false, verify = false, failedSince, series } = options;
  const { name, out } = whereabouts(input, options);
  const record = failedSince === undefined ? undefined : await readFailureRecord(out, name);
  // A record of the future is of a machine whose clock is wrong, and tells nothing of this run.
  if (record !== undefined && record.at > (failedSince ?? 0) && record.at <= Date.now()) {
    const wanted = { ...madeBy(input, options), ...(await digestIfAny(input, out, series)) };
    if (isDeepStrictEqual(record.wanted, JSON.parse(JSON.stringify(wanted)))) {
      return { settled: { status: "failed", failure: record.failure } };
    }
  }
  const manifest = force ? undefined : await readManifest(out, name);
  // A file that is no whole manifest is the rest of a result that does not stand.
  if (manifest === undefined) return !force && hasManifestFile(out, name) ? { stale: "manifest" } : {};
  const files = await listIfAny(input, out, series);
  if (files === undefined) return { stale: "input" };
  const contents = verify ? await contentDigest(files) : undefined;
  const given = await givenNow(input, name, manifest, options);
  if (given === undefined) return { stale: "input" };
  const wanted = {
    ...madeBy(input, options),
    digest: digestOf(files),
    given,
    ...(contents !== undefined && { contents }),
  };
  const stale = await stalenessOf(out, manifest, wanted, options);
  return stale === undefined ? { settled: { status: "skipped", manifest } } : { stale };
}

/** What is given for a case now, beside its scan; `undefined` where it is missing or cannot be told. */
async function givenNow(
  input: string | CaseInput,
  name: string,
  { given }: CaseManifest,
  options: PrepCaseOptions,
): Promise<GivenDigests | undefined> {
  if (![options.lungs, options.model, options.nodules].some((path) => path !== undefined)) return {};
  const [{ givenDigests }, { caseKeys }] = await Promise.all([
    import("./given/given.ts"),
    import("./given/case-keys.ts"),
  ]);
  return givenDigests(options, caseKeys(toInput(input), name, given?.series)).catch(() => undefined);
}

/**
 * The case's name, and the output folder's whole path. All that reads or writes a case's files asks here.
 *
 * @throws PleuraError `invalid-option` when the name is no case's
 */
export function whereabouts(
  input: string | CaseInput,
  options: PrepCaseOptions,
): { readonly name: string; readonly out: string } {
  const { folder } = toInput(input);
  const name = options.name ?? (isWebAddress(folder) ? archiveCaseName(folder) : caseName(resolve(folder)));
  checkCaseName(name);
  return { name, out: resolve(options.out) };
}

/** What a case is made with now. */
export function madeBy(input: string | CaseInput, options: PrepCaseOptions): Omit<Provenance, "digest"> {
  const { only } = toInput(input);
  const { profile = "grt123" } = options;
  const parameters = parametersOf({ ...options, ...(only !== undefined && { only }) });
  return { version: VERSION, profile, revision: REVISIONS[profile], parameters };
}

/** The digest of what a case reads, or nothing where that is missing. */
export async function digestIfAny(
  input: string | CaseInput,
  out: string,
  series?: string | number,
): Promise<{ readonly digest?: string }> {
  const files = await listIfAny(input, out, series);
  return files === undefined ? {} : { digest: digestOf(files) };
}

function listIfAny(
  input: string | CaseInput,
  out: string,
  series: string | number | undefined,
): Promise<InputFile[] | undefined> {
  return listCase(input, out, series).catch(() => undefined);
}
