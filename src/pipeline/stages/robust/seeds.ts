import { PleuraError } from "../../../errors.ts";
import { lungBodies, SEED_OPTIONS, type SeedOptions } from "../../../lungs/robust/candidates.ts";
import { SIDE_OPTIONS, type SideOptions, type Sides, splitSides } from "../../../lungs/robust/split.ts";
import { onScan } from "../../../lungs/robust/work-grid.ts";
import { BitVolume } from "../../../volume/bit-volume.ts";
import { defineStage, type Scanned } from "../../stage.ts";
import type { Bodied } from "./body.ts";
import type { Calibrated } from "./calibrate.ts";
import type { WithGas } from "./gas.ts";

/** What {@link seeds} gives. */
export interface Seeded {
  /** Bodies of air that are lung. */
  readonly seedBodies: number;
  /** The lungs so far, on the coarse grid. */
  readonly seedSides: Sides;
  /** Both on the scan's grid. */
  readonly seedMask: BitVolume;
}

/** Chooses the bodies of air that are lung, and tells right from left. */
export const seeds = defineStage({
  name: "seeds",
  part: "lungs",
  title: "Choose lungs, tell the sides",
  options: { seeds: SEED_OPTIONS, sides: SIDE_OPTIONS },
  needs: ["grid", "trunk", "air"],
  gives: ["seedBodies", "seedSides", "seedMask"],
  masks: { seeds: { label: "Lungs so far", of: ({ seedMask }: Seeded) => seedMask } },
  run: (
    { volume, grid, trunk, air }: Scanned & Calibrated & Bodied & WithGas,
    options: { readonly seeds?: SeedOptions; readonly sides?: SideOptions },
  ): Seeded => {
    const bodies = lungBodies(grid, trunk, air, options.seeds);
    let both = new BitVolume(grid.shape);
    for (const { mask } of bodies) both = both.union(mask);
    const none = new BitVolume(grid.shape);
    const seedSides =
      bodies.length === 0 ? { right: none, left: none } : splitSides(grid, both, trunk, volume.affine, options.sides);
    return { seedBodies: bodies.length, seedSides, seedMask: onScan(both, grid) };
  },
  refuse: ({ seedBodies }: Seeded) =>
    seedBodies > 0
      ? undefined
      : new PleuraError("no-lungs", "No body of air in the patient can be lungs", {
          stage: "seeds",
          measured: "0 bodies of air that are large and uneven enough",
          limit: "at least 1",
          hint: "Check that the scan is a chest CT in Hounsfield units and shows whole lungs",
        }),
  steps: [
    {
      name: "seeds",
      title: "Lungs and their sides",
      what: "Bodies of air stay that are large for the patient and uneven as lung is. Openings with larger and larger balls part them, until two large parts lie side by side. Where no opening does, there is one lung.",
      why: "A child's lung is as large as an adult's bowel, so size counts in proportion to the body. A single lung must not be torn in two.",
      legend: { kept: "lungs so far" },
      options: ["seeds.leastShare", "sides.leastPart"],
    },
  ],
});
