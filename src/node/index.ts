export type {
  CaseFinding,
  CaseManifest,
  ExtraOutputs,
  GivenDigests,
  Hashes,
  LungFigures,
  Provenance,
} from "../case/manifest.ts";
export type { MeshedStructure, MeshFormat, OutputNames } from "../case/outputs.ts";
export { outputNames } from "../case/outputs.ts";
export type { Parameters, ProfileName } from "../case/profile.ts";
export { PROFILES, REVISIONS } from "../case/profile.ts";
export { safeName } from "../case/safe-name.ts";
export type { Fold } from "../case/splits.ts";
export type { DecodePool } from "../dicom/spread-frames.ts";
export type { CheckedCase, CheckedNodule, NoduleTrouble } from "../nodules/check-labels.ts";
export type { StageMask } from "../pipeline/profiles.ts";
export type { StageParameters } from "../pipeline/run-stages.ts";
export type { Part } from "../pipeline/stage.ts";
export { STAGE_MASKS } from "../pipeline/stages.ts";
export type { Pair, QualityMeasurements } from "../quality/measurements.ts";
export type { QualityCode } from "../quality/rules.ts";
export type { MinQuality, Quality, QualityReason, Verdict } from "../quality/verdict.ts";
export type { PrepAllOptions } from "./batch.ts";
export { prepAll } from "./batch.ts";
export type { CasePreview } from "./case-preview.ts";
export type { CaseFolder, CaseInput, CaseKnowledge, Selector } from "./cases/case-input.ts";
export type { CaseOptions, GroupBy, LookCost } from "./cases/case-options.ts";
export { findCases } from "./cases/find-cases.ts";
export type { IndexCost } from "./cases/header-index.ts";
export { casesOf } from "./cases/plan-cases.ts";
export type { LabelCheck } from "./check-labels.ts";
export { checkOutputs } from "./check-labels.ts";
export type { ConvertOptions } from "./convert.ts";
export { convertScan } from "./convert.ts";
export { makeDecodePool } from "./decode-pool.ts";
export type { DryRunOptions, PlannedCase } from "./dry-run.ts";
export { dryRun } from "./dry-run.ts";
export type { CaseFailure } from "./failure.ts";
export type { CaseStatus, StatusOptions } from "./folder-status.ts";
export { folderStatus } from "./folder-status.ts";
export type { AnnotationReport } from "./given/annotation-tally.ts";
export type { GivenOptions } from "./given/given.ts";
export { writeHtmlReport } from "./html/html-report.ts";
export { inputDigest } from "./input-files.ts";
export type { ImageReport, Inspection, StackReport } from "./inspect-series.ts";
export { inspectSeries } from "./inspect-series.ts";
export type { SplitOptions, Splits } from "./make-splits.ts";
export { makeSplits } from "./make-splits.ts";
export type { Staleness, Wanted } from "./manifest.ts";
export { isDone, readManifest, stalenessOf } from "./manifest.ts";
export type { MapOptions, MappedDetection, MappedDetections } from "./map-detections.ts";
export { mapDetections } from "./map-detections.ts";
export { prepCase } from "./prep-case.ts";
export type { CaseResult, PrepCaseOptions } from "./prep-options.ts";
export type { FileScan, ReadSeriesOptions } from "./read-series.ts";
export { readSeries } from "./read-series.ts";
export type { ReadSurfacesOptions } from "./read-surfaces.ts";
export { readSurfaces } from "./read-surfaces.ts";
export type { CaseEnd, RunReport } from "./run-report.ts";
export type { ServedPage, ServePageOptions } from "./serve-page.ts";
export { servePage } from "./serve-page.ts";
export type { Shard } from "./shard.ts";
export { inShard } from "./shard.ts";
export { writePhantom } from "./write-phantom.ts";
export { reportedCases, writeJsonReport } from "./write-report.ts";
export { writeCsvTable } from "./write-table.ts";
