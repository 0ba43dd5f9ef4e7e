export { type FileScan, readSeries } from "./read-series.ts";
