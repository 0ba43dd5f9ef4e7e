export type { CaseFinding, CaseManifest, LungFigures } from "../case/manifest.ts";
export type { StageMask } from "../case/outputs.ts";
export { STAGE_MASKS } from "../case/outputs.ts";
export type { Parameters, ProfileName } from "../case/profile.ts";
export { PROFILES } from "../case/profile.ts";
export type { NoduleRecord } from "../nodules/case-nodules.ts";
export type { PixelClass, Step, StepPicture } from "../steps/step.ts";
export { CLASSES, COLOURS, FIRST_COLOUR, STEP_STAGES, STEPS } from "../steps/step.ts";
export type { Cut, Plane } from "../volume/cut.ts";
export { PLANE_AXES } from "../volume/cut.ts";
export type { Mesh } from "../volume/mesh.ts";
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
export { RUN_STAGES } from "./protocol.ts";
export { serveSession } from "./serve.ts";
