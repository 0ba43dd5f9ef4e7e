import { createHash } from "node:crypto";
import { basename, resolve } from "node:path";
import { type CaseKeys, caseNames } from "../../case/key-index.ts";

/** What stands for a Series Instance UID where the UID itself must not. */
export function seriesHash(uid: string): string {
  return createHash("sha256").update(uid).digest("hex").slice(0, 16);
}

/**
 * The keys of a case.
 *
 * @param folder - holds the series, or is the file that does
 * @param name - of the case
 * @param series - from {@link seriesHash}
 */
export function caseKeys(folder: string, name: string, series?: string): CaseKeys {
  return { names: caseNames(basename(resolve(folder)), name), ...(series !== undefined && { series }) };
}
