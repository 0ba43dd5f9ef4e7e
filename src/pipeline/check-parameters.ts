import { PleuraError } from "../errors.ts";
import { accepts, expectedOf, isOption, type OptionTable } from "../options.ts";
import type { ProfileName } from "./profiles.ts";
import type { StageParameters } from "./run-stages.ts";
import type { Part } from "./stage.ts";
import { isGroup, stagesOf, tableOf } from "./stages.ts";

const PARTS: readonly Part[] = ["lungs", "prepare"];

/** Name that a file may have for editors, beside the parts. */
const SCHEMA_KEY = "$schema";

/**
 * Checks options of stages that come from outside: each must be one that a stage of the profile has, and within its
 * limits. `schemas/parameters.json` says the same.
 *
 * @param value - `{ lungs?: …, prepare?: … }`, each part as the manifest has it, with as few options as wanted
 * @param file - where it comes from, for the error
 * @returns the value without the name of its schema
 * @throws PleuraError `invalid-option`
 */
export function checkParameters(value: unknown, profile: ProfileName, file?: string): StageParameters {
  const table = Object.fromEntries(PARTS.map((part) => [part, tableOf(stagesOf(profile, part))]));
  const { [SCHEMA_KEY]: _, ...parameters } = isGroup(value) ? value : {};
  checkGroup(isGroup(value) ? parameters : value, table, "", { profile, file });
  return parameters;
}

function checkGroup(value: unknown, table: OptionTable, path: string, where: Where): void {
  if (!isGroup(value)) {
    throw wrong(where, `Expected an object for ${path === "" ? "the parameters" : path}`, { measured: kindOf(value) });
  }
  for (const [name, one] of Object.entries(value)) {
    const at = path === "" ? name : `${path}.${name}`;
    const entry = Object.hasOwn(table, name) ? table[name] : undefined;
    if (entry === undefined) {
      throw wrong(where, `The profile ${where.profile} has no such option`, {
        measured: path === "" ? "an unknown name" : `an unknown name in ${path}`,
        quote: at,
        limit: `one of ${Object.keys(table).join(", ")}`,
      });
    }
    if (!isOption(entry)) checkGroup(one, entry, at, where);
    else if (!accepts(entry, one)) {
      throw wrong(where, `The option ${at} is out of range`, { measured: shown(one), limit: expectedOf(entry) });
    }
  }
}

interface Where {
  readonly profile: ProfileName;
  readonly file: string | undefined;
}

function wrong(
  { file }: Where,
  what: string,
  figures: { readonly measured?: string; readonly quote?: string; readonly limit?: string },
): PleuraError {
  return new PleuraError("invalid-option", what, {
    stage: "options",
    ...(file !== undefined && { file }),
    ...figures,
    hint: "schemas/parameters.json in the package lists every option with its limits",
  });
}

/** Numbers as they are; of other values only what they are, for they are text of the input. */
function shown(value: unknown): string {
  const isNumber = (one: unknown): boolean => typeof one === "number";
  if (isNumber(value)) return String(value);
  return Array.isArray(value) && value.length <= 4 && value.every(isNumber) ? `[${value.join(", ")}]` : kindOf(value);
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "a list" : `a value of type ${typeof value}`;
}
