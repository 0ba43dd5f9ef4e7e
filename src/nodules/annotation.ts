import type { Point } from "../volume/affine.ts";
import type { StoredGrid } from "../volume/stored-grid.ts";
import type { Triple } from "../volume/volume.ts";

/**
 * Forms in which annotations come.
 *
 * - `luna16-annotations`: seriesuid, coordX, coordY, coordZ, diameter_mm; LPS, mm
 * - `luna16-candidates`: seriesuid, coordX, coordY, coordZ, class (1: a nodule)
 * - `millimetres`: columns by position: id, x, y, z, diameter; LPS, mm
 * - `voxels`: the same in voxels of the slices as they are stored, as in the competition's own files
 * - `lidc-xml`: the readers' marks of one LIDC-IDRI series
 * - `phantom`: what `pleura phantom --truth` writes
 */
export type AnnotationKind =
  | "luna16-annotations"
  | "luna16-candidates"
  | "millimetres"
  | "voxels"
  | "lidc-xml"
  | "phantom";

/** LIDC-IDRI's ratings of a nodule, 1 to 5 (calcification 1 to 6, internal structure 1 to 4). */
export type Ratings = Readonly<Record<string, number>>;

/** One nodule as an annotation has it. */
export interface Annotation {
  /** Line of the file on which it begins. */
  readonly line: number;
  /** Its centre: LPS in millimetres, or `[z, y, x]` in voxels of the slices as they are stored. */
  readonly at: { readonly patient: Point } | { readonly voxel: Triple };
  /** In the unit of the centre, a voxel's being that between rows; `undefined` where it is not known. */
  readonly diameter: number | undefined;
  /** 1 for a nodule, 0 for a candidate that is none; missing where nothing else than nodules is listed. */
  readonly class?: 0 | 1;
  /** Number of readers that marked it. */
  readonly readers?: number;
  /** Mean of the readers' own diameters, mm: LUNA16's rule. */
  readonly meanDiameter?: number;
  /** Medians of the readers' ratings. */
  readonly ratings?: Ratings;
}

/** A row, or a mark, that is not part of the label. */
export interface LeftOut {
  readonly line: number;
  readonly why: string;
}

/** A row that cannot be read. */
export interface BrokenRow {
  readonly line: number;
  /** What is wrong with it, without its own text. */
  readonly reason: string;
  /** Its own text, as far as that is wrong. */
  readonly quote?: string;
}

/** What the annotations say about one case. */
export interface CaseAnnotations {
  readonly kind: AnnotationKind;
  readonly nodules: readonly Annotation[];
  /** What was not taken for a nodule, and why. */
  readonly leftOut: readonly LeftOut[];
  /** Rows that say the same as an earlier one. */
  readonly duplicates: readonly number[];
  readonly broken: readonly BrokenRow[];
}

/** Annotations by series or case. */
export interface AnnotationSource {
  readonly kind: AnnotationKind;
  /** Series or cases that it has something about. */
  readonly keys: readonly string[];
  /** Number of rows, or of marks where there are no rows. */
  readonly rows: number;
  /** Rows that belong to no series or case. */
  readonly unassigned: readonly BrokenRow[];
  /** The text of a key's own rows: what a digest of them covers. Empty when there are none. */
  textOf(key: string): string;
  /** Numbers of a key's lines. */
  linesOf(key: string): readonly number[];
  /**
   * What there is about a key.
   *
   * @param stored - grid of the scan's slices, for marks that are counted in their pixels
   * @throws PleuraError `bad-annotation` when the file as a whole makes no sense
   */
  annotationsOf(key: string, stored: StoredGrid): CaseAnnotations;
}
