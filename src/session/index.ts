export type { CaseFinding, CaseManifest, LungFigures } from "../case/manifest.ts";
export type { Parameters, ProfileName } from "../case/profile.ts";
export { PROFILES } from "../case/profile.ts";
export type { NoduleRecord } from "../nodules/case-nodules.ts";
export type { PixelClass } from "../pipeline/pixel-class.ts";
export { CLASSES, COLOURS, FIRST_COLOUR } from "../pipeline/pixel-class.ts";
export type { StageMask, StageName, StepName } from "../pipeline/profiles.ts";
export { MASK_LABELS, STAGE_MASKS } from "../pipeline/stages.ts";
export type { Pair, QualityMeasurements } from "../quality/measurements.ts";
export type { QualityCode } from "../quality/rules.ts";
export type { Quality, QualityReason, Verdict } from "../quality/verdict.ts";
export type { Cut, Plane } from "../volume/cut.ts";
export { PLANE_AXES } from "../volume/cut.ts";
export type { Mesh } from "../volume/mesh.ts";
export type { Step, StepPicture, ToldStep } from "../walkthrough/step.ts";
export { STEP_STAGES, STEP_TEXTS, STEPS } from "../walkthrough/step.ts";
export type { StepParameter } from "../walkthrough/step-parameters.ts";
export { Connection, SessionError } from "./connection.ts";
export type {
  Answer,
  CaseSummary,
  MaskName,
  Method,
  Methods,
  NodulesSummary,
  PlainError,
  Port,
  Progress,
  Request,
  RunParameters,
  RunStage,
  SavedFile,
  ScanSummary,
  StackChoice,
  ViewSlice,
} from "./protocol.ts";
export { PAGE_PARAMETERS, RUN_MASKS, RUN_STAGES, STAGE_TITLES } from "./protocol.ts";
export { serveSession } from "./serve.ts";
