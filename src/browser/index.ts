export type { Finding, FindingCode, Severity } from "../dicom/findings.ts";
export type { ImageReport, Inspection, StackReport } from "../dicom/inspect.ts";
export type { SkippedFile, SkipReason } from "../dicom/read-headers.ts";
export type { ReadOptions, Scan, ScanSource } from "../dicom/read-scan.ts";
export type { DecodePool } from "../dicom/spread-frames.ts";
export { makeDecodePool, serveDecoding } from "./decode-pool.ts";
export type { ReadFilesOptions } from "./read-series.ts";
export { inspectSeries, readSeries } from "./read-series.ts";
