import { readdir, readFile, stat } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import type { CaseManifest } from "../case/manifest.ts";
import { counted } from "../counted.ts";
import { PleuraError } from "../errors.ts";
import { decodeNpy } from "../formats/npy.ts";
import {
  type Detection,
  type DetectionGrid,
  type DetectionPositions,
  detectionsOfArray,
  detectionToPatient,
  mostDrift,
  parseDetections,
} from "../nodules/detections.ts";
import { MILLIMETRE_GRID } from "../prepare/resampled-grid.ts";
import type { Point } from "../volume/affine.ts";
import { readManifest } from "./manifest.ts";

/** Options of {@link mapDetections}. */
export interface MapOptions {
  /** What positions count. Default `label`. */
  readonly positions?: DetectionPositions;
  /** Takes probabilities for log odds, as the published detector saves them. Default false. */
  readonly logits?: boolean;
}

/** A detection in the patient. */
export interface MappedDetection {
  readonly case: string;
  /** LPS, mm. */
  readonly patient: Point;
  /** 0 to 1. */
  readonly probability: number;
}

/** What {@link mapDetections} gives. */
export interface MappedDetections {
  readonly detections: readonly MappedDetection[];
  /** The most by which the two meanings of a position differ in one of the cases, mm. */
  readonly drift: number;
}

/**
 * Leads detections in voxels of clean back to the patient.
 *
 * @param out - output folder with the cases' manifests
 * @param input - a CSV with the columns case, z, y, x and probability, or a folder of `<case>.npy` (or
 * `<case>_pbb.npy`) with rows of probability, z, y, x and diameter
 * @throws PleuraError `not-found` when a case has no result in the folder, `bad-annotation` when
 * detections cannot be read or a probability is not within 0 and 1
 */
export async function mapDetections(out: string, input: string, options: MapOptions = {}): Promise<MappedDetections> {
  const { positions = "label", logits = false } = options;
  const detections: MappedDetection[] = [];
  let drift = 0;
  const missing: string[] = [];
  for (const [name, found] of await readDetections(input)) {
    const manifest = await readManifest(resolve(out), name);
    if (manifest === undefined) {
      missing.push(name);
      continue;
    }
    const grid = gridOf(manifest);
    if (found.length > 0) drift = Math.max(drift, mostDrift(grid));
    for (const one of found) {
      const patient = detectionToPatient(one, grid, positions);
      detections.push({ case: name, patient, probability: probabilityOf(one, logits, name) });
    }
  }
  if (missing.length > 0) {
    throw new PleuraError("not-found", "Detections are of cases that have no result here", {
      stage: "options",
      file: out,
      measured: counted(missing.length, "case"),
      quote: `${missing.slice(0, 5).join(", ")}${missing.length > 5 ? ", …" : ""}`,
      hint: "Give the output folder that the network's input came from",
    });
  }
  return { detections, drift };
}

/** How clean, and the positions of its label, lie in a finished case's scan. */
export function gridOf({ geometry, parameters, labelOffset }: CaseManifest): DetectionGrid {
  const { newSpacing = MILLIMETRE_GRID, precision = "single" } = parameters.prepare;
  return {
    geometry,
    newSpacing,
    precision,
    offset: labelOffset === undefined ? [0, 0, 0] : (labelOffset ?? undefined),
  };
}

async function readDetections(input: string): Promise<Map<string, readonly Detection[]>> {
  const found = await stat(input).catch(() => undefined);
  if (found === undefined) {
    throw new PleuraError("not-found", "There are no such detections", { stage: "options", file: input });
  }
  if (!found.isDirectory()) return parseDetections(await readFile(input, "utf8"), basename(input));
  const detections = new Map<string, readonly Detection[]>();
  for (const file of (await readdir(input)).filter((name) => name.endsWith(".npy")).sort()) {
    const name = file.replace(/(_pbb)?\.npy$/, "");
    if (detections.has(name)) {
      throw new PleuraError("bad-annotation", "Two files hold the detections of one case", {
        stage: "options",
        file: input,
        quote: `${name}.npy, ${name}_pbb.npy`,
      });
    }
    detections.set(name, detectionsOfArray(decodeNpy(await readFile(join(input, file))), file));
  }
  if (detections.size === 0) {
    throw new PleuraError("not-found", "There are no detections here", {
      stage: "options",
      file: input,
      measured: "no <case>.npy",
    });
  }
  return detections;
}

function probabilityOf({ probability }: Detection, logits: boolean, name: string): number {
  if (logits) return 1 / (1 + Math.exp(-probability));
  if (probability >= 0 && probability <= 1) return probability;
  throw new PleuraError("bad-annotation", "A probability is not within 0 and 1", {
    stage: "options",
    measured: `${probability} in case ${name}`,
    limit: "0 to 1",
    hint: "Say --logits when these are log odds, as the published detector saves them",
  });
}
