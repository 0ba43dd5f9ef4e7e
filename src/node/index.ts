export { inputDigest } from "./input-files.ts";
export { inspectSeries } from "./inspect-series.ts";
export { type FileScan, readSeries } from "./read-series.ts";
