import type { NpyArray } from "../formats/npy.ts";
import type { Triple } from "../volume/volume.ts";
import { LEAST_SHOWN, labelRows, type NoduleRecord, type NodulesFile } from "./case-nodules.ts";

/** What is odd about one nodule. */
export type NoduleTrouble =
  | "outside-scan"
  /** Most of it lies outside the part of the scan that clean is. */
  | "outside-box"
  /** Nothing of it lies within the lungs' mask. */
  | "outside-lungs"
  /** Most of it is masked away. */
  | "masked"
  /** Clean shows nothing but padding there, as measured in clean itself. */
  | "padding";

/** A nodule, and what is odd about it. */
export interface CheckedNodule {
  /** In its case, from 1. */
  readonly number: number;
  readonly record: NoduleRecord;
  readonly troubles: readonly NoduleTrouble[];
  /** Share of its ball in clean that is exactly the padding's grey, 0 to 1; 1 outside clean. */
  readonly padding: number;
}

/** What is known of a case's nodules. */
export interface CheckedCase {
  /** Nodules; candidates that are none are left aside. */
  readonly nodules: readonly CheckedNodule[];
  /** Why `label.npy` is not what `<case>_nodules.json` says; missing when it is. */
  readonly mismatch?: string;
}

/**
 * Looks for each nodule in clean.
 *
 * @param file - what `<case>_nodules.json` holds
 * @param label - what `label.npy` holds
 * @param clean - what `clean.npy` holds, uint8 (1, z, y, x)
 * @param spacing - of clean, mm
 * @param padValue - grey of what is masked away
 */
export function checkLabels(
  file: NodulesFile,
  label: NpyArray,
  clean: NpyArray,
  spacing: Triple,
  padValue: number,
): CheckedCase {
  const mismatch = labelMismatch(labelRows(file.nodules).flat(), label);
  const nodules = file.nodules.flatMap((record, i): CheckedNodule[] => {
    if (record.class === 0) return [];
    const padding = paddingShare(record, clean, spacing, padValue);
    return [{ number: i + 1, record, padding, troubles: troublesOf(record, padding) }];
  });
  return { nodules, ...(mismatch !== undefined && { mismatch }) };
}

/** Whether a network would train on nothing there. */
export function isInvisible({ troubles }: CheckedNodule): boolean {
  return troubles.some((trouble) => trouble !== "outside-lungs");
}

function troublesOf({ shares }: NoduleRecord, padding: number): NoduleTrouble[] {
  if (shares === null) return ["outside-scan"];
  const troubles: NoduleTrouble[] = [];
  if (shares.box < LEAST_SHOWN) troubles.push("outside-box");
  if (shares.lungs === 0) troubles.push("outside-lungs");
  if (shares.masked > 1 - LEAST_SHOWN) troubles.push("masked");
  if (padding > 1 - LEAST_SHOWN) troubles.push("padding");
  return troubles;
}

function labelMismatch(expected: readonly number[], { dtype, shape, data }: NpyArray): string | undefined {
  const isEmpty = expected.length === 0;
  const rows = isEmpty ? 1 : expected.length / 4;
  const found = `${dtype} (${shape.join(", ")})`;
  const wanted = `${isEmpty ? "int64" : "float64"} (${rows}, 4)`;
  if (found !== wanted) return `${found} instead of ${wanted}`;
  const values = Array.from(data as ArrayLike<number | bigint>, Number);
  const other = values.findIndex((value, i) => value !== (expected[i] ?? 0));
  return other < 0 ? undefined : `another value in row ${Math.floor(other / 4) + 1}`;
}

function paddingShare(
  { clean: centre, diameter }: NoduleRecord,
  { data, shape }: NpyArray,
  spacing: Triple,
  padValue: number,
) {
  const [, nz = 0, ny = 0, nx = 0] = shape;
  const size: Triple = [nz, ny, nx];
  const radius = (diameter ?? 0) / 2;
  const range = (axis: 0 | 1 | 2): readonly [number, number] => {
    const reach = Math.max(radius / spacing[axis], 0.5);
    return [Math.max(0, Math.ceil(centre[axis] - reach)), Math.min(size[axis] - 1, Math.floor(centre[axis] + reach))];
  };
  const [zs, ys, xs] = [range(0), range(1), range(2)];
  let [voxels, padded] = [0, 0];
  for (let z = zs[0]; z <= zs[1]; z++) {
    for (let y = ys[0]; y <= ys[1]; y++) {
      for (let x = xs[0]; x <= xs[1]; x++) {
        const off = [z - centre[0], y - centre[1], x - centre[2]].map((steps, i) => steps * spacing[i]!);
        if (radius > 0 && Math.hypot(...off) > Math.max(radius, 1)) continue;
        voxels++;
        if (data[(z * ny + y) * nx + x] === padValue) padded++;
      }
    }
  }
  return voxels === 0 ? 1 : Math.round((1000 * padded) / voxels) / 1000;
}
