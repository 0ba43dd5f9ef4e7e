import { PleuraError } from "../errors.ts";

/**
 * Bytes of the longest case name. File names have 255; what a case's files add to the name, and the
 * temporary names of those files, fit into the rest.
 */
const MOST_BYTES = 200;
/** Characters of a refused name that a message repeats. */
const MOST_SHOWN = 100;

/**
 * Makes a folder's name safe to begin a file name with: anything but letters, digits, `.`, `_` and
 * `-` becomes `_`, and neither a dot nor a dash leads.
 */
export function safeName(name: string): string {
  const safe = name.normalize("NFC").replace(/[^\p{L}\p{N}._-]+/gu, "_");
  return safe.replace(/^[.-]/, "_") || "case";
}

/**
 * Refuses a case name that could lead to files outside of the output folder, or to names that are
 * too long for a file. Everything that reads or writes files by a case's name asks here first.
 *
 * @throws PleuraError `invalid-option`
 */
export function checkCaseName(name: unknown): asserts name is string {
  if (typeof name !== "string" || safeName(name) !== name) {
    throw new PleuraError("invalid-option", "This name cannot be the name of a case", {
      stage: "options",
      measured: typeof name === "string" ? JSON.stringify(name.slice(0, MOST_SHOWN)) : typeof name,
      limit: "letters, digits, '.', '_' and '-', beginning with neither a dot nor a dash",
      hint: "safeName turns any text into such a name",
    });
  }
  const bytes = new TextEncoder().encode(name).length;
  if (bytes <= MOST_BYTES) return;
  throw new PleuraError("invalid-option", "This name is too long for the name of a case", {
    stage: "options",
    measured: `${bytes} bytes`,
    limit: `${MOST_BYTES} bytes`,
    hint: "Give the folder a shorter name",
  });
}

/** Whether {@link checkCaseName} accepts a name. */
export function isCaseName(name: unknown): name is string {
  try {
    checkCaseName(name);
    return true;
  } catch {
    return false;
  }
}
