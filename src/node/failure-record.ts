import { rm } from "node:fs/promises";
import { join } from "node:path";
import { formatJson } from "../case/format-json.ts";
import type { Provenance } from "../case/manifest.ts";
import { hasShape, type Shape } from "../case/shape.ts";
import { BOOKKEEPING } from "./case-lock.ts";
import { type CaseFailure, readFailure } from "./failure.ts";
import { readSmallFile } from "./small-file.ts";
import { writeWholeFile } from "./staging.ts";

const RECORD: Shape = { fields: { case: "string", wanted: "object", failure: "object", at: "number" } };
/** Usual ones have a few kilobytes. */
const MOST_BYTES = 16 * 2 ** 20;

/**
 * How a case failed last, kept in `.pleura/<case>.failed.json` until it is done: for `status`, and
 * for the other processes of the same run. It never keeps a later run from trying again.
 */
export interface FailureRecord {
  /** Name of the case. */
  readonly case: string;
  /** What the case was to be made of and with; the digest is missing where the input was. */
  readonly wanted: Omit<Provenance, "digest"> & Partial<Pick<Provenance, "digest">>;
  readonly failure: CaseFailure;
  /** When it failed, milliseconds since 1970. */
  readonly at: number;
}

/**
 * Writes the record whole or not at all.
 *
 * @throws PleuraError `write-failed`
 */
export async function writeFailureRecord(out: string, record: FailureRecord): Promise<void> {
  await writeWholeFile(recordPath(out, record.case), formatJson(record));
}

/** @returns the record; `undefined` when there is none */
export async function readFailureRecord(out: string, name: string): Promise<FailureRecord | undefined> {
  try {
    const record = JSON.parse(readSmallFile(recordPath(out, name), { most: MOST_BYTES })) as Partial<FailureRecord>;
    const failure = readFailure(record.failure);
    const isWhole = record.case === name && hasShape(record, RECORD) && failure !== undefined;
    return isWhole ? ({ ...record, failure } as FailureRecord) : undefined;
  } catch {
    return undefined;
  }
}

/** Forgets the failure of a case that is done now. */
export async function removeFailureRecord(out: string, name: string): Promise<void> {
  await rm(recordPath(out, name), { force: true });
}

function recordPath(out: string, name: string): string {
  return join(out, BOOKKEEPING, `${name}.failed.json`);
}
