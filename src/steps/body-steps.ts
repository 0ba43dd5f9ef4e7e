import { borderComponents, VOLUME_LIMITS } from "../lungs/select.ts";
import { type Components, componentSizes, labelRuns } from "../ops/label.ts";
import { extractRuns } from "../ops/runs.ts";
import { voxelVolume } from "../volume/volume.ts";
import type { ComputedCase } from "./computed-case.ts";
import { blankClasses, paint } from "./paint.ts";
import { COLOURS, classOf, FIRST_COLOUR } from "./step.ts";

/** The bodies among the candidates below the cut, with the rule that each fell to. */
export interface JudgedBodies {
  readonly components: Components;
  /** Class of each run: kept, or the rule that removed its body. */
  readonly verdict: Uint8Array;
  /** Class of each run: its body's own colour. */
  readonly colour: Uint8Array;
}

/**
 * Tells for every body why it stayed or went. The rules are asked in the order in which the
 * selection applies them; what passed the others and was not kept fell to the distance.
 */
export function judgeBodies(state: ComputedCase): JudgedBodies {
  const { binary, selection, volume, lungOptions } = state;
  const { volumeLimits = VOLUME_LIMITS } = lungOptions.select ?? {};
  const [nz, ny, nx] = binary.shape;
  const planes = nz - selection.cut;
  const runs = extractRuns(binary);
  const components = labelRuns({ ...runs, planes, count: runs.rowStart[planes * ny]! }, 6);
  const { root } = components;
  const sizes = componentSizes(components);
  const border = borderComponents(components, [planes, ny, nx]);
  const verdict = new Uint8Array(root.length);
  const colour = new Uint8Array(root.length);
  let bodies = 0;
  for (let row = 0; row < planes * ny; row++) {
    for (let i = runs.rowStart[row]!; i < runs.rowStart[row + 1]!; i++) {
      if (root[i] === i) {
        const litres = (sizes[i]! * voxelVolume(volume.spacing)) / 1e6;
        const kept = selection.mask.get(Math.floor(row / ny), row % ny, runs.start[i]!);
        if (border.has(i)) verdict[i] = classOf("border");
        else if (litres < volumeLimits[0] || litres > volumeLimits[1]) verdict[i] = classOf("volume");
        else verdict[i] = classOf(kept ? "kept" : "distance");
        colour[i] = FIRST_COLOUR + (bodies++ % COLOURS);
      } else {
        // A root comes before the rest of its body.
        verdict[i] = verdict[root[i]!]!;
        colour[i] = colour[root[i]!]!;
      }
    }
  }
  return { components, verdict, colour };
}

/** A slice of the bodies, by verdict or by colour. */
export function drawBodies(state: ComputedCase, bodies: JudgedBodies, by: "verdict" | "colour", z: number): Uint8Array {
  const { runs } = bodies.components;
  const classes = blankClasses(state.volume.shape);
  if (z >= runs.planes) {
    paint(classes, state.binary, z, classOf("cut"));
    return classes;
  }
  const [, ny, nx] = state.volume.shape;
  for (let y = 0; y < ny; y++) {
    const row = z * ny + y;
    for (let i = runs.rowStart[row]!; i < runs.rowStart[row + 1]!; i++) {
      classes.fill(bodies[by][i]!, y * nx + runs.start[i]!, y * nx + runs.end[i]!);
    }
  }
  return classes;
}

/** The bodies with what the cut slices give back to them. */
export function drawCuts({ volume, binary, selection }: ComputedCase, z: number): Uint8Array {
  const classes = blankClasses(volume.shape);
  const inCut = z >= volume.shape[0] - selection.cut;
  if (inCut) paint(classes, binary, z, classOf("cut"));
  paint(classes, selection.mask, z, classOf(inCut ? "added" : "kept"));
  return classes;
}
