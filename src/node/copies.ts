import type { CaseFinding } from "../case/manifest.ts";
import { PleuraError } from "../errors.ts";

/** The finding that another case holds the same images. */
export function copiedScan(other: string): CaseFinding {
  return {
    code: "copied-scan",
    severity: "warning",
    message: `Another case holds a copy of this scan: ${other}`,
    hint: "Leave one of the two out where each patient is to count once",
  };
}

/** The error for a case that holds only some of the images that another case holds. */
export function partOfScan(other: string): PleuraError {
  return new PleuraError("split-series", "The case holds only some images of its series", {
    stage: "read",
    measured: `all of them are in the case ${other}`,
    limit: "all images of the series",
    hint: "Leave the incomplete copy out, or use --by series, which gathers a series wherever its files lie",
  });
}
