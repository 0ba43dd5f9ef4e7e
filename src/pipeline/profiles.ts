import type { ReadOptions } from "../dicom/read-scan.ts";
import type { OptionsOf } from "../options.ts";
import type { Part, Stage } from "./stage.ts";
import { binarize } from "./stages/binarize.ts";
import { fill } from "./stages/fill.ts";
import { hull } from "./stages/hull.ts";
import { prepare } from "./stages/prepare.ts";
import { airways } from "./stages/robust/airways.ts";
import { body } from "./stages/robust/body.ts";
import { calibrate } from "./stages/robust/calibrate.ts";
import { dense } from "./stages/robust/dense.ts";
import { gas } from "./stages/robust/gas.ts";
import { grow } from "./stages/robust/grow.ts";
import { outline } from "./stages/robust/outline.ts";
import { seeds } from "./stages/robust/seeds.ts";
import { select } from "./stages/select.ts";
import { separate } from "./stages/separate.ts";

/** A named list of stages, and what they are told where that is not their default. */
export interface Profile {
  /**
   * A number for the outputs. It goes up by one when, and only when, a version gives other bytes for the same
   * scan and parameters, the manifest aside: finished cases are done again then, and are left alone by all other
   * updates. A parameter that is added with a default that changes nothing is no reason.
   */
  readonly revision: number;
  /** How the scan is read. */
  readonly read: Pick<ReadOptions, "fillGaps" | "allowDamaged" | "precision" | "directions">;
  /** In the order in which they run. */
  readonly stages: readonly Stage[];
  /** Options that differ from the stages' defaults, by part. */
  readonly options?: Readonly<Partial<Record<Part, object>>>;
}

/**
 * Every profile. A stage is added here, and in a file of its own; a profile is one more entry.
 *
 * Source of grt123 and luna16: the published code, https://github.com/lfz/DSB2017 (grt123: preprocessing; luna16:
 * training/prepare.py).
 */
export const PROFILE_TABLE = {
  grt123: {
    // 1: with a label of float64. 2: with a label of int64.
    revision: 2,
    read: { fillGaps: false, allowDamaged: false },
    stages: [binarize, select, fill, separate, hull, prepare],
  },
  luna16: {
    revision: 1,
    read: { fillGaps: false, allowDamaged: false, precision: "double", directions: "published" },
    stages: [binarize, select, fill, separate, hull, prepare],
    options: { prepare: { hull: { maxAreaRatio: 1.5 }, precision: "double" } },
  },
  robust: {
    revision: 1,
    read: { fillGaps: false, allowDamaged: false },
    stages: [calibrate, body, airways, gas, seeds, grow, dense, outline, hull, prepare],
  },
} as const satisfies Readonly<Record<string, Profile>>;

/** Whose numbers are reproduced. */
export type ProfileName = keyof typeof PROFILE_TABLE;

/** Any stage of any profile. */
type AnyStage = (typeof PROFILE_TABLE)[ProfileName]["stages"][number];

/** Name of a stage. */
export type StageName = AnyStage["name"];

/** Name of a mask that a stage makes. */
export type StageMask = AnyStage extends infer One
  ? One extends { readonly masks: infer Masks }
    ? keyof Masks & string
    : never
  : never;

/** Name of a step that a stage tells. */
export type StepName = AnyStage["steps"][number]["name"];

/** Everything that the stages of the profiles give. */
export type Results = Intersection<ReturnType<AnyStage["run"]>>;

/** Options of all stages of a part, each of which may be left out. */
export type PartOptions<P extends Part> = Intersection<
  AnyStage extends infer One
    ? One extends { readonly part: P; readonly options: infer Options }
      ? OptionsOf<Options>
      : never
    : never
>;

/** Everything that the stages of one profile give. */
export type ResultsOf<P extends ProfileName> = Intersection<
  ReturnType<(typeof PROFILE_TABLE)[P]["stages"][number]["run"]>
>;

type Intersection<Union> = (Union extends unknown ? (one: Union) => void : never) extends (all: infer All) => void
  ? All
  : never;
