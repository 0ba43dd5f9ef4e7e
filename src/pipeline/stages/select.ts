import { PleuraError } from "../../errors.ts";
import { SELECT_OPTIONS } from "../../lungs/body-rules.ts";
import { CUT_OPTIONS, type Selection, type SelectOptions, selectBodiesWithCuts } from "../../lungs/select.ts";
import { withDefaults } from "../../options.ts";
import { defineStage, type Scanned } from "../stage.ts";
import type { Binarized } from "./binarize.ts";

/** What {@link select} gives. */
export interface Selected {
  /** The bodies that can be lungs. */
  readonly selection: Selection;
}

interface Options {
  readonly select?: SelectOptions;
  readonly cutStep?: number;
}

/** Selects the bodies of air that can be lungs. */
export const select = defineStage({
  name: "select",
  part: "lungs",
  title: "Select bodies",
  options: { select: SELECT_OPTIONS, ...CUT_OPTIONS },
  needs: ["binary"],
  gives: ["selection"],
  masks: { body: { label: "Selected bodies", of: ({ selection }: Selected) => selection.mask } },
  run: ({ volume, binary }: Scanned & Binarized, options: Options): Selected => ({
    selection: selectBodiesWithCuts(binary, volume.spacing, options.cutStep, options.select),
  }),
  refuse: ({ selection }: Selected, options: Options) =>
    selection.bodies === 0 ? noLungs(selection, options.select) : undefined,
  steps: [
    {
      name: "bodies",
      title: "Bodies",
      what: "Regions of neighbouring slices that share faces grow into bodies. Each has a colour here.",
      why: "Lungs can only be told from other air by their whole shape in space.",
      legend: { cut: "cut from the top" },
      options: [],
    },
    {
      name: "select",
      title: "Border, volume, distance",
      what: "Bodies go that hold a corner or the middle of an edge in the first or the last slice, that are too small or too large for lungs, or that stay far from the axis of the scan.",
      why: "Air around the patient reaches the border; stomach and bowel are too small; what lies beside the patient is too far out.",
      legend: { kept: "kept", border: "border", volume: "volume", distance: "distance", cut: "cut from the top" },
      options: ["select.volumeLimits", "select.minSliceArea", "select.maxDistance"],
    },
    {
      name: "cuts",
      title: "Cuts from the top",
      what: "When no body passes, slices are taken from the top, a few more each try, until one does. What the bodies have in those slices is put back afterwards.",
      why: "The windpipe leaves the scan at the top and can join the lungs to the air outside, which makes them one body with it.",
      legend: { kept: "kept", cut: "stays cut", added: "put back" },
      options: ["cutStep"],
    },
  ],
});

function noLungs({ largest, nearest }: Selection, options?: SelectOptions): PleuraError {
  const { volumeLimits, maxDistance } = withDefaults(SELECT_OPTIONS, options);
  const tooFar = Number.isFinite(nearest);
  return new PleuraError("no-lungs", "No body of air in the scan can be lungs", {
    stage: "select",
    measured: tooFar
      ? `the nearest body of lung size lies ${nearest.toFixed(0)} mm from the centre axis`
      : `largest body ${largest.toFixed(2)} L`,
    limit: tooFar ? `below ${maxDistance} mm` : `${volumeLimits[0]} L to ${volumeLimits[1]} L`,
    hint: "Check that the scan is a chest CT in Hounsfield units and shows whole lungs",
  });
}
