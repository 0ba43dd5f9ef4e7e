import { binarizePerSlice } from "../../src/lungs/binarize.ts";
import { fillHoles } from "../../src/lungs/fill-holes.ts";
import { selectBodiesWithCuts } from "../../src/lungs/select.ts";
import { separateLungs } from "../../src/lungs/separate.ts";
import { prepare } from "../../src/pipeline/prepare.ts";
import type { Volume } from "../../src/volume/volume.ts";
import type { ComputedCase } from "../../src/walkthrough/computed-case.ts";

/** Runs the pipeline with its defaults and keeps what it found on its way. */
export function compute(volume: Volume<Int16Array>): ComputedCase {
  const binary = binarizePerSlice(volume);
  const selection = selectBodiesWithCuts(binary, volume.spacing);
  const filled = fillHoles(selection.mask);
  const lungs = { ...separateLungs(filled, volume.spacing), cut: selection.cut, bodies: selection.bodies };
  const prepared = prepare(volume, lungs);
  return { volume, lungOptions: {}, prepareOptions: {}, binary, selection, filled, lungs, ...prepared };
}
