import type { Volume } from "../volume/volume.ts";
import type { QualityMasks } from "./coarse-scan.ts";
import { measureLungs, type QualityMeasurements } from "./measurements.ts";
import { QUALITY_RULES, type QualityCode, type QualityRule } from "./rules.ts";

/** How far lungs may be trusted, from best to worst. */
export const VERDICTS = ["good", "doubtful", "bad"] as const;
/** A verdict on lungs. */
export type Verdict = (typeof VERDICTS)[number];

/** What a run asks of the lungs. */
export interface MinQuality {
  /** Fail cases whose verdict is below this; their files are kept in `rejected`. Default: none fails. */
  readonly minQuality?: Exclude<Verdict, "bad">;
}

/** Why lungs are not trusted. */
export interface QualityReason {
  readonly code: QualityCode;
  /** One sentence with the value. */
  readonly text: string;
  /** What was measured, in the unit. */
  readonly measured: number;
  /** What sound lungs do not exceed, or fall below, in the unit. */
  readonly limit: number;
  /** `%`, `mm`, `HU`, `°`, or empty for a plain number. */
  readonly unit: string;
}

/** What is thought of a case's lungs. */
export interface Quality {
  readonly verdict: Verdict;
  /** The worst first; none when the verdict is `good`. */
  readonly reasons: readonly QualityReason[];
  readonly measurements: QualityMeasurements;
}

/** So many reasons together make lungs bad, even where each alone makes them doubtful. */
const MANY = 5;

/**
 * Judges lungs by what is known of sound ones: it does not see what is wrong, but that something is.
 *
 * @param volume - the scan, Hounsfield units
 * @param masks - its lungs, and airways where a profile finds them
 */
export function judgeLungs(volume: Volume<Int16Array>, masks: QualityMasks): Quality {
  const measurements = measureLungs(volume, masks);
  const broken = QUALITY_RULES.flatMap((rule) => {
    const value = rule.value(measurements);
    const limit = value === null ? undefined : brokenLimit(rule, value);
    return value === null || limit === undefined ? [] : [{ rule, value, limit }];
  });
  const isWorse = ({ rule, value }: (typeof broken)[number]) =>
    (rule.leastDoubtful !== undefined && value < rule.leastDoubtful) ||
    (rule.mostDoubtful !== undefined && value > rule.mostDoubtful);
  const worst = broken.filter(isWorse);
  const ordered = [...worst, ...broken.filter((one) => !isWorse(one))];
  const verdict = broken.length === 0 ? "good" : worst.length > 0 || broken.length >= MANY ? "bad" : "doubtful";
  return { verdict, reasons: ordered.map(reasonOf), measurements };
}

/** Whether a verdict is at least as good as another one. */
export function isAtLeast(verdict: Verdict, wanted: Verdict): boolean {
  return VERDICTS.indexOf(verdict) <= VERDICTS.indexOf(wanted);
}

function brokenLimit({ least, most }: QualityRule, value: number): number | undefined {
  if (least !== undefined && value < least) return least;
  return most !== undefined && value > most ? most : undefined;
}

function reasonOf({ rule, value, limit }: { rule: QualityRule; value: number; limit: number }): QualityReason {
  const measured = Number(value.toPrecision(3));
  const space = rule.unit === "°" || rule.unit === "" ? "" : " ";
  return {
    code: rule.code,
    text: rule.text.replace("{}", `${measured}${space}${rule.unit}`),
    measured,
    limit,
    unit: rule.unit,
  };
}
