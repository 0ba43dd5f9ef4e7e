import { PleuraError } from "../errors.ts";
import type { AnnotationSource } from "./annotation.ts";
import { annotationTable, type NoduleUnits } from "./annotation-table.ts";
import { lidcSeries } from "./lidc/lidc-series.ts";
import { lineRanges } from "./line-ranges.ts";
import { phantomTruth } from "./phantom-truth.ts";

/** How annotations are understood. */
export interface SourceOptions {
  /** How many readers must have marked a nodule of LIDC-IDRI. Default 3. */
  readonly readers?: number;
  /** Unit of a table by position. Default: told by its coordinates. */
  readonly units?: NoduleUnits;
}

/** Bytes at the beginning of an XML in which its series is named. */
const HEAD = 16_384;

/**
 * Makes a source of annotations out of a file, by its name and content.
 *
 * @param text - the whole file
 * @param file - its name, which tells XML and JSON from tables; also for messages
 * @throws PleuraError `bad-annotation`
 */
export async function openSource(text: string, file: string, options: SourceOptions = {}): Promise<AnnotationSource> {
  if (/\.json$/i.test(file)) return phantomTruth(text, file);
  if (!/\.xml$/i.test(file)) return openTable(text, file, options);
  const seriesUid = lidcSeries(text.slice(0, HEAD));
  if (seriesUid === undefined) throw noLidc(file);
  // The parser is loaded where there is XML.
  return (await import("./lidc/lidc-nodules.ts")).lidcSource(text, seriesUid, file, options.readers);
}

/**
 * Reads a table of which every row belongs to some series or case: one that does not may belong to any
 * case, and none of them could be trusted to be whole.
 *
 * @throws PleuraError `bad-annotation`
 */
export function openTable(text: string, file: string, { units }: SourceOptions): AnnotationSource {
  const source = annotationTable(text, file, units);
  const [first] = source.unassigned;
  if (first === undefined) return source;
  const lines = source.unassigned.map(({ line }) => line);
  throw new PleuraError("bad-annotation", "Rows do not say which series or case they belong to", {
    stage: "options",
    file,
    measured: `${lines.length === 1 ? "line" : "lines"} ${lineRanges(lines)}: ${first.reason}`,
    hint: "Correct or remove these lines",
  });
}

/** The error for an XML that is no LIDC-IDRI reading. */
export function noLidc(file: string): PleuraError {
  return new PleuraError("bad-annotation", "This is no XML of an LIDC-IDRI series", { stage: "options", file });
}
