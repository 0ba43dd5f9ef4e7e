import type { BitVolume } from "../volume/bit-volume.ts";

/** The two lungs as the published pipeline finds them, and how it came to them. */
export interface Lungs {
  /** The lung with the larger eroded core; everything, when nothing separated. */
  readonly lung1: BitVolume;
  /** The other lung; empty when nothing separated. */
  readonly lung2: BitVolume;
  /** Whether erosion split the mask into two cores. */
  readonly separated: boolean;
  /** Slices that were cut from the top before lungs were found. */
  readonly cut: number;
  /** Bodies that passed the volume and distance rules. */
  readonly bodies: number;
  /** Erosions that were needed to separate the lungs. */
  readonly erosions: number;
  /** The lungs by the patient's sides, where they are known already: one lung is then not divided. */
  readonly sides?: { readonly right: BitVolume; readonly left: BitVolume };
  /** Trachea and bronchi, where they were looked for; no part of the lungs. */
  readonly airways?: BitVolume;
}
