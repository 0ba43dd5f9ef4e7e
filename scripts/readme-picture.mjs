/**
 * Draws the pictures of the README, docs/images/stages.png and lungs.png, from a phantom. Run after a change to
 * the pipeline, the phantom or the drawing:
 *
 *   npm run build && node scripts/readme-picture.mjs
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { drawPreview, encodePng, lungSides, makePhantom, montage, segmentLungs } from "pleura";
import { ROOT } from "./lib/paths.mjs";
import { runSteps } from "./lib/run-steps.mjs";
import { stepsInOne } from "./lib/stage-pictures.mjs";

const phantom = makePhantom({ size: 384, slices: 160 });
const folder = join(ROOT, "docs/images");
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, "stages.png"), encodePng(stepsInOne(runSteps(phantom))));

const pictures = drawPreview(phantom, lungSides(phantom, segmentLungs(phantom)));
const surfaces = pictures.filter(({ kind }) => kind === "surface").map(({ picture }) => picture);
writeFileSync(join(folder, "lungs.png"), encodePng(montage([surfaces], { gap: 0 })));
