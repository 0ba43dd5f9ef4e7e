import { resolve } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { CaseManifest, GivenDigests, Provenance } from "../case/manifest.ts";
import { parametersOf } from "../case/profile.ts";
import { VERSION } from "../version.ts";
import { caseName } from "./cases.ts";
import { contentDigest } from "./content-digest.ts";
import type { CaseFailure } from "./failure.ts";
import { readFailureRecord } from "./failure-record.ts";
import { inputDigest } from "./input-files.ts";
import { readManifest, type Staleness, stalenessOf } from "./manifest.ts";
import type { PrepCaseOptions } from "./prep-case.ts";

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
 * @param folder - holds the series
 * @param options - as for `prepCase`
 */
export async function findSettled(folder: string, options: PrepCaseOptions): Promise<Settled> {
  const { force = false, verify = false, failedSince } = options;
  const { name, out } = whereabouts(folder, options);
  const record = failedSince === undefined ? undefined : await readFailureRecord(out, name);
  if (record !== undefined && record.at > (failedSince ?? 0)) {
    const wanted = { ...madeBy(options), ...digestIfAny(folder) };
    if (isDeepStrictEqual(record.wanted, JSON.parse(JSON.stringify(wanted)))) {
      return { settled: { status: "failed", failure: record.failure } };
    }
  }
  const manifest = force ? undefined : await readManifest(out, name);
  if (manifest === undefined) return {};
  const { digest } = digestIfAny(folder);
  if (digest === undefined) return { stale: "input" };
  const contents = verify ? await contentDigest(folder) : undefined;
  const given = await givenNow(folder, name, manifest, options);
  if (given === undefined) return { stale: "input" };
  const wanted = { ...madeBy(options), digest, given, ...(contents !== undefined && { contents }) };
  const stale = await stalenessOf(out, manifest, wanted, options);
  return stale === undefined ? { settled: { status: "skipped", manifest } } : { stale };
}

/** What is given for a case now, beside its scan; `undefined` where it is missing or cannot be told. */
async function givenNow(
  folder: string,
  name: string,
  { given }: CaseManifest,
  options: PrepCaseOptions,
): Promise<GivenDigests | undefined> {
  if (options.lungs === undefined && options.nodules === undefined) return {};
  const [{ givenDigests }, { caseKeys }] = await Promise.all([
    import("./given/given.ts"),
    import("./given/case-keys.ts"),
  ]);
  return givenDigests(options, caseKeys(folder, name, given?.series)).catch(() => undefined);
}

/** The case's name, and the output folder's whole path. */
export function whereabouts(folder: string, options: PrepCaseOptions): { readonly name: string; readonly out: string } {
  return { name: options.name ?? caseName(resolve(folder)), out: resolve(options.out) };
}

/** What a case is made with now. */
export function madeBy(options: PrepCaseOptions): Omit<Provenance, "digest"> {
  return { version: VERSION, profile: options.profile ?? "grt123", parameters: parametersOf(options) };
}

/** The digest of an input, or nothing where the input is missing. */
export function digestIfAny(folder: string): { readonly digest?: string } {
  try {
    return { digest: inputDigest(folder) };
  } catch {
    return {};
  }
}
