/** Stable names of the things that the reader looks for in a series. */
export type FindingCode =
  | "left-out"
  | "repeated-passes"
  | "uneven-spacing"
  | "missing-position"
  | "missing-orientation"
  | "missing-rescale"
  | "saturated";

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
  /** Names of the files concerned, when they are not simply all of the series. */
  readonly files?: readonly string[];
}
