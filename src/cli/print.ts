/**
 * What a terminal could take for a command or that would break or turn a line: control characters (C0 with
 * escape, DEL, C1), line and paragraph separators, and the marks that change the direction of writing.
 */
const UNPRINTABLE = /[\p{Cc}\u2028\u2029\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]/gu;

/** Text as it may be printed within a line: every control character as `\u001b`, which JSON reads back. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/**
 * Prints one line. All that a command writes to standard output and error goes through here or through
 * {@link printText}, the drawing of the progress bar aside: names of files and texts of headers may hold anything.
 */
export function printLine(line: string, stream: NodeJS.WriteStream = process.stdout): void {
  stream.write(`${printable(line)}\n`);
}

/** Prints text of several lines, such as JSON or help, that ends with a line break of its own. */
export function printText(text: string, stream: NodeJS.WriteStream = process.stdout): void {
  stream.write(text.split("\n").map(printable).join("\n"));
}

/**
 * Whether names of files, and other text of the input, are for a person who looks at a terminal. What is
 * redirected is written somewhere, and names files as a manifest does (docs/PRIVACY.md).
 */
export function isForPerson(stream: NodeJS.WriteStream): boolean {
  return stream.isTTY === true;
}
