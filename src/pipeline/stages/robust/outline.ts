import { OUTLINE_OPTIONS, type OutlineOptions, outlineLungs } from "../../../lungs/robust/outline.ts";
import { defineStage, type Scanned } from "../../stage.ts";
import type { Separated } from "../separate.ts";
import type { WithAirways } from "./airways.ts";
import type { Bodied } from "./body.ts";
import type { Calibrated } from "./calibrate.ts";
import type { WithDense } from "./dense.ts";
import type { WithGas } from "./gas.ts";
import type { Seeded } from "./seeds.ts";

type Before = Scanned & Calibrated & Bodied & WithAirways & WithGas & Seeded & WithDense;

/** Draws the lungs on the scan's own voxels. */
export const outline = defineStage({
  name: "outline",
  part: "lungs",
  title: "Draw the lungs",
  options: { outline: OUTLINE_OPTIONS },
  needs: ["calibration", "grid", "soft", "trunk", "tree", "walled", "seedBodies", "seedSides", "wholeSides"],
  gives: ["lungs"],
  masks: {
    lung1: { label: "First lung", of: ({ lungs }: Separated) => lungs.lung1 },
    lung2: { label: "Second lung", of: ({ lungs }: Separated) => lungs.lung2 },
  },
  run: (
    { volume, calibration, grid, soft, trunk, tree, walled, seedBodies, seedSides, wholeSides }: Before,
    options: { readonly outline?: OutlineOptions },
  ): Separated => {
    const found = {
      calibration,
      grid,
      soft,
      body: trunk,
      airways: tree,
      gas: walled,
      seeds: seedSides.right.union(seedSides.left),
      sides: wholeSides,
    };
    const { right, left, airways } = outlineLungs(volume, found, options.outline);
    const [lung1, lung2] = right.count() >= left.count() ? [right, left] : [left, right];
    const separated = lung2.count() > 0;
    return {
      lungs: { lung1, lung2, separated, cut: 0, bodies: seedBodies, erosions: 0, sides: { right, left }, airways },
    };
  },
  steps: [
    {
      name: "outline",
      title: "Border",
      what: "On the scan's own voxels the border runs where values cross the limit, near the lungs' outline on the coarse grid. Vessels and narrow dents are closed, airways and gas left out.",
      why: "Shape is decided on the coarse grid; the border must not be coarse.",
      legend: { first: "first lung", second: "second lung" },
      options: ["outline.closing", "outline.glass"],
    },
  ],
});
