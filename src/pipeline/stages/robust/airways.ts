import { AIRWAY_OPTIONS, type AirwayOptions, findAirways } from "../../../lungs/robust/airways.ts";
import { onScan } from "../../../lungs/robust/work-grid.ts";
import type { BitVolume } from "../../../volume/bit-volume.ts";
import { defineStage, type Scanned } from "../../stage.ts";
import type { Bodied } from "./body.ts";
import type { Calibrated } from "./calibrate.ts";

/** What {@link airways} gives. */
export interface WithAirways {
  /** Trachea and bronchi with their walls, on the coarse grid. */
  readonly tree: BitVolume;
  /** The same on the scan's grid. */
  readonly airwayMask: BitVolume;
}

/** Finds the trachea and the bronchi that hang on it. */
export const airways = defineStage({
  name: "airways",
  part: "lungs",
  title: "Find the airways",
  options: { airways: AIRWAY_OPTIONS },
  needs: ["grid", "soft", "trunk"],
  gives: ["tree", "airwayMask"],
  masks: { airways: { label: "Airways", of: ({ airwayMask }: WithAirways) => airwayMask } },
  run: (
    { grid, soft, trunk }: Scanned & Calibrated & Bodied,
    options: { readonly airways?: AirwayOptions },
  ): WithAirways => {
    const tree = findAirways(grid, soft, trunk, options.airways);
    return { tree, airwayMask: onScan(tree, grid) };
  },
  steps: [
    {
      name: "airways",
      title: "Airways",
      what: "The trachea is the longest chain of round, dark spots in the middle of the body. The tree grows from it at higher and higher thresholds, until one step lets it leak into a lung.",
      why: "Airways are not lung, and they join the two lungs to each other and to the air outside.",
      legend: { kept: "airways" },
      options: ["airways.leak", "airways.wall"],
    },
  ],
});
