import { PleuraError } from "../errors.ts";
import type { LungLabels } from "../masks/lung-labels.ts";

/** What an object says of one of its segments or regions of interest. */
export interface NamedRegion {
  /** Its number in the object. */
  readonly number: number;
  readonly name: string | undefined;
  /** Code value of its type. */
  readonly type?: string | undefined;
  /** Code values of the type's modifiers: the side. */
  readonly modifiers?: readonly string[];
}

/** A part of the lungs. */
type Part = "right" | "left" | "both";

/**
 * Codes of lungs and lobes, of SNOMED CT and of SNOMED RT, which older objects have.
 *
 * Source: DICOM PS3.16, CID 4, 6110 and 7151, and their SNOMED RT ids.
 */
const TYPES: Readonly<Record<string, Part>> = {
  "3341006": "right",
  "T-28100": "right",
  "45653009": "right",
  "T-28200": "right",
  "72481006": "right",
  "T-28300": "right",
  "266005": "right",
  "T-28400": "right",
  "44029006": "left",
  "T-28500": "left",
  "44714003": "left",
  "T-28600": "left",
  "41224006": "left",
  "T-28700": "left",
  "39607008": "both",
  "T-28000": "both",
};
/** Codes of the sides; source: DICOM PS3.16, CID 244. */
const SIDES: Readonly<Record<string, Part>> = {
  "24028007": "right",
  "G-A100": "right",
  "7771000": "left",
  "G-A101": "left",
  "51440002": "both",
  "G-A102": "both",
};
/** Words that a lung's name may have; with any other ("nodule", "GTV") it is something in or about a lung. */
const WORDS: Readonly<Record<string, Part | "lung" | "other">> = {
  lung: "lung",
  lungs: "lung",
  right: "right",
  rt: "right",
  r: "right",
  left: "left",
  lt: "left",
  l: "left",
  both: "both",
  total: "both",
  upper: "other",
  middle: "other",
  lower: "other",
  lobe: "other",
};

/**
 * Finds the lungs among an object's regions, by codes, or else by names such as `Right lung`, `Lung_L` or `lung_upper_lobe_left`.
 *
 * @param labels - numbers of the regions that the user names; default: recognised
 * @param file - for messages
 * @returns numbers of the regions that are the right and the left lung, or both lungs
 * @throws PleuraError `unknown-labels` when there is none
 */
export function lungRegions(regions: readonly NamedRegion[], labels: LungLabels | undefined, file: string): LungLabels {
  const numbers = regions.map(({ number }) => number);
  if (labels !== undefined) {
    const named = "both" in labels ? labels.both : [...labels.right, ...labels.left];
    if (named.some((number) => numbers.includes(number))) return labels;
    throw unknown(regions, file, `regions ${named.join(", ")}`);
  }
  const of = (part: Part) => regions.filter((region) => partOf(region) === part).map(({ number }) => number);
  const [right, left, both] = [of("right"), of("left"), of("both")];
  if (right.length > 0 && left.length > 0) return { right, left };
  if (both.length > 0) return { both };
  if (right.length > 0 || left.length > 0) return { right, left };
  throw unknown(regions, file, "a right and a left lung, or both");
}

function partOf({ name, type, modifiers = [] }: NamedRegion): Part | undefined {
  const coded = type === undefined ? undefined : TYPES[type];
  if (coded !== undefined && coded !== "both") return coded;
  const side = modifiers.map((code) => SIDES[code]).find((part) => part !== undefined);
  const named = partOfName(name ?? "");
  // A lung without a side may have it in its name only.
  if (coded === "both") return side ?? named ?? "both";
  return named;
}

function partOfName(name: string): Part | undefined {
  const words = name
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== "");
  const parts = words.map((word) => WORDS[word]);
  if (!parts.includes("lung") || parts.includes(undefined)) return undefined;
  const sides = new Set(parts.filter((part) => part === "right" || part === "left"));
  if (sides.size === 1) return [...sides][0];
  // A lobe of an unknown side is not both lungs.
  return parts.includes("other") ? undefined : "both";
}

function unknown(regions: readonly NamedRegion[], file: string, limit: string): PleuraError {
  return new PleuraError("unknown-labels", "No region of this object is known for a lung", {
    stage: "lungs",
    file,
    measured: `regions ${regions.map(({ number }) => number).join(", ") || "none"}`,
    quote: regions.map(({ number, name }) => `${number} ${name ?? ""}`).join(", "),
    limit,
    hint: "Say which ones are the lungs by their numbers: --lung-labels right=1,left=2",
  });
}
