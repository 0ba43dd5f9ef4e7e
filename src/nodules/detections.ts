import { PleuraError } from "../errors.ts";
import { linesOf, splitCells } from "../formats/csv.ts";
import type { NpyArray } from "../formats/npy.ts";
import { type CleanGeometry, cleanToScan } from "../prepare/clean-geometry.ts";
import { indexToPatient, type Point } from "../volume/affine.ts";
import type { SpacingPrecision } from "../volume/spacing-precision.ts";
import type { Triple } from "../volume/volume.ts";
import { labelToScan } from "./label.ts";

/** Something that a network has found. */
export interface Detection {
  /** `[z, y, x]`, voxels of clean. */
  readonly at: Triple;
  readonly probability: number;
}

/**
 * What positions of detections count. `label`: what the rows of `label.npy` count, index × spacing
 * less the box's start, which a network learns from them. `clean`: the voxels of clean where they
 * really lie.
 */
export type DetectionPositions = "label" | "clean";

/** How a case's clean, and the positions of its label, lie in the scan. */
export interface DetectionGrid {
  readonly geometry: CleanGeometry;
  /** Spacing of clean's grid, mm, as it was asked for. */
  readonly newSpacing: Triple;
  readonly precision: SpacingPrecision;
  /** From `labelOffset`; `undefined` where the label's positions lead nowhere. */
  readonly offset: Triple | undefined;
}

/**
 * Reads a table with the columns case, z, y, x and probability, in this order or named by a header.
 *
 * @param text - the whole file
 * @param file - name, for messages
 * @returns detections by case, in the order of the file
 * @throws PleuraError `bad-annotation` with the numbers of lines that cannot be read
 */
export function parseDetections(text: string, file: string): Map<string, Detection[]> {
  const names = ["case", "z", "y", "x", "probability"];
  let columns = [0, 1, 2, 3, 4];
  const found = new Map<string, Detection[]>();
  const broken: string[] = [];
  let isFirst = true;
  for (const { number, start, end } of linesOf(text)) {
    const cells = splitCells(text.slice(start, end));
    if (isFirst && cells !== undefined && names.every((name) => cells.some((cell) => cell.toLowerCase() === name))) {
      columns = names.map((name) => cells.findIndex((cell) => cell.toLowerCase() === name));
      isFirst = false;
      continue;
    }
    isFirst = false;
    const [name = "", ...numbers] = columns.map((column) => cells?.[column] ?? "");
    const values = numbers.map((cell) => (cell === "" ? Number.NaN : Number(cell)));
    if (name === "" || !values.every(Number.isFinite)) {
      broken.push(`line ${number}`);
      continue;
    }
    const [z, y, x, probability] = values as [number, number, number, number];
    const own = found.get(name) ?? [];
    own.push({ at: [z, y, x], probability });
    found.set(name, own);
  }
  if (broken.length > 0) {
    throw new PleuraError("bad-annotation", "Detections cannot be read", {
      stage: "options",
      file,
      measured: `${broken.slice(0, 5).join(", ")}${broken.length > 5 ? ` and ${broken.length - 5} more` : ""}`,
      limit: "case,z,y,x,probability",
    });
  }
  return found;
}

/**
 * Detections as the published detector saves them: rows of probability, z, y, x and diameter.
 *
 * @param file - name, for messages
 * @throws PleuraError `bad-annotation` when the array is another one
 */
export function detectionsOfArray({ shape, data }: NpyArray, file: string): Detection[] {
  const [rows = 0, columns] = shape;
  const values = Array.from(data as ArrayLike<number | bigint>, Number);
  if (shape.length !== 2 || columns !== 5 || !values.every(Number.isFinite)) {
    throw new PleuraError("bad-annotation", "These are no detections", {
      stage: "options",
      file,
      measured: `an array of ${shape.join(" × ") || "one value"}`,
      limit: "rows of probability, z, y, x, diameter; finite numbers",
    });
  }
  return Array.from({ length: rows }, (_, row) => {
    const [probability, z, y, x] = values.slice(5 * row, 5 * row + 4) as [number, number, number, number];
    return { at: [z, y, x], probability };
  });
}

/**
 * Leads a detection to the patient.
 *
 * @returns LPS, mm
 * @throws PleuraError `invalid-option` when positions count as the label's and these lead nowhere
 */
export function detectionToPatient({ at }: Detection, grid: DetectionGrid, positions: DetectionPositions): Point {
  const { geometry, newSpacing, precision, offset } = grid;
  if (positions === "clean") return indexToPatient(geometry.original.affine, cleanToScan(geometry, at));
  if (offset === undefined) {
    throw new PleuraError("invalid-option", "The published positions of this case's label lead to no single place", {
      stage: "options",
      hint: "Give positions in the voxels of clean: --positions clean",
    });
  }
  return indexToPatient(geometry.original.affine, labelToScan(at, geometry, newSpacing, precision, offset));
}

/** How far the two meanings of a position are apart at most within a case's clean, mm. */
export function mostDrift(grid: DetectionGrid): number {
  if (grid.offset === undefined) return Number.POSITIVE_INFINITY;
  let most = 0;
  for (let corner = 0; corner < 8; corner++) {
    const at = [0, 1, 2].map((i) => ((corner >> i) & 1) * (grid.geometry.shape[i]! - 1)) as unknown as Triple;
    const [a, b] = (["label", "clean"] as const).map((meaning) =>
      detectionToPatient({ at, probability: 0 }, grid, meaning),
    ) as [Point, Point];
    most = Math.max(most, Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]));
  }
  return most;
}
