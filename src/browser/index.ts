export { readSeries } from "./read-series.ts";
