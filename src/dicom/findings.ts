/** Stable names of the things that the reader looks for in a series. */
export type FindingCode =
  // what was left aside
  | "left-out"
  | "repeated-passes"
  | "doubled-position"
  | "doubles-differ"
  | "truncated-file"
  // what is lost
  | "damaged-files"
  | "missing-images"
  | "instance-numbers"
  // where the slices lie
  | "single-slice"
  | "missing-slices"
  | "uneven-spacing"
  | "slice-order"
  | "shifted-slices"
  | "tilt"
  | "oblique"
  | "non-axial"
  | "non-orthonormal"
  | "feet-first"
  | "prone"
  | "decubitus"
  | "unusual-directions"
  | "geometry-conflict"
  // what the headers lack
  | "missing-position"
  | "missing-orientation"
  | "missing-rescale"
  // what the pixels hold
  | "mixed-rescale"
  | "mixed-bits"
  | "saturated"
  | "padding-as-tissue"
  | "not-hounsfield"
  | "repaired-stream"
  | "lossy-compression"
  | "cropped-field-of-view";

/**
 * What a finding means for the volume: `warning` — read as it is; `corrected` — the volume was
 * put right; `fatal` — the series is refused.
 */
export type Severity = "warning" | "corrected" | "fatal";

/** Something about a series that its user should know. */
export interface Finding {
  readonly code: FindingCode;
  readonly severity: Severity;
  /** One sentence: what was found and what was done about it. */
  readonly message: string;
  /** What was measured, with its unit. */
  readonly measured?: string;
  /** What would have been right, with its unit. */
  readonly limit?: string;
  /** What the user can do about it. */
  readonly hint?: string;
  /**
   * Names of the files concerned, when they are not simply all of the series; labels in what is written.
   * A message names no file.
   */
  readonly files?: readonly string[];
  /** Text of the input that the finding is about, for the person at the terminal; it is never written or sent. */
  readonly quote?: string;
}

/** The names of the files that instances came from. */
export function filesOf(instances: Iterable<{ readonly source: { readonly name: string } }>): string[] {
  return Array.from(instances, ({ source }) => source.name);
}
