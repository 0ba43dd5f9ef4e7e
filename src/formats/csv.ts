/** A line of a text, with its number from 1 and where it lies in the text. */
export interface TextLine {
  readonly number: number;
  readonly start: number;
  readonly end: number;
}

/** The lines of a text that are not blank; LF and CRLF end a line, a byte order mark is skipped. */
export function* linesOf(text: string): Generator<TextLine, void, undefined> {
  let number = 0;
  for (let start = text.charCodeAt(0) === 0xfeff ? 1 : 0; start < text.length; ) {
    const next = text.indexOf("\n", start);
    const stop = next < 0 ? text.length : next;
    const end = text.charCodeAt(stop - 1) === 13 && stop > start ? stop - 1 : stop;
    number++;
    if (text.slice(start, end).trim() !== "") yield { number, start, end };
    start = stop + 1;
  }
}

/**
 * The cells of one line of comma-separated values, without the blanks around them. A cell in double
 * quotes may hold commas, and quotes written twice.
 *
 * Source: https://www.rfc-editor.org/rfc/rfc4180, without line breaks inside quotes.
 *
 * @returns `undefined` when a quote is not closed, or text follows a closed one
 */
export function splitCells(line: string): string[] | undefined {
  if (!line.includes('"')) return line.split(",").map((cell) => cell.trim());
  const cells: string[] = [];
  for (let at = 0; ; ) {
    const [whole, quoted, plain] = /^\s*(?:"((?:[^"]|"")*)"\s*|([^",]*))(?=,|$)/.exec(line.slice(at)) ?? [];
    if (whole === undefined) return undefined;
    cells.push(quoted === undefined ? plain!.trim() : quoted.replaceAll('""', '"'));
    at += whole.length + 1;
    if (at > line.length) return cells;
  }
}
