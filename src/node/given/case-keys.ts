import { createHash } from "node:crypto";
import { basename, resolve } from "node:path";
import { type CaseKeys, caseNames } from "../../case/key-index.ts";
import type { CaseInput } from "../cases/case-input.ts";

/** What stands for a Series Instance UID where the UID itself must not. */
export function seriesHash(uid: string): string {
  return createHash("sha256").update(uid).digest("hex").slice(0, 16);
}

/**
 * The keys of a case. One of the studies or series of a folder is not found by the name
 * of the folder, for so would be the others.
 *
 * @param input - what the case reads
 * @param name - of the case
 * @param series - from {@link seriesHash}
 */
export function caseKeys(input: CaseInput, name: string, series?: string): CaseKeys {
  const isWhole = input.only === undefined;
  const names = isWhole ? caseNames(basename(resolve(input.folder)), name) : [name];
  return { names, ...(series !== undefined && { series }) };
}
