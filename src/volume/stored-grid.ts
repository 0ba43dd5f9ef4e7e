import type { Affine } from "./affine.ts";
import type { Triple } from "./volume.ts";

/**
 * The grid of a scan as its files have it, before the volume was turned, put upright or filled:
 * what positions counted in stored pixels refer to. `[z, y, x]` is slice (the feet's end first for
 * axial series), row, column.
 */
export interface StoredGrid {
  readonly shape: Triple;
  /** Stored index → LPS, mm. */
  readonly affine: Affine;
  /** Whether each step along z is one stored slice; false where slices are missing or uneven. */
  readonly even: boolean;
  /**
   * For a volume that was turned as the published code turns LUNA16's images: whether its y and x
   * were reversed. Missing for all others, which lie in the patient's own directions.
   */
  readonly reversed?: boolean;
}
