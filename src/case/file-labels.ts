import { type DigestFile, digestText } from "./digest-text.ts";

/** Names files for what is written or sent. A file of a scan may be called after its patient, so it is named by its place. */
export interface FileNamer {
  /** What a file is called; `undefined` where it is not named at all. */
  readonly file: (file: string) => string | undefined;
  /** What a folder of the input is called; folders are not named without it. */
  readonly folder?: (folder: string) => string;
  /**
   * The second line of defence: a text without the names of files and the UIDs that it should not have
   * held in the first place. Without it UIDs are cleared, see `clearUids`.
   */
  readonly text?: (text: string) => string;
}

/** Leaves every file unnamed. */
export const nameNoFile: FileNamer = { file: () => undefined };

/** Names every file by its own name. */
export const keepNames: FileNamer = {
  file: (file) => file,
  folder: (folder) => folder,
  text: (text) => text,
};

/** Five numbers or more: versions and addresses of networks have less. The standard's own UIDs are known words. */
const UID = /(?<![\d.])(?!1\.2\.840\.10008\.)[0-2](?:\.\d+){4,}(?![\d])/g;

/** A text in which nobody finds a series, a study or an image by its UID. */
export function clearUids(text: string): string {
  return text.replace(UID, "(a UID)");
}

/** What a label is made with, beside the files. */
export interface LabelTools {
  /** SHA-256 of a text, in hexadecimal; without it the labels have no hashes. */
  readonly sha256?: (text: string) => string | Promise<string>;
  /** Names of the files in an archive, in their order, as they follow the archive's own name and a `/`. */
  readonly entriesOf?: (archive: string) => Promise<readonly string[]>;
}

/** Hexadecimal digits of a label's hash. */
const DIGITS = 6;

/**
 * Labels some files of a case: `file 12 of 133 (#a1b2c3)`, by the order of their names, and
 * `file 3 of 8 in file 1 of 1 (#a1b2c3)` within an archive.
 *
 * The hash is of the file's name, size and time of change, as in the digest of the input. It tells whether
 * the file is the same still. A guessed name cannot be tested against it without size and time.
 *
 * @param files - all files of the case, in the order of their names
 * @param names - those to be labelled
 * @returns the labels by name; those of names that are none of the files say so
 */
export async function labelFiles(
  files: readonly DigestFile[],
  names: Iterable<string>,
  { sha256, entriesOf }: LabelTools,
): Promise<ReadonlyMap<string, string>> {
  const places = new Map(files.map(({ name }, i) => [name, i]));
  const labelOf = async (place: number): Promise<string> => {
    const hash = await sha256?.(digestText([files[place]!]));
    return `file ${place + 1} of ${files.length}${hash === undefined ? "" : ` (#${hash.slice(0, DIGITS)})`}`;
  };
  const labels = new Map<string, string>();
  for (const name of new Set(names)) {
    const own = places.get(name);
    const archive = own === undefined ? files.findIndex((file) => name.startsWith(`${file.name}/`)) : -1;
    if (own !== undefined) labels.set(name, await labelOf(own));
    else if (archive < 0) labels.set(name, "a file that is not listed");
    else {
      const { name: outer } = files[archive]!;
      const entries = (await entriesOf?.(outer).catch(() => [])) ?? [];
      const place = entries.indexOf(name.slice(outer.length + 1)) + 1;
      labels.set(name, `${place > 0 ? `file ${place} of ${entries.length}` : "a file"} in ${await labelOf(archive)}`);
    }
  }
  return labels;
}
