import { GROW_OPTIONS, type GrowOptions, growSpongy } from "../../../lungs/robust/growth.ts";
import type { Sides } from "../../../lungs/robust/split.ts";
import { onScan } from "../../../lungs/robust/work-grid.ts";
import type { BitVolume } from "../../../volume/bit-volume.ts";
import { defineStage, type Scanned } from "../../stage.ts";
import type { WithAirways } from "./airways.ts";
import type { Bodied } from "./body.ts";
import type { Calibrated } from "./calibrate.ts";
import type { WithGas } from "./gas.ts";
import type { Seeded } from "./seeds.ts";

/** What {@link grow} gives. */
export interface Grown {
  /** The lungs with ground glass and honeycomb, on the coarse grid. */
  readonly grownSides: Sides;
  /** Both on the scan's grid. */
  readonly grownMask: BitVolume;
}

/** Grows the lungs into what is denser but holds air. */
export const grow = defineStage({
  name: "grow",
  part: "lungs",
  title: "Grow into diseased lung",
  options: { grow: GROW_OPTIONS },
  needs: ["grid", "soft", "trunk", "tree", "walled", "seedSides"],
  gives: ["grownSides", "grownMask"],
  masks: { grown: { label: "Lungs with ground glass", of: ({ grownMask }: Grown) => grownMask } },
  run: (
    { grid, soft, trunk, tree, walled, seedSides }: Scanned & Calibrated & Bodied & WithAirways & WithGas & Seeded,
    options: { readonly grow?: GrowOptions },
  ): Grown => {
    const grownSides = growSpongy(grid, soft, seedSides, trunk, tree.union(walled), options.grow);
    return { grownSides, grownMask: onScan(grownSides.right.union(grownSides.left), grid) };
  },
  steps: [
    {
      name: "grow",
      title: "Growth",
      what: "Gaps in a lung are bridged where the mean over some millimetres says that there is air in them.",
      why: "Fibrosis and dense ground glass lie above every threshold for lung, but not as densely as chest wall.",
      legend: { kept: "lungs" },
      options: ["grow.spongy", "grow.bridge"],
    },
  ],
});
