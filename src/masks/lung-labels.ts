import { invalidOption, PleuraError } from "../errors.ts";
import type { LabelFigures } from "./label-image.ts";

/** Which labels of a mask are the lungs. */
export type LungLabels =
  | { readonly right: readonly number[]; readonly left: readonly number[] }
  /** Both lungs share labels and are to be told apart. */
  | { readonly both: readonly number[] };

/** What a mask's labels were taken for. */
export interface RecognisedLabels {
  /** Name of the known set; `given` for labels that the user names. */
  readonly set: string;
  readonly labels: LungLabels;
}

interface KnownSet {
  readonly set: string;
  readonly right: readonly number[];
  readonly left: readonly number[];
  /** Whether the two sides are told by position only. */
  readonly unsided?: true;
  /** Labels that may occur beside the lungs: all up to this number, or those of the list. */
  readonly others: number | readonly number[];
}

/**
 * Label sets of masks that people have.
 *
 * Sources: https://luna16.grand-challenge.org/Data; https://github.com/JoHof/lungmask (R231: right 1,
 * left 2; LTRCLobes: lobes 1 to 5); https://github.com/wasserth/TotalSegmentator (class map `total`
 * of versions 2 and 1).
 */
const KNOWN_SETS: readonly KnownSet[] = [
  { set: "right 1, left 2 (pleura, lungmask)", right: [1], left: [2], others: [3] },
  { set: "LUNA16", right: [3], left: [4], unsided: true, others: [5] },
  { set: "lobes (lungmask LTRCLobes)", right: [3, 4, 5], left: [1, 2], others: [] },
  { set: "TotalSegmentator 2", right: [12, 13, 14], left: [10, 11], others: 117 },
  { set: "TotalSegmentator 1", right: [15, 16, 17], left: [13, 14], others: 104 },
];

/**
 * Parses `right=1,left=2`, `right=3+4+5,left=1+2` or `both=1`.
 *
 * @throws PleuraError `invalid-option`
 */
export function parseLungLabels(text: string): LungLabels {
  const groups = new Map<string, number[]>();
  for (const part of text.split(",")) {
    const [, name, list] = /^\s*(right|left|both)\s*=\s*(\d+(?:\s*\+\s*\d+)*)\s*$/i.exec(part) ?? [];
    if (name === undefined || list === undefined || groups.has(name.toLowerCase())) throw badLabels(text);
    groups.set(name.toLowerCase(), list.split("+").map(Number));
  }
  const [right, left, both] = ["right", "left", "both"].map((name) => groups.get(name));
  const values = [...(right ?? []), ...(left ?? []), ...(both ?? [])];
  const isSound = new Set(values).size === values.length && values.every((value) => value >= 1 && value <= 32767);
  if (!isSound) throw badLabels(text);
  if (both !== undefined && right === undefined && left === undefined) return { both };
  if (both === undefined && (right !== undefined || left !== undefined))
    return { right: right ?? [], left: left ?? [] };
  throw badLabels(text);
}

function badLabels(text: string): PleuraError {
  return invalidOption("lung-labels", "right=1,left=2 (several labels: right=3+4+5) or both=1", text);
}

/**
 * Recognises a mask's label set by its values and by where they lie: the right lung's labels must
 * lie to the right of the left lung's. One label alone is both lungs.
 *
 * @param figures - from `labelFigures`
 * @param file - name, for messages
 * @throws PleuraError `unknown-labels` when no known set fits
 */
export function recogniseLabels(figures: readonly LabelFigures[], file: string): RecognisedLabels {
  const values = figures.map(({ value }) => value);
  if (values.length === 1) return { set: "one label", labels: { both: values } };
  const candidates = KNOWN_SETS.filter(({ right, left, others }) =>
    values.every((value) => right.includes(value) || left.includes(value) || isAmong(value, others)),
  ).flatMap((known) => {
    const apart = distanceApart(figures, known);
    if (apart === undefined) return [];
    const [right, left] = known.unsided && apart < 0 ? [known.left, known.right] : [known.right, known.left];
    return [{ set: known.set, labels: { right, left }, apart: known.unsided ? Math.abs(apart) : apart }];
  });
  const best = candidates.reduce<(typeof candidates)[number] | undefined>(
    (most, one) => (most === undefined || one.apart > most.apart ? one : most),
    undefined,
  );
  if (best === undefined) throw unknownLabels(file, `labels ${values.join(", ")}`);
  if (best.apart <= 0) {
    throw unknownLabels(
      file,
      `labels ${values.join(", ")}; the right lung's would lie ${(-best.apart).toFixed(0)} mm to the left of the left lung's`,
    );
  }
  return { set: best.set, labels: best.labels };
}

/**
 * Checks labels that the user names against the mask.
 *
 * @throws PleuraError `unknown-labels` when none of them occurs, or the right lung's lie to the left
 * of the left lung's
 */
export function checkLabels(figures: readonly LabelFigures[], labels: LungLabels, file: string): RecognisedLabels {
  const values = figures.map(({ value }) => value);
  const named = "both" in labels ? labels.both : [...labels.right, ...labels.left];
  if (!named.some((value) => values.includes(value))) {
    throw unknownLabels(file, `labels ${values.join(", ")}`, named.join(", "));
  }
  const apart = "both" in labels ? undefined : distanceApart(figures, labels);
  if (apart !== undefined && apart <= 0) {
    const measured = `the right lung's labels lie ${(-apart).toFixed(0)} mm to the left of the left lung's`;
    throw unknownLabels(file, measured, "right of them");
  }
  return { set: "given", labels };
}

/** How far the left lung's labels lie to the left of the right lung's, mm; nothing where one side is missing. */
function distanceApart(
  figures: readonly LabelFigures[],
  { right, left }: { readonly right: readonly number[]; readonly left: readonly number[] },
): number | undefined {
  const mean = (labels: readonly number[]): number | undefined => {
    const found = figures.filter(({ value }) => labels.includes(value));
    const voxels = found.reduce((sum, one) => sum + one.voxels, 0);
    return voxels === 0 ? undefined : found.reduce((sum, one) => sum + one.voxels * one.left, 0) / voxels;
  };
  const [meanRight, meanLeft] = [mean(right), mean(left)];
  return meanRight === undefined || meanLeft === undefined ? undefined : meanLeft - meanRight;
}

function isAmong(value: number, others: KnownSet["others"]): boolean {
  return typeof others === "number" ? value <= others : others.includes(value);
}

function unknownLabels(file: string, measured: string, limit?: string): PleuraError {
  return new PleuraError(
    "unknown-labels",
    "The lung mask's labels are not the right and the left lung of a known set",
    {
      stage: "lungs",
      file,
      measured,
      limit: limit ?? KNOWN_SETS.map(({ set }) => set).join("; "),
      hint: "Say which labels they are: --lung-labels right=1,left=2",
    },
  );
}
