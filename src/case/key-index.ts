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
  private loose: ReadonlyMap<string, string> | undefined;
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

  /** The key of a case; `undefined` when there is none. */
  find({ series, names }: CaseKeys): KeyMatch | undefined {
    if (series !== undefined) {
      this.series ??= new Map(Array.from(this.keys, (key) => [this.seriesOf(key), key]));
      const key = this.series.get(series);
      if (key !== undefined) return { key, by: "series" };
    }
    const exact = names.find((name) => this.keys.has(name));
    if (exact !== undefined) return { key: exact, by: "name" };
    this.loose ??= looseNames(this.keys);
    for (const name of names) {
      const key = this.loose.get(looseName(name));
      if (key !== undefined) return { key, by: "name" };
    }
    return undefined;
  }
}

/** Keys by their loose names. A name that several keys share is nobody's: which of them is meant cannot be told. */
function looseNames(keys: Iterable<string>): Map<string, string> {
  const found = new Map<string, string>();
  const shared = new Set<string>();
  for (const key of keys) {
    const name = looseName(key);
    if (found.has(name)) shared.add(name);
    found.set(name, key);
  }
  for (const name of shared) found.delete(name);
  return found;
}

function looseName(name: string): string {
  return /^\d+$/.test(name) ? String(BigInt(name)) : safeName(name);
}
