import type { RunParameters, Step } from "pleura/worker";

/** One number that a step can be given. */
export interface Parameter {
  readonly step: Step;
  readonly label: string;
  readonly unit: string;
  /** Where it is among the parameters. */
  readonly path: readonly (string | number)[];
  readonly min: number;
  readonly max: number;
  readonly by: number;
}

const BINARIZE = ["lungs", "binarize"];
const SELECT = ["lungs", "select"];
const SEPARATE = ["lungs", "separate"];
const HULL = ["prepare", "hull"];

/** All numbers that can be changed, in the order of the steps. */
export const PARAMETERS: readonly Parameter[] = [
  at("disc", "Corner patch", "px", [...BINARIZE, "cornerSize"], 1, 64, 1),
  at("threshold", "Threshold", "HU", [...BINARIZE, "threshold"], -1000, 0, 10),
  at("threshold", "Smoothing (sigma)", "px", [...BINARIZE, "sigma"], 0.25, 15, 0.25),
  at("shape", "Area above", "mm²", [...BINARIZE, "minArea"], 0, 5000, 5),
  at("shape", "Eccentricity below", "", [...BINARIZE, "maxEccentricity"], 0.005, 1, 0.005),
  at("select", "Volume from", "L", [...SELECT, "volumeLimits", 0], 0, 20, 0.02),
  at("select", "Volume to", "L", [...SELECT, "volumeLimits", 1], 0, 20, 0.1),
  at("select", "Slices that count, area above", "mm²", [...SELECT, "minSliceArea"], 0, 50000, 100),
  at("select", "Distance to the axis below", "mm", [...SELECT, "maxDistance"], 1, 300, 1),
  at("cuts", "Slices a try", "", ["lungs", "cutStep"], 1, 50, 1),
  at("cores", "Erosions at most", "", [...SEPARATE, "maxErosions"], 0, 60, 1),
  at("cores", "Ratio of the cores below", "", [...SEPARATE, "maxRatio"], 1, 50, 0.1),
  at("main-part", "Share to be covered", "", [...SEPARATE, "cover"], 0.5, 1, 0.01),
  at("hull", "Hull at most, times the lung", "", [...HULL, "maxAreaRatio"], 0, 10, 0.1),
  at("hull", "Dilations", "", [...HULL, "iterations"], 0, 40, 1),
  at("window", "Black at", "HU", ["prepare", "window", 0], -2000, 2000, 50),
  at("window", "White at", "HU", ["prepare", "window", 1], -2000, 3000, 50),
  at("bones", "Padding", "grey", ["prepare", "padValue"], 0, 255, 1),
  at("bones", "Bone above", "grey", ["prepare", "boneThreshold"], 0, 255, 1),
  at("resample", "Spacing z", "mm", ["prepare", "newSpacing", 0], 0.5, 5, 0.25),
  at("resample", "Spacing y", "mm", ["prepare", "newSpacing", 1], 0.5, 5, 0.25),
  at("resample", "Spacing x", "mm", ["prepare", "newSpacing", 2], 0.5, 5, 0.25),
  at("crop", "Margin below", "voxels", ["prepare", "margin", 0], 0, 50, 1),
  at("crop", "Margin above", "voxels", ["prepare", "margin", 1], 0, 50, 1),
];

function at(
  step: Step,
  label: string,
  unit: string,
  path: readonly (string | number)[],
  min: number,
  max: number,
  by: number,
): Parameter {
  return { step, label, unit, path, min, max, by };
}

/** Reads one number out of the parameters. */
export function readParameter(parameters: RunParameters, { path }: Parameter): number {
  let value: unknown = parameters;
  for (const key of path) value = (value as Readonly<Record<string | number, unknown>>)[key];
  return value as number;
}

/** The parameters with one number changed; the given ones stay as they are. */
export function changeParameter(parameters: RunParameters, { path }: Parameter, value: number): RunParameters {
  const changed = structuredClone(parameters);
  let holder = changed as unknown as Record<string | number, unknown>;
  for (const key of path.slice(0, -1)) holder = holder[key] as Record<string | number, unknown>;
  holder[path.at(-1)!] = value;
  return changed;
}
