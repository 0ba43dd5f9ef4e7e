/** What a digest knows of a file. */
export interface DigestFile {
  /** Path relative to the input, with `/` between folders. */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** Time of the last change, whole milliseconds since 1970. */
  readonly modified: number;
}

/**
 * The text whose SHA-256 tells whether an input has changed: a line of name, size and time of
 * change for each file. No file is opened.
 *
 * @param files - in the order of their names
 */
export function digestText(files: readonly DigestFile[]): string {
  return files.map(({ name, size, modified }) => `${name}\t${size}\t${modified}\n`).join("");
}
