import { airIn } from "../../../lungs/robust/candidates.ts";
import { GAS_OPTIONS, type GasOptions, walledGas } from "../../../lungs/robust/gas.ts";
import { airLimit } from "../../../lungs/robust/growth.ts";
import { onScan } from "../../../lungs/robust/work-grid.ts";
import { subtract } from "../../../ops/logic.ts";
import type { BitVolume } from "../../../volume/bit-volume.ts";
import { defineStage, type Scanned } from "../../stage.ts";
import type { WithAirways } from "./airways.ts";
import type { Bodied } from "./body.ts";
import type { Calibrated } from "./calibrate.ts";

/** What {@link gas} gives. */
export interface WithGas {
  /** Air in the body less airways and walled-off gas, on the coarse grid. */
  readonly air: BitVolume;
  /** Walled-off gas, on the coarse grid. */
  readonly walled: BitVolume;
  /** The same on the scan's grid. */
  readonly gasMask: BitVolume;
}

/** Finds gas that is no lung. */
export const gas = defineStage({
  name: "gas",
  part: "lungs",
  title: "Leave out gas",
  options: { gas: GAS_OPTIONS },
  needs: ["grid", "trunk", "tree"],
  gives: ["air", "walled", "gasMask"],
  masks: { gas: { label: "Gas that is no lung", of: ({ gasMask }: WithGas) => gasMask } },
  run: (
    { volume, grid, trunk, tree }: Scanned & Calibrated & Bodied & WithAirways,
    options: { readonly gas?: GasOptions },
  ): WithGas => {
    const air = subtract(airIn(grid, trunk.mask, airLimit(volume.spacing[0] / trunk.size)), tree);
    const walled = walledGas(grid, air, trunk, options.gas);
    return { air: subtract(air, walled), walled, gasMask: onScan(walled, grid) };
  },
  steps: [
    {
      name: "gas",
      title: "Gas that is no lung",
      what: "Where blocks of the scan hold nothing but gas, and a wall runs around nearly all of it, it is not lung.",
      why: "Air in the pleural space, in stomach and bowel is as dark as a bulla, but a bulla is open to lung.",
      legend: { kept: "gas" },
      options: ["gas.walled"],
    },
  ],
});
