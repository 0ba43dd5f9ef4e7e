import type { CaseFinding, LungFigures } from "../case/manifest.ts";
import type { Parameters } from "../case/profile.ts";
import type { Finding } from "../dicom/findings.ts";
import type { ErrorCode, Stage } from "../errors.ts";
import type { LeftOut } from "../nodules/annotation.ts";
import type { NoduleFinding, NoduleRecord } from "../nodules/case-nodules.ts";
import type { PhantomOptions } from "../phantom/options.ts";
import type { StageMask, StageName } from "../pipeline/profiles.ts";
import { caseMasks, stagesOf } from "../pipeline/stages.ts";
import type { Quality } from "../quality/verdict.ts";
import type { Affine } from "../volume/affine.ts";
import type { Cut } from "../volume/cut.ts";
import type { Mesh } from "../volume/mesh.ts";
import type { Triple } from "../volume/volume.ts";
import type { Step, StepPicture } from "../walkthrough/step.ts";
import { stepParameters } from "../walkthrough/step-parameters.ts";

/** The stages of a run, in their order; reading comes before them. */
export const RUN_STAGES = stagesOf("grt123").map(({ name }) => name as StageName);

/** What each of them does, in a few words. */
export const STAGE_TITLES: Readonly<Record<string, string>> = Object.fromEntries(
  stagesOf("grt123").map(({ name, title }) => [name, title]),
);

/** The masks that a run makes, in their order. */
export const RUN_MASKS = caseMasks("grt123", "found");

/** The numbers that the page offers for change, in the order of the steps. */
export const PAGE_PARAMETERS = stepParameters("grt123");

/** One of {@link RUN_STAGES}. */
export type RunStage = StageName;

/** Masks that can be laid over a slice or seen in 3-D; `lungs` tells right from left. */
export type MaskName = StageMask | "lungs" | "right" | "left" | "bones";

/** What a run is made with; what reading is made with belongs to `open`. */
export type RunParameters = Omit<Parameters, "read">;

/** Files that a session can give out. */
export type SavedFile =
  | "clean"
  | "label"
  | "lungs"
  | "surface"
  | "glb"
  | "nodules"
  | "manifest"
  | "parameters"
  | "seg"
  | "rtstruct";

/** One of several stacks that could be opened instead. */
export interface StackChoice {
  /** Folders that hold the images, relative to what was opened; `.` for itself. */
  readonly folders: readonly string[];
  readonly seriesUid: string;
  readonly seriesNumber: number | undefined;
  readonly plane: string;
  readonly images: number;
  readonly shape: Triple | undefined;
  readonly spacing: Triple | undefined;
  /** Whether this one is open. */
  readonly opened: boolean;
  /** Whether this one is taken when no series is asked for. */
  readonly usual: boolean;
  readonly findings: readonly Finding[];
  /** Whether it is not opened as it is: for a finding that is fatal, or for the error. */
  readonly refused: boolean;
  /** Whether it is opened when its gaps may be filled. */
  readonly fillable: boolean;
  /** Why it makes no volume at all. */
  readonly error: string | undefined;
}

/** The scan that was opened. */
export interface ScanSummary {
  readonly name: string;
  readonly shape: Triple;
  readonly spacing: Triple;
  readonly affine: Affine;
  readonly findings: readonly Finding[];
  readonly files: number;
  readonly skipped: number;
  /** Whether its headers say all that a DICOM SEG or RTSTRUCT has to repeat. */
  readonly hasOrigin: boolean;
  /** What else could be opened; empty when there is no choice. */
  readonly stacks: readonly StackChoice[];
}

/** What a run found, in numbers. */
export interface CaseSummary {
  readonly lungs: LungFigures;
  /** How far the lungs may be trusted, and why. */
  readonly quality: Quality;
  /** What the reader noticed, and what the segmentation should be doubted for. */
  readonly findings: readonly CaseFinding[];
  /** A voxel of a lung, `[z, y, x]`: in the middle of the slice that shows most of the lungs. */
  readonly inLung: Triple;
  /** True voxels of each stage's mask. */
  readonly voxels: Readonly<Record<StageMask, number>>;
  readonly cleanShape: Triple;
  readonly milliseconds: Readonly<Record<string, number>>;
}

/** Annotated nodules of the open scan. */
export interface NodulesSummary {
  /** Placed in the scan, see `NoduleRecord`. */
  readonly nodules: readonly NoduleRecord[];
  readonly leftOut: readonly LeftOut[];
  readonly findings: readonly NoduleFinding[];
}

/** A slice to be looked at: the head at the top, the patient's left on the right, the front at the top or left. */
export interface ViewSlice extends Cut {
  readonly width: number;
  readonly height: number;
  /** Hounsfield units, row by row. */
  readonly values: Int16Array;
  /** 0 outside the overlay's mask, 1 inside; of the lungs 1 is right, 2 is left. */
  readonly overlay: Uint8Array;
}

/**
 * What can be asked of a session, with what it answers.
 *
 * ```
 *        page                            worker
 *          │  Request {id, method, args}   │
 *          │ ────────────────────────────▶ │ warmUp: compiles what the first scan will need
 *          │                               │ open, phantom: reads or makes a scan, forgets the last one
 *          │   Progress {stage, …}         │ inspect: tells what could be opened; what is open stays
 *          │ ◀──────────────────────────── │ run: from the first stage whose parameters changed
 *          │                               │   (between two stages the rest is answered: slice at once,
 *          │                               │   picture and surface when their stage has run, save at the end;
 *          │                               │   when a stage fails, what the stages before it found stays)
 *          │   Reply {id, value | error}   │ slice, picture, surface, annotate, save: of what is there
 *          │ ◀──────────────────────────── │
 * ```
 *
 * Typed arrays in a reply are made for it and transferred. To cancel, the page ends the worker.
 */
export interface Methods {
  warmUp: { args: Readonly<Record<string, never>>; value: Readonly<Record<string, never>> };
  open: {
    args: { readonly files: readonly File[]; readonly name: string; readonly read: Parameters["read"] };
    value: ScanSummary;
  };
  inspect: { args: { readonly files: readonly File[] }; value: readonly StackChoice[] };
  phantom: { args: PhantomOptions; value: ScanSummary };
  run: { args: RunParameters; value: CaseSummary };
  slice: { args: Cut & { readonly overlay: MaskName }; value: ViewSlice };
  picture: { args: Cut & { readonly step: Step }; value: StepPicture };
  surface: { args: { readonly of: MaskName }; value: Mesh };
  annotate: { args: { readonly file?: File }; value: NodulesSummary };
  save: { args: { readonly file: SavedFile }; value: { readonly name: string; readonly bytes: Uint8Array } };
}

/** Name of a method. */
export type Method = keyof Methods;

/** Page → worker. */
export type Request = {
  [M in Method]: { readonly id: number; readonly method: M; readonly args: Methods[M]["args"] };
}[Method];

/** How far a stage is. */
export interface Progress {
  readonly stage: Stage;
  /** Share that is done, 0 to 1. */
  readonly done: number;
  /** How long the stage took, once it has ended. */
  readonly milliseconds?: number;
}

/** An error as it crosses from worker to page. */
export interface PlainError {
  readonly code: ErrorCode | "unexpected";
  readonly stage: Stage | undefined;
  /** For the user. */
  readonly message: string;
  /** The step at which a run failed; absent for all other errors. */
  readonly step?: Step;
}

/** Worker → page. */
export type Answer =
  | { readonly kind: "progress"; readonly progress: Progress }
  | { readonly kind: "reply"; readonly id: number; readonly value: Methods[Method]["value"] }
  | { readonly kind: "error"; readonly id: number; readonly error: PlainError };

/** What a worker and a page have in common as ends of a channel. */
export interface Port {
  /** Sends to the other end; what is transferred is gone here. */
  postMessage(message: unknown, transfer?: Transferable[]): void;
  /** Receives from the other end. */
  onmessage: ((event: MessageEvent) => void) | null;
}
