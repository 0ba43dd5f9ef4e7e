import { createHash } from "node:crypto";
import { basename, resolve } from "node:path";
import { safeName } from "../../case/safe-name.ts";

/** By what a case is found in lists and folders that are given beside the scans. */
export interface CaseKeys {
  /** From {@link seriesHash}; missing where the scan has no Series Instance UID or it is not known yet. */
  readonly series?: string;
  /** Its own names, the input's first. */
  readonly names: readonly string[];
}

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
  const input = basename(resolve(folder)).replace(/(\.nii)?\.(gz|nii|mhd|mha|nrrd|nhdr|zip)$/i, "");
  return { names: [...new Set([input, name])], ...(series !== undefined && { series }) };
}

/** How a case was found. */
export interface KeyMatch {
  readonly key: string;
  readonly by: "series" | "name";
}

/** Finds cases among keys: by series, else by name; numbers are equal with and without leading zeros. */
export class KeyIndex {
  private readonly keys: ReadonlySet<string>;
  private loose: ReadonlyMap<string, string> | undefined;
  private hashes: ReadonlyMap<string, string> | undefined;

  constructor(keys: Iterable<string>) {
    this.keys = new Set(keys);
  }

  /** The key of a case; `undefined` when there is none. */
  find({ series, names }: CaseKeys): KeyMatch | undefined {
    if (series !== undefined) {
      this.hashes ??= new Map(Array.from(this.keys, (key) => [seriesHash(key), key]));
      const key = this.hashes.get(series);
      if (key !== undefined) return { key, by: "series" };
    }
    const exact = names.find((name) => this.keys.has(name));
    if (exact !== undefined) return { key: exact, by: "name" };
    this.loose ??= new Map(Array.from(this.keys, (key) => [looseName(key), key]));
    for (const name of names) {
      const key = this.loose.get(looseName(name));
      if (key !== undefined) return { key, by: "name" };
    }
    return undefined;
  }
}

function looseName(name: string): string {
  return /^\d+$/.test(name) ? String(BigInt(name)) : safeName(name);
}
