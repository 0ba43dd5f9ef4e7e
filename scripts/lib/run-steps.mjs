import { lungSides, prepare, segmentLungs } from "pleura";
import { drawSteps } from "./stage-pictures.mjs";

/** Segments and prepares a scan, and draws every step of it. */
export function runSteps(volume) {
  const masks = {};
  const onStage = (stage, mask) => {
    masks[stage] = mask;
  };
  const lungs = segmentLungs(volume, { onStage });
  const { clean, dilated1, dilated2 } = prepare(volume, lungs);
  const { right, left } = lungSides(volume, lungs);
  const [dilatedRight, dilatedLeft] = right === lungs.lung1 ? [dilated1, dilated2] : [dilated2, dilated1];
  return drawSteps(volume, { ...masks, right, left, dilatedRight, dilatedLeft }, clean);
}
