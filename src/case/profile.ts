import type { ReadOptions } from "../dicom/read-scan.ts";
import { PleuraError } from "../errors.ts";
import type { LungLabels } from "../masks/lung-labels.ts";
import { type ModelRecipe, parseRecipe } from "../model/recipe.ts";
import type { NoduleUnits } from "../nodules/annotation-table.ts";
import { LEAST_READERS } from "../nodules/lidc/least-readers.ts";
import { checkParameters } from "../pipeline/check-parameters.ts";
import { type PartOptions, PROFILE_TABLE, type ProfileName } from "../pipeline/profiles.ts";
import type { StageParameters } from "../pipeline/run-stages.ts";
import { optionsOf, overlay } from "../pipeline/stages.ts";

export type { ProfileName } from "../pipeline/profiles.ts";

/** Every option of a case that changes its numbers. */
export interface Parameters {
  /** Options of `readScan`, and the study or series that is read of several, named by a hash of its UID. */
  readonly read: Pick<ReadOptions, "series" | "fillGaps" | "allowDamaged" | "precision" | "directions"> & {
    readonly only?: { readonly by: "study" | "series"; readonly key: string };
  };
  /** Options of the stages that find the lungs; none where the lungs are given, or found by a model. */
  readonly lungs: PartOptions<"lungs">;
  /** Options of the stages that follow. */
  readonly prepare: PartOptions<"prepare">;
  /** How the labels of a mask from elsewhere were understood, when one was given. */
  readonly mask?: { readonly labels: LungLabels | "recognised" };
  /** The recipe of the model that found the lungs, when one did. */
  readonly model?: ModelRecipe;
  /** How annotations were understood, when they were given. */
  readonly nodules?: { readonly readers: number; readonly units: NoduleUnits | "recognised" };
}

/** All parameters of each profile, spelled out so that a manifest says what was done. */
export const PROFILES = eachProfile(
  (name): Parameters => ({
    read: PROFILE_TABLE[name].read,
    lungs: optionsOf(name, "lungs"),
    prepare: optionsOf(name, "prepare"),
  }),
);

/** The number of the outputs of each profile, see `Profile`. */
export const REVISIONS = eachProfile((name): number => PROFILE_TABLE[name].revision);

function eachProfile<T>(make: (name: ProfileName) => T): Readonly<Record<ProfileName, T>> {
  const names = Object.keys(PROFILE_TABLE) as ProfileName[];
  return Object.fromEntries(names.map((name) => [name, make(name)])) as Record<ProfileName, T>;
}

/** What a user wishes that changes a case's numbers. */
export interface Wish extends Pick<Parameters["read"], "series" | "fillGaps" | "allowDamaged" | "only"> {
  readonly profile?: ProfileName;
  /** Options of stages that are not to have the profile's values. */
  readonly params?: StageParameters;
  /** Where masks lie; only whether there are any counts here. */
  readonly lungs?: string;
  readonly lungLabels?: LungLabels;
  /** Where a model lies; only whether there is one counts here. */
  readonly model?: string;
  readonly modelRecipe?: Partial<ModelRecipe>;
  /** Where annotations lie; only whether there are any counts here. */
  readonly nodules?: string;
  readonly readers?: number;
  readonly noduleUnits?: NoduleUnits;
}

/**
 * The parameters of a profile, with what the user wishes.
 *
 * @throws PleuraError `invalid-option` for options that the profile does not have, that are out of range, or that
 * are for finding lungs which are given
 */
export function parametersOf(wish: Wish): Parameters {
  const { profile = "grt123", series, fillGaps, allowDamaged, only } = wish;
  const { read, lungs, prepare } = PROFILES[profile];
  const params = wish.params === undefined ? {} : checkParameters(wish.params, profile);
  if (wish.lungs !== undefined && wish.model !== undefined) {
    throw new PleuraError("invalid-option", "The lungs come from masks, so there is nothing for a model to find", {
      stage: "options",
      hint: "Leave out --lungs or --model",
    });
  }
  const source = wish.lungs !== undefined ? "masks" : wish.model !== undefined ? "a model" : undefined;
  if (source !== undefined && Object.keys(params.lungs ?? {}).length > 0) {
    throw new PleuraError("invalid-option", `The lungs come from ${source}, so there is nothing to find them by`, {
      stage: "options",
      measured: `parameters for ${Object.keys(params.lungs ?? {}).join(", ")}`,
      hint: `Leave lungs out of the parameters, or leave ${source === "masks" ? "--lungs" : "--model"} out`,
    });
  }
  return {
    // As a text, so that series 2 and "2" are one and the same.
    read: {
      ...read,
      ...(series !== undefined && { series: String(series) }),
      ...(fillGaps !== undefined && { fillGaps }),
      ...(only !== undefined && { only }),
      ...(allowDamaged !== undefined && { allowDamaged }),
    },
    lungs: source === undefined ? (overlay(lungs, params.lungs) as Parameters["lungs"]) : {},
    prepare: overlay(prepare, params.prepare) as Parameters["prepare"],
    ...(wish.lungs !== undefined && { mask: { labels: wish.lungLabels ?? "recognised" } }),
    ...(wish.model !== undefined && { model: recipeOf(wish) }),
    ...(wish.nodules !== undefined && {
      nodules: { readers: wish.readers ?? LEAST_READERS, units: wish.noduleUnits ?? "recognised" },
    }),
  };
}

/** The recipe of a model, with the labels that the user names. */
function recipeOf({ modelRecipe = {}, lungLabels }: Wish): ModelRecipe {
  return parseRecipe({ ...modelRecipe, ...(lungLabels && { labels: lungLabels }) });
}

/**
 * Parameters of an earlier version, completed by those that have been added since: their defaults give
 * what was given before there was a choice, or the profile's revision had changed.
 */
export function completeParameters(profile: ProfileName, earlier: Parameters): Parameters {
  const { lungs, ...others } = PROFILES[profile];
  // Where the lungs are given, or found by a model, none of the options by which they are found is missing.
  const isFound = earlier.mask === undefined && earlier.model === undefined;
  return overlay(isFound ? { lungs, ...others } : others, earlier) as Parameters;
}
