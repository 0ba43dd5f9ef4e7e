import { clearUids, type FileNamer } from "./file-labels.ts";
import type { CaseFinding } from "./manifest.ts";

/** A finding in short: `corrected tilt (15.00° …; limit 0.2°)`. */
export function findingText({ severity, code, measured, limit }: Omit<CaseFinding, "message">): string {
  const figures = [measured, limit === undefined ? undefined : `limit ${limit}`].filter((part) => part !== undefined);
  return `${severity} ${code}${figures.length === 0 ? "" : ` (${figures.join("; ")})`}`;
}

/** More files than this are not named on a line. */
const MOST_NAMED = 3;

/** A finding on one line, with the files concerned, for the person at the terminal. */
export function findingLine(finding: CaseFinding): string {
  const { message, files = [], quote } = finding;
  const named = files.slice(0, MOST_NAMED).join(", ");
  const others = files.length > MOST_NAMED ? ` and ${files.length - MOST_NAMED} more` : "";
  const found = quote === undefined ? "" : ` (${JSON.stringify(quote)})`;
  return `${findingText(finding)}: ${message}${found}${named === "" ? "" : `: ${named}${others}`}`;
}

/** The finding as it may be written or sent: without text of the input, its files named by their labels. */
export function writtenFinding(finding: CaseFinding, namer: FileNamer): CaseFinding {
  const { quote: _, files = [], message, measured, limit, hint, ...known } = finding;
  const text = namer.text ?? clearUids;
  const named = files.map((file) => namer.file(file)).filter((label) => label !== undefined);
  return {
    ...known,
    message: text(message),
    ...(measured !== undefined && { measured: text(measured) }),
    ...(limit !== undefined && { limit: text(limit) }),
    ...(hint !== undefined && { hint: text(hint) }),
    ...(named.length > 0 && { files: named }),
  };
}
