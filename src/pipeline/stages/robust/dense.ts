import { addDense, DENSE_OPTIONS, type DenseOptions, type DenseSide } from "../../../lungs/robust/dense.ts";
import type { Sides } from "../../../lungs/robust/split.ts";
import { onScan } from "../../../lungs/robust/work-grid.ts";
import type { BitVolume } from "../../../volume/bit-volume.ts";
import { defineStage, type Scanned } from "../../stage.ts";
import type { Bodied } from "./body.ts";
import type { Calibrated } from "./calibrate.ts";
import type { Grown } from "./grow.ts";

/** What {@link dense} gives. */
export interface WithDense {
  /** Dense disease of each side, on the coarse grid. */
  readonly denseSides: { readonly right: DenseSide; readonly left: DenseSide };
  /** The lungs with it, on the coarse grid. */
  readonly wholeSides: Sides;
  /** Dense disease on the scan's grid. */
  readonly denseMask: BitVolume;
}

/** Adds consolidated and collapsed lung. */
export const dense = defineStage({
  name: "dense",
  part: "lungs",
  title: "Add dense disease",
  options: { dense: DENSE_OPTIONS },
  needs: ["grid", "soft", "trunk", "grownSides"],
  gives: ["denseSides", "wholeSides", "denseMask"],
  masks: { dense: { label: "Dense disease", of: ({ denseMask }: WithDense) => denseMask } },
  run: (
    { grid, soft, trunk, grownSides }: Scanned & Calibrated & Bodied & Grown,
    options: { readonly dense?: DenseOptions },
  ): WithDense => {
    const denseSides = addDense(grid, soft, grownSides, trunk, options.dense);
    const right = grownSides.right.union(denseSides.right.mask);
    const left = grownSides.left.union(denseSides.left.mask);
    const both = denseSides.right.mask.union(denseSides.left.mask);
    return { denseSides, wholeSides: { right, left }, denseMask: onScan(both, grid) };
  },
  steps: [
    {
      name: "dense",
      title: "Dense disease",
      what: "Where the other lung, mirrored, has lung, and much of the outer layer along the ribs is tissue on this side, the tissue is taken for consolidated or collapsed lung, unless its mean is that of fluid.",
      why: "Solid lung is as dense as heart and liver. Only its place tells it, and sound chests have lung along the ribs on both sides.",
      legend: { kept: "dense disease" },
      options: ["dense.leastLoss", "dense.fluid"],
    },
  ],
});
