import { memorySource } from "../../src/byte-source.ts";
import type { Instance } from "../../src/dicom/instance.ts";

/** The header of one axial slice at the origin, with what a test gives in place of it. */
export function instance(given: Partial<Instance> = {}): Instance {
  return {
    source: memorySource("slice.dcm", new Uint8Array()),
    imageType: ["ORIGINAL", "PRIMARY", "AXIAL"],
    seriesUid: "1.2.3",
    seriesNumber: 1,
    rows: 4,
    columns: 5,
    pixelSpacing: [0.7, 0.7],
    orientation: [1, 0, 0, 0, 1, 0],
    position: [0, 0, 0],
    ...given,
  } as Instance;
}

/** A series of slices at these heights, mm. */
export function slicesAt(heights: readonly number[], given: Partial<Instance> = {}): Instance[] {
  return heights.map((z, k) => instance({ position: [0, 0, z], instanceNumber: k + 1, ...given }));
}

/** Heights of so many slices, so far apart, mm. */
export function evenly(count: number, step: number, from = 0): number[] {
  return Array.from({ length: count }, (_, k) => from + k * step);
}
