import { fillHoles } from "../../lungs/fill-holes.ts";
import type { BitVolume } from "../../volume/bit-volume.ts";
import { defineStage, type Scanned } from "../stage.ts";
import type { Selected } from "./select.ts";

/** What {@link fill} gives. */
export interface Filled {
  /** The selected bodies without holes. */
  readonly filled: BitVolume;
}

/** Fills the holes of the selected bodies in three dimensions. */
export const fill = defineStage({
  name: "fill",
  part: "lungs",
  title: "Fill holes",
  options: {},
  needs: ["selection"],
  gives: ["filled"],
  masks: { filled: { label: "Holes filled", of: ({ filled }: Filled) => filled } },
  run: ({ selection }: Scanned & Selected): Filled => ({ filled: fillHoles(selection.mask) }),
  steps: [
    {
      name: "holes",
      title: "Holes",
      what: "Background that is shut in by the bodies on all sides becomes part of them.",
      why: "Vessels and nodules are as dense as soft tissue. Without this step they would be missing from the lungs.",
      legend: { kept: "bodies", added: "filled" },
      options: [],
    },
  ],
});
