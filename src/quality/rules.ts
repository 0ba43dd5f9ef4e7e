import type { Pair, QualityMeasurements } from "./measurements.ts";

/** Something that sound lungs do not have. */
export interface QualityRule {
  readonly code: QualityCode;
  /** What is measured, and how it is told: `{}` stands for the value with its unit. */
  readonly text: string;
  readonly unit: "" | "%" | "mm" | "HU" | "°";
  /** The value; `null` where it cannot be told. */
  readonly value: (measured: QualityMeasurements) => number | null;
  /** Sound lungs lie between these. */
  readonly least?: number;
  readonly most?: number;
  /** Beyond these the mask is wrong, not only doubtful. */
  readonly leastDoubtful?: number;
  readonly mostDoubtful?: number;
}

/** Stable names of the reasons for a verdict. */
export type QualityCode =
  | "one-lung"
  | "unequal-lungs"
  | "lungs-over-body"
  | "bases-apart"
  | "apices-apart"
  | "sides-unusual"
  | "patient-turned"
  | "lungs-cut-off"
  | "far-from-ribs"
  | "far-from-ribs-at-base"
  | "tissue-in-cavity"
  | "dense-lung"
  | "dark-lung"
  | "uneven-lung"
  | "tissue-in-mask"
  | "hazy-lung"
  | "gas-in-mask"
  | "unequal-gas"
  | "flat-gas-in-mask"
  | "open-edges"
  | "dense-edges"
  | "lung-outside"
  | "gas-outside"
  | "holes"
  | "lungs-touch"
  | "rough-surface"
  | "torn-lung"
  | "air-off-calibration"
  | "fat-off-calibration"
  | "thick-slices";

const known = (pair: Pair): number[] => pair.filter((value) => value !== null);
const largest = (pair: Pair): number | null => (known(pair).length === 0 ? null : Math.max(...known(pair)));
const least = (pair: Pair): number | null => (known(pair).length === 0 ? null : Math.min(...known(pair)));
const percent = (share: number | null): number | null => (share === null ? null : 100 * share);
/** A distance along the body in percent of the taller lung. */
const ofHeight = (mm: number | null, { heightMm }: QualityMeasurements): number | null =>
  mm === null ? null : (100 * mm) / (largest(heightMm) ?? 1);

/**
 * What sound lungs do not have. The limits lie beyond what was measured on sound lungs of four scans, also smaller, wider,
 * flatter, noisier, smoother, clipped and with contrast agent; docs/QUALITY.md has the figures.
 */
export const QUALITY_RULES: readonly QualityRule[] = [
  {
    code: "one-lung",
    text: "Only one lung was found",
    unit: "",
    value: ({ volumeMl }) => volumeMl.filter((ml) => ml !== null && ml > 0).length,
    least: 2,
  },
  {
    code: "unequal-lungs",
    text: "The smaller lung has {} of the larger one's volume",
    unit: "%",
    value: ({ volumeRatio }) => percent(volumeRatio),
    least: 55,
    leastDoubtful: 40,
  },
  {
    code: "lungs-over-body",
    text: "The lungs take {} of the body in their slices",
    unit: "%",
    value: ({ bodyShare }) => percent(bodyShare),
    least: 13,
    most: 42,
    leastDoubtful: 8,
    mostDoubtful: 55,
  },
  {
    code: "bases-apart",
    text: "The left lung begins {} of the lungs' height above the right one",
    unit: "%",
    value: (all) => ofHeight(all.baseOffsetMm, all),
    least: -15,
    most: 18,
    leastDoubtful: -30,
    mostDoubtful: 35,
  },
  {
    code: "apices-apart",
    text: "The lungs' upper ends lie {} of their height apart",
    unit: "%",
    value: (all) => ofHeight(all.apexOffsetMm === null ? null : Math.abs(all.apexOffsetMm), all),
    most: 12,
    mostDoubtful: 25,
  },
  {
    code: "sides-unusual",
    text: "The lungs' middles lie {} of their height apart, the right one to the right",
    unit: "%",
    value: ({ sidesApart }) => percent(sidesApart),
    least: 32,
    most: 110,
    leastDoubtful: 15,
  },
  {
    code: "patient-turned",
    text: "The line through the lungs' middles is turned by {}",
    unit: "°",
    value: ({ turnedDegrees }) => (turnedDegrees === null ? null : Math.abs(turnedDegrees)),
    most: 20,
    mostDoubtful: 60,
  },
  {
    code: "lungs-cut-off",
    text: "On the scan's first or last slice the lungs have {} of their largest area",
    unit: "%",
    value: ({ cutOff }) => percent(Math.max(...cutOff)),
    most: 10,
  },
  {
    code: "far-from-ribs",
    text: "In their middle third a lung lies {} from the ribs on average",
    unit: "mm",
    value: ({ ribGapMm }) => largest(ribGapMm),
    most: 11,
    mostDoubtful: 25,
  },
  {
    code: "far-from-ribs",
    text: "In {} of the directions a lung does not reach the ribs",
    unit: "%",
    value: ({ farFromRibs }) => percent(largest(farFromRibs)),
    most: 6,
    mostDoubtful: 30,
  },
  {
    code: "far-from-ribs-at-base",
    text: "At the back of its base a lung does not reach the ribs in {} of the directions",
    unit: "%",
    value: ({ farFromRibsAtBase }) => percent(largest(farFromRibsAtBase)),
    most: 24,
    mostDoubtful: 60,
  },
  {
    code: "tissue-in-cavity",
    text: "Between lung and ribs lies soft tissue: {} of what is within the ribs",
    unit: "%",
    value: ({ tissueInCavity }) => percent(largest(tissueInCavity)),
    most: 30,
    mostDoubtful: 60,
  },
  {
    code: "dense-lung",
    text: "A lung's mean is {}",
    unit: "HU",
    value: ({ meanHu }) => largest(meanHu),
    most: -670,
    mostDoubtful: -500,
  },
  {
    code: "dark-lung",
    text: "A lung's mean is {}",
    unit: "HU",
    value: ({ meanHu }) => least(meanHu),
    least: -935,
  },
  {
    code: "uneven-lung",
    text: "A lung's values spread by {}",
    unit: "HU",
    value: ({ spreadHu }) => largest(spreadHu),
    most: 180,
    mostDoubtful: 300,
  },
  {
    code: "tissue-in-mask",
    text: "{} of a lung's mask is soft tissue",
    unit: "%",
    value: ({ tissueInMask }) => percent(largest(tissueInMask)),
    most: 2.5,
    mostDoubtful: 15,
  },
  {
    code: "hazy-lung",
    text: "{} of a lung lies between healthy lung and soft tissue",
    unit: "%",
    value: ({ hazy }) => percent(largest(hazy)),
    most: 34,
  },
  {
    code: "gas-in-mask",
    text: "{} of a lung's mask is as dark as gas",
    unit: "%",
    value: ({ pureGas }) => percent(largest(pureGas)),
    most: 20,
  },
  {
    code: "unequal-gas",
    text: "One lung's mask has {} more gas than the other's",
    unit: "%",
    value: ({ pureGas: [right, left] }) => (right === null || left === null ? null : 100 * Math.abs(right - left)),
    most: 5,
  },
  {
    code: "flat-gas-in-mask",
    text: "{} of a lung's mask is gas without the texture of lung",
    unit: "%",
    value: ({ flatGas }) => percent(largest(flatGas)),
    most: 1.3,
  },
  {
    code: "open-edges",
    text: "Beyond {} of the masks' edges lung goes on",
    unit: "%",
    value: ({ openEdges }) => percent(openEdges),
    most: 1.8,
    mostDoubtful: 10,
  },
  {
    code: "dense-edges",
    text: "Within {} of the masks' edges there is soft tissue",
    unit: "%",
    value: ({ denseEdges }) => percent(denseEdges),
    most: 2.5,
    mostDoubtful: 20,
  },
  {
    code: "lung-outside",
    text: "As dark as lung, in the body and in no mask: {} of the lungs' volume",
    unit: "%",
    value: ({ lungOutside }) => percent(lungOutside),
    most: 3,
    mostDoubtful: 15,
  },
  {
    code: "gas-outside",
    text: "Gas in the chest and in no mask: {} of the lungs' volume",
    unit: "%",
    value: ({ gasOutside }) => percent(gasOutside),
    most: 1.5,
  },
  {
    code: "holes",
    text: "The masks enclose holes of {} of the lungs' volume",
    unit: "%",
    value: ({ holes }) => percent(holes),
    most: 1.8,
    mostDoubtful: 8,
  },
  {
    code: "lungs-touch",
    text: "The lungs touch on {} of the smaller one's surface",
    unit: "%",
    value: ({ contact }) => percent(contact),
    most: 1.4,
    mostDoubtful: 5,
  },
  {
    code: "rough-surface",
    text: "A lung's surface is {} times that of a ball",
    unit: "",
    value: ({ roughness }) => largest(roughness),
    most: 3.4,
    mostDoubtful: 5,
  },
  {
    code: "torn-lung",
    text: "Only {} of a lung hangs together",
    unit: "%",
    value: ({ mainPiece }) => percent(least(mainPiece)),
    least: 98,
    leastDoubtful: 85,
  },
  {
    code: "air-off-calibration",
    text: "The air around the body is at {}",
    unit: "HU",
    value: ({ outsideAirHu }) => outsideAirHu,
    least: -1045,
    most: -925,
  },
  {
    code: "fat-off-calibration",
    text: "Fat is at {}",
    unit: "HU",
    value: ({ fatHu }) => fatHu,
    least: -135,
    most: -50,
  },
  {
    code: "thick-slices",
    text: "The slices are {} thick",
    unit: "mm",
    value: ({ sliceMm }) => sliceMm,
    most: 9.8,
  },
];
