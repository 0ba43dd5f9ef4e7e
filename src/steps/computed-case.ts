import type { SegmentOptions } from "../lungs/segment.ts";
import type { Selection } from "../lungs/select.ts";
import type { Lungs } from "../lungs/types.ts";
import type { CleanGeometry } from "../prepare/geometry.ts";
import type { PrepareOptions } from "../prepare/prepare.ts";
import type { BitVolume } from "../volume/bit-volume.ts";
import type { Volume } from "../volume/volume.ts";

/** A scan with everything that the pipeline found on its way. */
export interface ComputedCase {
  readonly volume: Volume<Int16Array>;
  /** What the pipeline was run with. */
  readonly lungOptions: Omit<SegmentOptions, "onStage">;
  readonly prepareOptions: Omit<PrepareOptions, "onStage">;
  readonly binary: BitVolume;
  readonly selection: Selection;
  readonly filled: BitVolume;
  readonly lungs: Lungs;
  readonly dilated1: BitVolume;
  readonly dilated2: BitVolume;
  readonly clean: Volume<Uint8Array>;
  readonly geometry: CleanGeometry;
}

/** What is known before any stage has run. */
type Given = "volume" | "lungOptions" | "prepareOptions";

/**
 * A scan with what the pipeline has found so far: a result is there once its stage has run. When no
 * body passed the rules of the selection, `selection` is there all the same, with 0 bodies.
 */
export type PartialCase = Pick<ComputedCase, Given> & Partial<Omit<ComputedCase, Given>>;
