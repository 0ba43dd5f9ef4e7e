import { counted } from "../counted.ts";
import { PleuraError } from "../errors.ts";
import { safeName } from "./safe-name.ts";

/** By what a case is found in lists and folders that are given beside the scans. */
export interface CaseKeys {
  /** What stands for its Series Instance UID; missing where it has none or it is not known yet. */
  readonly series?: string;
  /** Its own names, the input's first. */
  readonly names: readonly string[];
}

/** How a case was found. */
export interface KeyMatch {
  readonly key: string;
  readonly by: "series" | "name";
}

/**
 * The names by which a case is found.
 *
 * @param input - name of the folder or file that holds it
 * @param name - of the case
 */
export function caseNames(input: string, name: string): string[] {
  const stem = input.replace(/(\.nii)?\.(gz|nii|mhd|mha|nrrd|nhdr|zip)$/i, "");
  return [...new Set([stem, name])];
}

/** Finds cases among keys: by series, else by name; numbers are equal with and without leading zeros. */
export class KeyIndex {
  private readonly keys: ReadonlySet<string>;
  private loose: ReadonlyMap<string, readonly string[]> | undefined;
  private series: ReadonlyMap<string, string> | undefined;

  /**
   * @param keys - Series Instance UIDs or names
   * @param seriesOf - what stands for a UID in {@link CaseKeys}; default: the UID itself
   */
  constructor(
    keys: Iterable<string>,
    private readonly seriesOf: (uid: string) => string = (uid) => uid,
  ) {
    this.keys = new Set(keys);
  }

  /**
   * The key of a case; `undefined` when there is none.
   *
   * @throws PleuraError `invalid-option` when several keys may be meant: they differ in leading zeros, or in
   * characters that no case name has
   */
  find({ series, names }: CaseKeys): KeyMatch | undefined {
    if (series !== undefined) {
      this.series ??= new Map(Array.from(this.keys, (key) => [this.seriesOf(key), key]));
      const key = this.series.get(series);
      if (key !== undefined) return { key, by: "series" };
    }
    const exact = names.find((name) => this.keys.has(name));
    if (exact !== undefined) return { key: exact, by: "name" };
    this.loose ??= byLooseName(this.keys);
    for (const name of names) {
      const [key, ...others] = this.loose.get(looseName(name)) ?? [];
      if (key === undefined) continue;
      if (others.length > 0) throw ambiguous(name, [key, ...others]);
      return { key, by: "name" };
    }
    return undefined;
  }
}

function ambiguous(name: string, keys: readonly string[]): PleuraError {
  return new PleuraError("invalid-option", "Several of the given names may mean this case", {
    stage: "options",
    measured: counted(keys.length, "name"),
    quote: `${keys.join(", ")} for ${name}`,
    limit: "1 name",
    hint: "Give the case the name that it has in the list or folder, or remove the other names there",
  });
}

function byLooseName(keys: Iterable<string>): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const key of keys) {
    const name = looseName(key);
    found.set(name, [...(found.get(name) ?? []), key]);
  }
  return found;
}

function looseName(name: string): string {
  return /^\d+$/.test(name) ? String(BigInt(name)) : safeName(name);
}
