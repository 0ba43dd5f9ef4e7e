import { PleuraError } from "../errors.ts";
import type { Point } from "../volume/affine.ts";
import type { Annotation, AnnotationSource } from "./annotation.ts";

/** What `pleura phantom --truth` writes about a phantom. */
export interface PhantomTruthFile {
  readonly format: "pleura phantom";
  /** Series Instance UID of the phantom's DICOM series. */
  readonly seriesUid: string;
  readonly nodules: readonly {
    /** LPS, mm. */
    readonly centre: Point;
    /** Millimetres. */
    readonly diameter: number;
  }[];
}

/** Whether a text is what {@link PhantomTruthFile} describes, by its beginning. */
export function looksLikePhantomTruth(text: string): boolean {
  return /^\s*\{\s*"format"\s*:\s*"pleura phantom"/.test(text);
}

/**
 * The nodules of a phantom, by its series and by the file's own name.
 *
 * @param text - the whole file
 * @param file - name, for messages
 * @throws PleuraError `bad-annotation`
 */
export function phantomTruth(text: string, file: string): AnnotationSource {
  const { seriesUid, nodules } = parse(text, file);
  const annotations = nodules.map(
    ({ centre, diameter }, i): Annotation => ({ line: lineOf(text, i), at: { patient: centre }, diameter }),
  );
  const stem = file.replace(/^.*[\\/]/, "").replace(/\.json$/i, "");
  const keys = [seriesUid, stem];
  const isKey = (key: string) => keys.includes(key);
  return {
    kind: "phantom",
    keys,
    rows: nodules.length,
    unassigned: [],
    textOf: (key) => (isKey(key) ? JSON.stringify(nodules) : ""),
    linesOf: (key) => (isKey(key) ? annotations.map(({ line }) => line) : []),
    annotationsOf: (key) => ({
      kind: "phantom",
      nodules: isKey(key) ? annotations : [],
      leftOut: [],
      duplicates: [],
      broken: [],
    }),
  };
}

function parse(text: string, file: string): PhantomTruthFile {
  let truth: Partial<PhantomTruthFile> = {};
  try {
    truth = JSON.parse(text) as Partial<PhantomTruthFile>;
  } catch {
    // Told apart below.
  }
  const isNumber = (value: unknown) => typeof value === "number" && Number.isFinite(value);
  const isSound =
    truth.format === "pleura phantom" &&
    typeof truth.seriesUid === "string" &&
    Array.isArray(truth.nodules) &&
    truth.nodules.every(
      ({ centre, diameter }) =>
        Array.isArray(centre) && centre.length === 3 && centre.every(isNumber) && isNumber(diameter) && diameter > 0,
    );
  if (isSound) return truth as PhantomTruthFile;
  throw new PleuraError("bad-annotation", "This is no description of a phantom", {
    stage: "options",
    file,
    hint: "Give what pleura phantom --truth has written",
  });
}

/** Line on which the n-th nodule's centre stands. */
function lineOf(text: string, n: number): number {
  let at = -1;
  for (let i = 0; i <= n; i++) at = text.indexOf('"centre"', at + 1);
  return text.slice(0, Math.max(0, at)).split("\n").length;
}
