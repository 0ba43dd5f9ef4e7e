import { SaxesParser } from "saxes";
import { PleuraError } from "../../errors.ts";
import type { Ratings } from "../annotation.ts";

/** An outline on one slice, or the single point of a small mark. */
export interface LidcRoi {
  /** Third coordinate of the slice's position, mm. */
  readonly z: number;
  /** False for a region that is cut out of the nodule. */
  readonly inclusion: boolean;
  /** Pixels of the outline in order: column, row. */
  readonly points: readonly (readonly [x: number, y: number])[];
}

/** What one reader marked as a nodule. */
export interface LidcMark {
  /** Number of the reader, from 0. */
  readonly reader: number;
  readonly line: number;
  readonly rois: readonly LidcRoi[];
  /** Empty for nodules below 3 mm. */
  readonly ratings: Ratings;
}

/** The readers' marks of one series. */
export interface LidcReading {
  readonly seriesUid: string;
  /** Number of readers. */
  readonly readers: number;
  readonly marks: readonly LidcMark[];
}

interface OpenMark {
  line: number;
  rois: LidcRoi[];
  ratings: Record<string, number>;
}

/** Characters of the file that a message repeats. */
const MOST_QUOTED = 80;

/**
 * Reads the XML of an LIDC-IDRI series: what four readers marked in the second, unblinded reading.
 *
 * Source: https://wiki.cancerimagingarchive.net/display/Public/LIDC-IDRI (XML documentation).
 *
 * @param text - the whole file
 * @param file - name, for messages
 * @throws PleuraError `bad-annotation` when it is not well formed, or a number is none
 */
export function parseLidc(text: string, file: string): LidcReading {
  const parser = new SaxesParser({ fileName: file });
  const fail = (reason: string, quote?: string): never => {
    throw new PleuraError("bad-annotation", "The XML cannot be read", {
      stage: "nodules",
      file,
      measured: `line ${parser.line}: ${reason}`,
      ...(quote !== undefined && { quote: quote.slice(0, MOST_QUOTED) }),
    });
  };
  const marks: LidcMark[] = [];
  const path: string[] = [];
  let seriesUid = "";
  let readers = 0;
  let mark: OpenMark | undefined;
  let roi: { z?: number; inclusion: boolean; points: [number, number][] } | undefined;
  let x: number | undefined;
  let content = "";
  const number = (): number => {
    const value = content.trim() === "" ? Number.NaN : Number(content);
    return Number.isFinite(value)
      ? value
      : fail("an element that holds no number", `${path.at(-1)}: ${content.trim()}`);
  };
  parser.on("error", (error) => fail("it is not well formed", error.message.replace(/^.*?\d+:\d+: /, "")));
  parser.on("text", (part) => {
    content += part;
  });
  parser.on("opentag", ({ name }) => {
    path.push(name);
    content = "";
    if (path.length === 1 && name !== "LidcReadMessage") fail("the root is not LidcReadMessage", name);
    if (name === "readingSession") readers++;
    else if (name === "unblindedReadNodule") mark = { line: parser.line, rois: [], ratings: {} };
    else if (name === "roi") roi = { inclusion: true, points: [] };
  });
  parser.on("closetag", ({ name }) => {
    const parent = path.at(-2);
    if (name === "SeriesInstanceUid") seriesUid = content.trim();
    else if (name === "unblindedReadNodule") {
      marks.push({ reader: readers - 1, ...mark! });
      mark = undefined;
    } else if (mark !== undefined && parent === "characteristics") mark.ratings[name] = number();
    else if (roi !== undefined) {
      if (name === "imageZposition") roi.z = number();
      else if (name === "inclusion") roi.inclusion = content.trim().toUpperCase() !== "FALSE";
      else if (name === "xCoord") x = number();
      else if (name === "yCoord") roi.points.push([x ?? fail("yCoord without xCoord"), number()]);
      else if (name === "roi") {
        const { z, inclusion, points } = roi;
        if (z === undefined) fail("a roi without imageZposition");
        else if (points.length > 0) mark?.rois.push({ z, inclusion, points });
        roi = undefined;
      }
    }
    path.pop();
    content = "";
  });
  parser.write(text).close();
  if (seriesUid === "") fail("there is no SeriesInstanceUid");
  return { seriesUid, readers, marks };
}
