import { erodeBall } from "../../ops/ball.ts";
import { convexHullRows } from "../../ops/convex-hull.ts";
import { subtract } from "../../ops/logic.ts";
import { extractRuns, setRun } from "../../ops/runs.ts";
import { BitVolume } from "../../volume/bit-volume.ts";
import type { Triple } from "../../volume/volume.ts";

/** The convex hull of all of a mask in each slice: of both lungs, with the mediastinum between them. */
export function sliceHulls(mask: BitVolume): BitVolume {
  const out = new BitVolume(mask.shape);
  const { start, end, rowStart, planes, rowsPerPlane } = extractRuns(mask);
  for (let z = 0; z < planes; z++) {
    const rows: number[] = [];
    for (let y = 0; y < rowsPerPlane; y++) {
      const row = z * rowsPerPlane + y;
      if (rowStart[row]! < rowStart[row + 1]!) rows.push(y);
    }
    if (rows.length < 2) continue;
    const [top, bottom] = [rows[0]!, rows.at(-1)!];
    const first = new Int32Array(bottom - top + 1);
    const last = new Int32Array(bottom - top + 1);
    let before = z * rowsPerPlane + top;
    for (let y = top; y <= bottom; y++) {
      const row = z * rowsPerPlane + y;
      // A row without the mask repeats a point of one before it, which the hull holds anyway.
      if (rowStart[row]! < rowStart[row + 1]!) before = row;
      first[y - top] = start[rowStart[before]!]!;
      last[y - top] = end[rowStart[before + 1]! - 1]! - 1;
    }
    hullOfRows(out, z, top, first, last);
  }
  return out;
}

function hullOfRows(out: BitVolume, z: number, top: number, first: Int32Array, last: Int32Array): void {
  const { left, right } = convexHullRows(top, first, last);
  for (let k = 0; k < left.length; k++) {
    if (right[k]! >= left[k]!)
      setRun(out.words, (z * out.shape[1] + top + k) * out.wordsPerRow, left[k]!, right[k]! + 1);
  }
}

/** What lies within some depth of the surface of the lungs' common hull: along ribs and diaphragm, not at the hila. */
export function costalZone(lungs: BitVolume, spacing: Triple, depth: number): BitVolume {
  const hull = sliceHulls(lungs);
  return subtract(hull, erodeBall(hull, spacing, depth));
}
