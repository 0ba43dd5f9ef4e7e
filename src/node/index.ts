export { inputDigest } from "./input-files.ts";
export { type FileScan, readSeries } from "./read-series.ts";
