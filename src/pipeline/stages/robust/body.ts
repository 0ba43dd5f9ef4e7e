import { BODY_OPTIONS, type Body, type BodyOptions, findBody } from "../../../lungs/robust/body.ts";
import { onScan } from "../../../lungs/robust/work-grid.ts";
import type { BitVolume } from "../../../volume/bit-volume.ts";
import { defineStage, type Scanned } from "../../stage.ts";
import type { Calibrated } from "./calibrate.ts";

/** What {@link body} gives. */
export interface Bodied {
  readonly trunk: Body;
  /** The body on the scan's grid. */
  readonly bodyMask: BitVolume;
}

/** Finds the patient's body, apart from table and blankets. */
export const body = defineStage({
  name: "body",
  part: "lungs",
  title: "Find the body",
  options: { body: BODY_OPTIONS },
  needs: ["grid", "soft"],
  gives: ["trunk", "bodyMask"],
  masks: { trunk: { label: "Body", of: ({ bodyMask }: Bodied) => bodyMask } },
  run: ({ grid, soft }: Scanned & Calibrated, options: { readonly body?: BodyOptions }): Bodied => {
    const trunk = findBody(grid, soft, options.body);
    return { trunk, bodyMask: onScan(trunk.mask, grid) };
  },
  steps: [
    {
      name: "trunk",
      title: "Body",
      what: "The largest connected part of tissue, without what is thin, and all that a ball rolling along it from outside cannot reach.",
      why: "Lungs lie in the body, wherever it lies in the scan. A gap in the chest's wall does not let the air in.",
      legend: { kept: "body" },
      options: ["body.rolling"],
    },
  ],
});
