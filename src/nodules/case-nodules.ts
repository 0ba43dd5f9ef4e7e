import type { Finding } from "../dicom/findings.ts";
import { PleuraError } from "../errors.ts";
import { scanToClean } from "../prepare/clean-geometry.ts";
import type { Point } from "../volume/affine.ts";
import type { Triple } from "../volume/volume.ts";
import type { AnnotationKind, CaseAnnotations, LeftOut, Ratings } from "./annotation.ts";
import { type LabelGrid, type LabelRow, positionOf, publishedLabel } from "./label.ts";
import { lineRanges } from "./line-ranges.ts";
import type { NoduleShares } from "./where.ts";

/** Something about a case's nodules that its user should know. */
export interface NoduleFinding extends Omit<Finding, "code"> {
  readonly code:
    | "nodule-outside-scan"
    | "nodule-not-shown"
    | "nodules-left-out"
    | "duplicate-nodules"
    | "unknown-diameter";
}

/** One nodule in `<case>_nodules.json`. */
export interface NoduleRecord {
  /** Line of the annotations on which it begins. */
  readonly line: number;
  /** Centre: LPS, mm. */
  readonly patient: Point;
  /** Millimetres; `null` where it is not known. */
  readonly diameter: number | null;
  /** Centre in the scan, `[z, y, x]`, voxels. */
  readonly scan: Triple;
  /** Centre in clean, `[z, y, x]`, voxels: the exact one. */
  readonly clean: Triple;
  /** Its row of `label.npy`; `null` where it has none. */
  readonly label: LabelRow | null;
  /** How much of it lies where; `null` for one outside the scan. */
  readonly shares: NoduleShares | null;
  /** 1 for a nodule, 0 for a candidate that is none. */
  readonly class?: 0 | 1;
  /** Number of readers that marked it. */
  readonly readers?: number;
  /** Mean of the readers' own diameters, mm: LUNA16's rule. */
  readonly meanDiameter?: number;
  /** Medians of the readers' ratings. */
  readonly ratings?: Ratings;
}

/** What `<case>_nodules.json` holds. */
export interface NodulesFile {
  /** Name of the case. */
  readonly case: string;
  /** Form of the annotations; `null` when they have nothing about the case. */
  readonly kind: AnnotationKind | null;
  /** Whether they name the case by its series or by its name; `null` when they do not. */
  readonly matchedBy: "series" | "name" | null;
  readonly nodules: readonly NoduleRecord[];
  /** Rows and marks that are no nodules of the case, and why. */
  readonly leftOut: readonly LeftOut[];
}

/** A case's nodules, placed. */
export interface CaseNodules extends Pick<NodulesFile, "nodules" | "leftOut"> {
  readonly findings: readonly NoduleFinding[];
}

/** A nodule of which clean shows less than this share is as good as missing. */
export const LEAST_SHOWN = 0.5;

/**
 * Places a case's nodules.
 *
 * @param annotations - what the annotations say about the case
 * @param grid - the scan's grid, and how clean lies in it
 * @param sharesOf - from `noduleSharesIn`
 * @param file - of the annotations, for messages
 * @throws PleuraError `bad-annotation` when a row cannot be read, with the numbers of such lines
 */
export function placeNodules(
  annotations: CaseAnnotations,
  grid: LabelGrid,
  sharesOf: (centre: Triple, diameter: number) => NoduleShares | undefined,
  file: string,
): CaseNodules {
  refuseBroken(annotations, file);
  const dropped = droppedAsPublished(annotations);
  const nodules = annotations.nodules.map((annotation): NoduleRecord => {
    const position = positionOf(annotation, grid, file);
    const isLabelled = annotation.class !== 0 && !dropped;
    const { line, class: label, readers, meanDiameter, ratings } = annotation;
    return {
      line,
      patient: position.patient,
      diameter: position.diameter ?? null,
      scan: position.scan,
      clean: scanToClean(grid.geometry, position.scan),
      label: isLabelled ? publishedLabel(annotation, position, grid) : null,
      shares: sharesOf(position.scan, position.diameter ?? 0) ?? null,
      ...(label !== undefined && { class: label }),
      ...(readers !== undefined && { readers }),
      ...(meanDiameter !== undefined && { meanDiameter }),
      ...(ratings !== undefined && { ratings }),
    };
  });
  return { nodules, leftOut: annotations.leftOut, findings: findingsOf(annotations, nodules, dropped) };
}

/** The rows of `label.npy`, in their order. */
export function labelRows(nodules: readonly NoduleRecord[]): LabelRow[] {
  return nodules.flatMap(({ label }) => (label === null ? [] : [label]));
}

function refuseBroken({ broken }: CaseAnnotations, file: string): void {
  if (broken.length === 0) return;
  const shown = broken.slice(0, 3).map(({ line, reason }) => `line ${line}: ${reason}`);
  const quotes = broken.flatMap(({ quote }) => quote ?? []);
  const more = broken.length > shown.length ? `; ${broken.length - shown.length} more` : "";
  throw new PleuraError("bad-annotation", "Annotations of this case cannot be read", {
    stage: "nodules",
    file,
    measured: `${shown.join("; ")}${more}`,
    ...(quotes.length > 0 && { quote: quotes.slice(0, 3).join("; ") }),
    hint: "Correct these lines and run the same command again",
  });
}

/**
 * The published code takes a competition's scan for one without nodules when its first row has a z of
 * 0, for that is how its files say so.
 */
function droppedAsPublished({ kind, nodules }: CaseAnnotations): boolean {
  const at = nodules[0]?.at;
  return kind === "voxels" && at !== undefined && "voxel" in at && at.voxel[0] === 0;
}

function findingsOf(
  { duplicates }: CaseAnnotations,
  nodules: readonly NoduleRecord[],
  dropped: boolean,
): NoduleFinding[] {
  const findings: NoduleFinding[] = [];
  const warn = (
    code: NoduleFinding["code"],
    message: string,
    lines: readonly number[],
    rest: Partial<Finding> = {},
  ) => {
    if (lines.length === 0) return;
    const measured = `${lines.length === 1 ? "line" : "lines"} ${lineRanges(lines)}`;
    findings.push({ code, severity: "warning", message, measured, ...rest } as NoduleFinding);
  };
  const linesOf = (isOdd: (one: NoduleRecord) => boolean) => nodules.filter(isOdd).map(({ line }) => line);
  const isNodule = (one: NoduleRecord) => one.class !== 0;
  warn(
    "nodule-outside-scan",
    "The annotations place nodules outside the scan: they may belong to another scan or another coordinate system",
    linesOf((one) => isNodule(one) && one.shares === null),
  );
  warn(
    "nodule-not-shown",
    "Clean does not show annotated nodules: they lie outside its box or are masked away",
    linesOf((one) => isNodule(one) && one.shares !== null && one.shares.shown < LEAST_SHOWN),
    { limit: `at least ${100 * LEAST_SHOWN} % of a nodule shown` },
  );
  if (dropped) {
    warn(
      "nodules-left-out",
      "The first row's z is 0, which the published code takes for a scan without nodules: the label is empty",
      linesOf(() => true),
      { hint: "Put another row first if the nodule is real" },
    );
  }
  warn("duplicate-nodules", "Rows say the same as an earlier one: the label has them too", duplicates);
  warn(
    "unknown-diameter",
    "The annotations give no diameter: the label has 0",
    linesOf((one) => isNodule(one) && one.diameter === null),
  );
  warn(
    "nodules-left-out",
    "Candidates of class 0 are no nodules: they are listed, but not in the label",
    linesOf((one) => !isNodule(one)),
  );
  return findings;
}
