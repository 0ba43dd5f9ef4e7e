export type { PrepAllOptions } from "./batch.ts";
export { casesOf, prepAll } from "./batch.ts";
export type { CasePreview } from "./case-preview.ts";
export type { CaseFolder } from "./cases.ts";
export { findCases, safeName } from "./cases.ts";
export type { CaseFailure } from "./failure.ts";
export type { CaseStatus, StatusOptions } from "./folder-status.ts";
export { folderStatus } from "./folder-status.ts";
export { writeHtmlReport } from "./html/html-report.ts";
export { inputDigest } from "./input-files.ts";
export type { Inspection, StackReport } from "./inspect-series.ts";
export { inspectSeries } from "./inspect-series.ts";
export type {
  CaseFinding,
  CaseManifest,
  ExtraOutputs,
  Hashes,
  LungFigures,
  Provenance,
  Staleness,
  Wanted,
} from "./manifest.ts";
export { isDone, readManifest, stalenessOf } from "./manifest.ts";
export type { OutputNames, StageMask } from "./outputs.ts";
export { outputNames, STAGE_MASKS } from "./outputs.ts";
export type { CaseResult, PrepCaseOptions } from "./prep-case.ts";
export { prepCase } from "./prep-case.ts";
export type { Parameters, ProfileName } from "./profile.ts";
export { PROFILES } from "./profile.ts";
export type { FileScan } from "./read-series.ts";
export { readSeries } from "./read-series.ts";
export type { ReadSurfacesOptions } from "./read-surfaces.ts";
export { readSurfaces } from "./read-surfaces.ts";
export type { RunReport } from "./run-report.ts";
export { splitBySeries } from "./series-cases.ts";
export type { Shard } from "./shard.ts";
export { inShard } from "./shard.ts";
export { writePhantom } from "./write-phantom.ts";
