import type { WriteStream } from "node:tty";

/** Back to the first column, and nothing to the right of it any more. */
const CLEAR = "\r\u001b[K";
/** A line is drawn so often at most, ms. */
const INTERVAL = 100;
/** For terminals that do not say how wide they are. */
const USUAL_WIDTH = 80;

/**
 * One line that stands below all that a program prints, and changes in place.
 *
 * It writes to the row of the cursor alone: it never moves the cursor up and never restores a
 * position, so nothing that was printed can be overwritten, whatever scrolls. For the same reason it
 * is always shorter than a row: a line that wraps would have to be taken away from two.
 */
export class StatusLine {
  private text: string | undefined;
  private isDrawn = false;
  private drawnAt = Number.NEGATIVE_INFINITY;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly terminal: Pick<WriteStream, "columns" | "write">) {}

  /** Shows a text, soon. */
  show(text: string): void {
    this.text = text;
    const wait = this.drawnAt + INTERVAL - performance.now();
    if (wait <= 0) this.draw();
    else this.timer ??= setTimeout(() => this.draw(), wait).unref();
  }

  /** Prints whole lines above it, to wherever `print` writes them. */
  above(print: () => void): void {
    this.erase();
    print();
    this.draw();
  }

  /** Takes it away; it comes back when there is something to show. */
  clear(): void {
    this.erase();
    this.text = undefined;
  }

  private draw(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.text === undefined) return;
    this.terminal.write(CLEAR + fitted(this.text, (this.terminal.columns || USUAL_WIDTH) - 1));
    this.isDrawn = true;
    this.drawnAt = performance.now();
  }

  private erase(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.isDrawn) this.terminal.write(CLEAR);
    this.isDrawn = false;
  }
}

/**
 * As much of a text as fits into so many columns for certain: terminals disagree about how wide
 * characters are, and no character takes more than two cells.
 */
export function fitted(text: string, columns: number): string {
  let used = 0;
  let fit = "";
  for (const character of text) {
    // What controls the terminal, or cannot be seen, is no part of a name.
    const shown = /\p{C}/u.test(character) ? "?" : character;
    used += shown < "\u0300" ? 1 : 2;
    if (used > columns) break;
    fit += shown;
  }
  return fit;
}
