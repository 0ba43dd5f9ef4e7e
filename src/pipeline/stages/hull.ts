import { type DilatedHullOptions, dilatedHull, HULL_OPTIONS } from "../../prepare/dilated-hull.ts";
import type { BitVolume } from "../../volume/bit-volume.ts";
import { defineStage, type Scanned } from "../stage.ts";
import type { Separated } from "./separate.ts";

/** What {@link hull} gives. */
export interface Surrounded {
  /** The first lung's convex hull, slice by slice, dilated; on the scan's grid. */
  readonly dilated1: BitVolume;
  /** The same of the second lung. */
  readonly dilated2: BitVolume;
}

/** Widens each lung to what lies next to it. */
export const hull = defineStage({
  name: "hull",
  part: "prepare",
  title: "Hull and dilation",
  options: { hull: HULL_OPTIONS },
  needs: ["lungs"],
  gives: ["dilated1", "dilated2"],
  masks: {
    dilated1: { label: "First lung, dilated hull", of: ({ dilated1 }: Surrounded) => dilated1 },
    dilated2: { label: "Second lung, dilated hull", of: ({ dilated2 }: Surrounded) => dilated2 },
  },
  run: ({ lungs }: Scanned & Separated, options: { readonly hull?: DilatedHullOptions }): Surrounded => ({
    dilated1: dilatedHull(lungs.lung1, options.hull),
    dilated2: dilatedHull(lungs.lung2, options.hull),
  }),
  steps: [
    {
      name: "hull",
      title: "Hull and dilation",
      what: "Each lung becomes its convex hull, slice by slice, unless that is far larger; then it is dilated.",
      why: "A nodule on the pleura is outside the mask. The hull bridges the dents, the dilation adds a margin.",
      legend: { first: "first lung", second: "second lung", hull: "hull", dilated: "dilation" },
      options: ["hull.maxAreaRatio", "hull.iterations"],
    },
  ],
});
