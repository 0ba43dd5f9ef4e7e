import type { Calibration } from "../../../lungs/robust/calibrate.ts";
import { CALIBRATE_OPTIONS, type CalibrateOptions, calibrated, calibration } from "../../../lungs/robust/calibrate.ts";
import { smoothed, type WorkGrid, workGrid } from "../../../lungs/robust/work-grid.ts";
import { defineStage, type Scanned } from "../../stage.ts";

/** What {@link calibrate} gives. */
export interface Calibrated {
  readonly calibration: Calibration;
  /** The scan on a coarse grid, in Hounsfield units. */
  readonly grid: WorkGrid;
  /** The same, smoothed. */
  readonly soft: Int16Array;
}

/** Slices farther apart than this are not smoothed with each other, mm. */
const THICK = 4.5;

/** Brings the scan to a coarse grid and its values to Hounsfield units. */
export const calibrate = defineStage({
  name: "calibrate",
  part: "lungs",
  title: "Calibrate",
  options: { calibrate: CALIBRATE_OPTIONS },
  needs: [],
  gives: ["calibration", "grid", "soft"],
  masks: {},
  run: ({ volume }: Scanned, options: { readonly calibrate?: CalibrateOptions }): Calibrated => {
    const stored = workGrid(volume);
    const found = calibration(stored, options.calibrate);
    const grid = calibrated(stored, found);
    return { calibration: found, grid, soft: smoothed(grid.mean, grid.shape, grid.spacing[0] < THICK) };
  },
  steps: [
    {
      name: "calibrate",
      title: "Calibration",
      what: "The darkest of the air and the peak of muscle say whether values are Hounsfield units. When air is off by more than the tolerance, both are brought to where they belong.",
      why: "All limits that follow are Hounsfield units. Some scans are shifted or stretched.",
      legend: {},
      options: ["calibrate.tolerance"],
    },
  ],
});
