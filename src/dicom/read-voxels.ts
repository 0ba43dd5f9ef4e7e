import { counted } from "../counted.ts";
import { checkVolumeBytes } from "../volume/volume-bytes.ts";
import { decodeHere, type FrameDecoder, type StoredFrame } from "./decode-frame.ts";
import { type Finding, filesOf } from "./findings.ts";
import type { Instance } from "./instance.ts";
import { clearPadding, passesForTissue } from "./padding.ts";
import { checkPixels, readStored } from "./pixels.ts";
import { type Rescale, rescale } from "./rescale.ts";
import type { Series } from "./series.ts";

/** Options of reading voxels. */
export interface VoxelOptions {
  /** Ends the reading between two slices with its own reason. */
  readonly signal?: AbortSignal;
  /** Called after every slice. */
  readonly onProgress?: (slicesRead: number, slices: number) => void;
  /** Decodes compressed frames; default: in this thread. */
  readonly decoder?: FrameDecoder;
  /** Refuse volumes of more bytes than this; default 4 GiB. */
  readonly maxBytes?: number;
  /** Gives the memory that the slices are read to, int16[length]; default: fresh memory. */
  readonly allocate?: (length: number) => Int16Array;
}

/**
 * Reads every slice of a series straight to its place in the volume and turns it into Hounsfield
 * units there.
 *
 * @returns int16 `[z, y, x]` as the slices are stored, and what was found in the pixels
 * @throws PleuraError `truncated` when a file ends before its pixels do, `too-large`
 */
export async function readVoxels(
  { slices, shape }: Series,
  { signal, onProgress, decoder = decodeHere, maxBytes, allocate = fresh }: VoxelOptions,
): Promise<{ voxels: Int16Array; findings: Finding[] }> {
  const [, rows, columns] = shape;
  const size = rows * columns;
  checkVolumeBytes([slices.length, rows, columns], maxBytes);
  const voxels = allocate(slices.length * size);
  const held = new Tally();
  const padded = new Tally();
  const repaired: Instance[] = [];
  const planeOf = (k: number): Int16Array => voxels.subarray(k * size, (k + 1) * size);
  // Slices are read ahead: where another thread reads or decodes them, that costs no time.
  const reading: Promise<StoredFrame>[] = [];
  try {
    for (const [k, slice] of slices.entries()) {
      for (let next = reading.length; next <= Math.min(k + decoder.parallel, slices.length - 1); next++) {
        reading[next] = readStored(slices[next]!, planeOf(next), decoder);
        // Should an earlier one fail, nobody will ask for this one.
        reading[next]!.catch(() => {});
      }
      const { signed, isRepaired } = await reading[k]!;
      signal?.throwIfAborted();
      if (isRepaired) repaired.push(slice);
      const target = planeOf(k);
      const by = rescaleOf(slice, signed);
      held.add(slice, rescale(target, by));
      const padding = paddingHu(slice, by);
      if (padding !== undefined && passesForTissue(padding)) {
        padded.add(slice, clearPadding(target, rows, columns, padding));
      }
      onProgress?.(k + 1, slices.length);
    }
  } finally {
    // One that is still under way would write into memory that may be another volume's by then.
    await Promise.allSettled(reading);
  }
  const findings: Finding[] = [];
  if (held.voxels > 0) {
    findings.push({
      code: "saturated",
      severity: "warning",
      message: "Some values do not fit into 16 bits and were held at the border",
      measured: counted(held.voxels, "voxel"),
      limit: "-32768 to 32767 HU",
      files: filesOf(held.slices),
    });
  }
  if (padded.voxels > 0) {
    findings.push({
      code: "padding-as-tissue",
      severity: "corrected",
      message: "Outside the field of view lies a value that passes for tissue: it was made air",
      measured: counted(padded.voxels, "voxel"),
      files: filesOf(padded.slices),
    });
  }
  if (repaired.length > 0) {
    findings.push({
      code: "repaired-stream",
      severity: "corrected",
      message: "JPEG 2000 streams state a longer tile-part than they have: all their packets are there and were read",
      measured: `${repaired.length} of ${slices.length} slices`,
      files: filesOf(repaired),
    });
  }
  return { voxels, findings };
}

function fresh(length: number): Int16Array {
  return new Int16Array(length);
}

/**
 * Compares the images at doubled positions with those that were kept.
 *
 * @param voxels - what `readVoxels` gave for the same series
 * @returns a warning when some of them hold other pixels
 */
export async function compareDoubles({ doubles, shape }: Series, voxels: Int16Array): Promise<Finding[]> {
  const size = shape[1] * shape[2];
  const plane = new Int16Array(doubles.length > 0 ? size : 0);
  const differing: Instance[] = [];
  for (const { slice, other } of doubles) {
    checkPixels(other);
    rescale(plane, rescaleOf(other, (await readStored(other, plane)).signed));
    const kept = voxels.subarray(slice * size, (slice + 1) * size);
    if (plane.some((hu, i) => hu !== kept[i])) differing.push(other);
  }
  if (differing.length === 0) return [];
  return [
    {
      code: "doubles-differ",
      severity: "warning",
      message: "Images at the same position hold different pixels: the scan may be a mixture of several",
      measured: `${differing.length} of ${counted(doubles.length, "doubled image")}`,
      limit: "0",
      files: filesOf(differing),
    },
  ];
}

function rescaleOf({ slope = 1, intercept = 0 }: Instance, signed: boolean): Rescale {
  return { slope, intercept, signed };
}

/** The padding value after rescaling, Hounsfield units. */
function paddingHu({ padding }: Instance, by: Rescale): number | undefined {
  if (padding === undefined) return undefined;
  const one = Int16Array.of(padding);
  rescale(one, by);
  return one[0];
}

/** Counts voxels and the slices that they lie in. */
class Tally {
  voxels = 0;
  readonly slices: Instance[] = [];

  add(slice: Instance, voxels: number): void {
    if (voxels === 0) return;
    this.voxels += voxels;
    this.slices.push(slice);
  }
}
