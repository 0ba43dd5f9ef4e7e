import type { Lungs } from "../../src/lungs/types.ts";
import { erode } from "../../src/ops/morphology.ts";
import { defineStage, type Scanned } from "../../src/pipeline/stage.ts";
import type { Separated } from "../../src/pipeline/stages/separate.ts";
import type { BitVolume } from "../../src/volume/bit-volume.ts";

interface Peeled extends Separated {
  readonly peeled: BitVolume;
}

/** A stage for tests: takes some layers of voxels off the lungs. */
export const peel = defineStage({
  name: "peel",
  part: "lungs",
  title: "Peel the lungs",
  options: { peel: { layers: { default: 1, least: 0, whole: true, label: "Layers", by: 1 } } },
  needs: ["lungs"],
  gives: ["lungs", "peeled"],
  masks: { peeled: { label: "Peeled lungs", of: ({ peeled }: Peeled) => peeled } },
  run: ({ lungs }: Scanned & Separated, { peel: { layers = 1 } = {} }: { peel?: { layers?: number } }): Peeled => {
    const peelOff = (mask: BitVolume): BitVolume => {
      let left = mask;
      for (let i = 0; i < layers; i++) left = erode(left);
      return left;
    };
    const thinner: Lungs = { ...lungs, lung1: peelOff(lungs.lung1), lung2: peelOff(lungs.lung2) };
    return { lungs: thinner, peeled: thinner.lung1.union(thinner.lung2) };
  },
  steps: [
    { name: "peel", title: "Peel", what: "Layers go.", why: "For a test.", legend: {}, options: ["peel.layers"] },
  ],
});
