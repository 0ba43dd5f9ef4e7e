import type { ReadOptions } from "../dicom/read-scan.ts";
import type { SegmentOptions } from "../lungs/segment.ts";
import type { LungLabels } from "../masks/lung-labels.ts";
import type { NoduleUnits } from "../nodules/annotation-table.ts";
import { LEAST_READERS } from "../nodules/lidc/least-readers.ts";
import type { PrepareOptions } from "../prepare/prepare.ts";

/** Whose numbers are reproduced. */
export type ProfileName = "grt123" | "luna16";

/** Every option of a case that changes its numbers. */
export interface Parameters {
  /** Options of `readScan`, and the study or series that is read of several, named by a hash of its UID. */
  readonly read: Pick<ReadOptions, "series" | "fillGaps" | "allowDamaged" | "precision" | "directions"> & {
    readonly only?: { readonly by: "study" | "series"; readonly key: string };
  };
  /** Options of `segmentLungs`; none where the lungs are taken from a mask. */
  readonly lungs: Omit<SegmentOptions, "onStage">;
  /** Options of `prepare`. */
  readonly prepare: Omit<PrepareOptions, "onStage">;
  /** How the labels of a mask from elsewhere were understood, when one was given. */
  readonly mask?: { readonly labels: LungLabels | "recognised" };
  /** How annotations were understood, when they were given. */
  readonly nodules?: { readonly readers: number; readonly units: NoduleUnits | "recognised" };
}

/**
 * All parameters of each profile, spelled out so that a manifest says what was done.
 *
 * Source: the published code, https://github.com/lfz/DSB2017 (grt123: preprocessing; luna16:
 * training/prepare.py).
 */
export const PROFILES: Readonly<Record<ProfileName, Parameters>> = {
  grt123: {
    read: { fillGaps: false, allowDamaged: false },
    lungs: {
      binarize: { threshold: -600, sigma: 1, minArea: 30, maxEccentricity: 0.99, cornerSize: 10 },
      select: { volumeLimits: [0.68, 7.5], minSliceArea: 6000, maxDistance: 62 },
      cutStep: 2,
      separate: { maxErosions: 22, maxRatio: 4.8, cover: 0.95 },
    },
    prepare: {
      hull: { maxAreaRatio: 2, iterations: 10 },
      window: [-1200, 600],
      padValue: 170,
      boneThreshold: 210,
      newSpacing: [1, 1, 1],
      order: 1,
      margin: [5, 10],
    },
  },
  luna16: {
    read: { fillGaps: false, allowDamaged: false, precision: "double", directions: "published" },
    lungs: {},
    prepare: {
      hull: { maxAreaRatio: 1.5, iterations: 10 },
      window: [-1200, 600],
      padValue: 170,
      boneThreshold: 210,
      newSpacing: [1, 1, 1],
      precision: "double",
      order: 1,
      margin: [5, 10],
    },
  },
};

/**
 * A number for the outputs of each profile. It goes up by one when, and only when, a version gives other
 * bytes for the same scan and parameters, the manifest aside: finished cases are done again then, and are left
 * alone by all other updates. A parameter that is added with a default that changes nothing is no reason.
 *
 * - grt123: 1, with a label of float64; 2, with a label of int64
 * - luna16: 1
 */
export const REVISIONS: Readonly<Record<ProfileName, number>> = { grt123: 2, luna16: 1 };

/** What a user wishes that changes a case's numbers. */
export interface Wish extends Pick<Parameters["read"], "series" | "fillGaps" | "allowDamaged" | "only"> {
  readonly profile?: ProfileName;
  /** Where masks lie; only whether there are any counts here. */
  readonly lungs?: string;
  readonly lungLabels?: LungLabels;
  /** Where annotations lie; only whether there are any counts here. */
  readonly nodules?: string;
  readonly readers?: number;
  readonly noduleUnits?: NoduleUnits;
}

/** The parameters of a profile, with what the user wishes. */
export function parametersOf(wish: Wish): Parameters {
  const { profile = "grt123", series, fillGaps, allowDamaged, only } = wish;
  const { read, lungs, ...others } = PROFILES[profile];
  return {
    // As a text, so that series 2 and "2" are one and the same.
    read: {
      ...read,
      ...(series !== undefined && { series: String(series) }),
      ...(fillGaps !== undefined && { fillGaps }),
      ...(only !== undefined && { only }),
      ...(allowDamaged !== undefined && { allowDamaged }),
    },
    lungs: wish.lungs === undefined ? lungs : {},
    ...others,
    ...(wish.lungs !== undefined && { mask: { labels: wish.lungLabels ?? "recognised" } }),
    ...(wish.nodules !== undefined && {
      nodules: { readers: wish.readers ?? LEAST_READERS, units: wish.noduleUnits ?? "recognised" },
    }),
  };
}

/**
 * Parameters of an earlier version, completed by those that have been added since: their defaults give
 * what was given before there was a choice, or the profile's revision had changed.
 */
export function completeParameters(profile: ProfileName, earlier: Parameters): Parameters {
  const { lungs, ...others } = PROFILES[profile];
  // Where the lungs are taken from a mask, none of the options by which they are found is missing.
  return withDefaults(earlier, earlier.mask === undefined ? { lungs, ...others } : others) as Parameters;
}

function withDefaults(value: unknown, defaults: unknown): unknown {
  if (value === undefined) return defaults;
  if (!isPlain(value) || !isPlain(defaults)) return value;
  const keys = new Set([...Object.keys(value), ...Object.keys(defaults)]);
  return Object.fromEntries([...keys].map((key) => [key, withDefaults(value[key], defaults[key])]));
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
