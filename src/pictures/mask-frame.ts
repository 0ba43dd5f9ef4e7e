import { PLANE_AXES, type Plane } from "../volume/cut.ts";
import type { Volume, VoxelArray } from "../volume/volume.ts";
import type { MaskProfile } from "./mask-profile.ts";
import type { Rectangle } from "./picture.ts";

/** What belongs around the masks, and how large pixels are. */
export interface MaskFrameOptions {
  /** Room around the masks, mm. Default 20. */
  readonly margin?: number;
  /** Side of the picture's pixels, mm, as it is drawn with. Default 1. */
  readonly millimetres?: number;
}

/**
 * The part of a slice's picture that shows some masks and little else: the same for all slices of
 * a plane. The whole picture when the masks are empty.
 *
 * @param volume - what is drawn
 * @param profile - of the masks, on the volume's grid
 * @param plane - how it is cut
 */
export function maskFrame(
  { shape, spacing }: Pick<Volume<VoxelArray>, "shape" | "spacing">,
  profile: MaskProfile,
  plane: Plane,
  { margin = 20, millimetres = 1 }: MaskFrameOptions = {},
): Rectangle {
  const extent = (axis: 0 | 1 | 2): readonly [start: number, length: number] => {
    const pixels = Math.max(1, Math.round((shape[axis] * spacing[axis]) / millimetres));
    const first = profile[axis].findIndex((count) => count > 0);
    if (first < 0) return [0, pixels];
    const scale = pixels / shape[axis];
    const room = margin / millimetres;
    const low = Math.max(0, Math.floor(first * scale - room));
    const high = Math.min(pixels, Math.ceil((profile[axis].findLastIndex((count) => count > 0) + 1) * scale + room));
    // Pictures with z downwards begin at the head.
    return [axis === 0 ? pixels - high : low, high - low];
  };
  const { across, down } = PLANE_AXES[plane];
  const [left, width] = extent(across);
  const [top, height] = extent(down);
  return { left, top, width, height };
}
