/**
 * Draws docs/images/stages.png, the picture of the README, from a phantom. Run after a change to
 * the pipeline, the phantom or the drawing:
 *
 *   npm run build && node scripts/readme-picture.mjs
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { encodePng, makePhantom } from "pleura";
import { ROOT } from "./lib/paths.mjs";
import { runSteps } from "./lib/run-steps.mjs";
import { stepsInOne } from "./lib/stage-pictures.mjs";

const phantom = makePhantom({ size: 384, slices: 160 });
const folder = join(ROOT, "docs/images");
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, "stages.png"), encodePng(stepsInOne(runSteps(phantom))));
