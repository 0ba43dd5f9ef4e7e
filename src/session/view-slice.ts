import type { BitVolume } from "../volume/bit-volume.ts";
import { type Cut, cutMask, cutVoxels } from "../volume/cut.ts";
import type { Volume } from "../volume/volume.ts";
import { paintMask, sizeOf } from "../walkthrough/paint.ts";
import type { ViewSlice } from "./protocol.ts";

/**
 * Cuts a slice out of a volume, with up to two masks over it.
 *
 * @param volume - canonical, see {@link cutVoxels}
 * @param overlays - masks of the volume's shape; where they overlap the last one counts
 * @throws PleuraError `invalid-option` when there is no such slice
 */
export function viewSlice(volume: Volume<Int16Array>, cut: Cut, overlays: readonly BitVolume[]): ViewSlice {
  const values = cutVoxels(volume, cut);
  const overlay = new Uint8Array(values.length);
  for (const [k, mask] of overlays.entries()) paintMask(overlay, cutMask(mask, cut), k + 1);
  return { plane: cut.plane, index: cut.index, ...sizeOf(volume.shape, cut), values, overlay };
}
