import type { ProfileName } from "../case/profile.ts";
import { PleuraError } from "../errors.ts";
import { checkParameters } from "../pipeline/check-parameters.ts";
import type { StageParameters } from "../pipeline/run-stages.ts";
import { readSmallFile } from "./small-file.ts";

/** A file of parameters has some hundred bytes. */
const MOST_BYTES = 2 ** 20;

/**
 * Reads a file of parameters, as `--params` takes it and the page saves it.
 *
 * @param profile - whose stages the options are for
 * @throws PleuraError `not-found` when it cannot be read, `invalid-option` when it is not JSON, has an option that the
 * profile does not have, or a value that is out of range
 */
export function readParameters(file: string, profile: ProfileName): StageParameters {
  return checkParameters(parseJson(textOf(file), file), profile, file);
}

function textOf(file: string): string {
  try {
    return readSmallFile(file, { most: MOST_BYTES });
  } catch (cause) {
    throw new PleuraError("not-found", "The file of parameters cannot be read", { stage: "options", file, cause });
  }
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new PleuraError("invalid-option", "The file of parameters is not JSON", {
      stage: "options",
      file,
      hint: 'Write an object such as {"lungs": {"binarize": {"threshold": -500}}}',
    });
  }
}
