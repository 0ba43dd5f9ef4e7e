import { defaultsOf, type OptionTable } from "../options.ts";
import { PROFILE_TABLE, type Profile, type ProfileName, type StageMask } from "./profiles.ts";
import type { Part, Stage } from "./stage.ts";

/** The stages of a profile in their order, or those of one part. */
export function stagesOf(profile: ProfileName, part?: Part): readonly Stage[] {
  const { stages }: Profile = PROFILE_TABLE[profile];
  return part === undefined ? stages : stages.filter((stage) => stage.part === part);
}

/** The masks that some stages make, in the order in which they are made. */
export function masksOf(stages: readonly Stage[]): StageMask[] {
  return stages.flatMap(({ masks }) => Object.keys(masks) as StageMask[]);
}

/** The masks that a case of a profile has; lungs from a mask take the place of the stages that find them. */
export function caseMasks(profile: ProfileName, lungs: "found" | "given"): StageMask[] {
  if (lungs === "found") return masksOf(stagesOf(profile));
  return ["lung1", "lung2", ...masksOf(stagesOf(profile, "prepare"))];
}

/** Every mask of every profile. */
export const STAGE_MASKS: readonly StageMask[] = [
  ...new Set(Object.keys(PROFILE_TABLE).flatMap((profile) => masksOf(stagesOf(profile as ProfileName)))),
];

/** What the page calls each mask. */
export const MASK_LABELS: Readonly<Record<StageMask, string>> = Object.fromEntries(
  Object.keys(PROFILE_TABLE)
    .flatMap((profile) => stagesOf(profile as ProfileName))
    .flatMap(({ masks }) => Object.entries(masks).map(([name, { label }]) => [name, label])),
) as Record<StageMask, string>;

/** All options of one part of a profile: the stages' defaults, with what the profile tells them. */
export function optionsOf(profile: ProfileName, part: Part): object {
  const { options }: Profile = PROFILE_TABLE[profile];
  return overlay(defaultsOf(tableOf(stagesOf(profile, part))), options?.[part]) as object;
}

/** The options of several stages, side by side. */
export function tableOf(stages: readonly Stage[]): OptionTable {
  return Object.assign({}, ...stages.map(({ options }) => options));
}

/** Values, with others laid over them; lists are taken whole. */
export function overlay(below: unknown, above: unknown): unknown {
  if (above === undefined) return below;
  if (!isGroup(below) || !isGroup(above)) return above;
  const keys = new Set([...Object.keys(below), ...Object.keys(above)]);
  return Object.fromEntries([...keys].map((key) => [key, overlay(below[key], above[key])]));
}

/** Whether a value is an object with names, not a list. */
export function isGroup(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
