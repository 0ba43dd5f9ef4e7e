import { SEPARATE_OPTIONS, type SeparateOptions, separateLungs } from "../../lungs/separate.ts";
import type { Lungs } from "../../lungs/types.ts";
import { defineStage, type Scanned } from "../stage.ts";
import type { Filled } from "./fill.ts";
import type { Selected } from "./select.ts";

/** What the first part of every profile gives in the end. */
export interface Separated {
  readonly lungs: Lungs;
}

/** Separates the filled bodies into two lungs. */
export const separate = defineStage({
  name: "separate",
  part: "lungs",
  title: "Separate the lungs",
  options: { separate: SEPARATE_OPTIONS },
  needs: ["filled", "selection"],
  gives: ["lungs"],
  masks: {
    lung1: { label: "First lung", of: ({ lungs }: Separated) => lungs.lung1 },
    lung2: { label: "Second lung", of: ({ lungs }: Separated) => lungs.lung2 },
  },
  run: (
    { volume, filled, selection }: Scanned & Filled & Selected,
    options: { readonly separate?: SeparateOptions },
  ): Separated => {
    const { cut, bodies } = selection;
    return { lungs: { ...separateLungs(filled, volume.spacing, options.separate), cut, bodies } };
  },
  steps: [
    {
      name: "cores",
      title: "Eroded cores",
      what: "The mask is eroded, one layer at a time, until its two largest parts are of comparable size: the cores of the two lungs.",
      why: "The lungs often touch at thin bridges. Erosion breaks these first.",
      legend: { kept: "eroded away", "first-core": "first core", "second-core": "second core" },
      options: ["separate.maxErosions", "separate.maxRatio"],
    },
    {
      name: "split",
      title: "Nearest core",
      what: "Every voxel of the mask goes to the core that is nearer in millimetres.",
      why: "This gives back what erosion took, to the lung it belongs to.",
      legend: { first: "first lung", second: "second lung" },
      options: [],
    },
    {
      name: "main-part",
      title: "Main part",
      what: "In each slice the largest components and what lies in their convex hulls stay; then only the largest body of each half.",
      why: "Pieces of airway and scraps of the other lung end up in a half and are dropped here.",
      legend: { first: "first lung", second: "second lung", "off-main": "dropped" },
      options: ["separate.cover"],
    },
    {
      name: "slice-holes",
      title: "Holes of slices",
      what: "What a lung encloses within a slice becomes part of it.",
      why: "A vessel may reach out of the lung in another slice and so is no hole in space, but it is one here.",
      legend: { first: "first lung", second: "second lung", added: "filled" },
      options: [],
    },
  ],
});
