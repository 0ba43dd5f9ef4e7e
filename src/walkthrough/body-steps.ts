import { borderComponents, SELECT_OPTIONS } from "../lungs/body-rules.ts";
import { componentSizes } from "../ops/components.ts";
import { type Components, labelRuns } from "../ops/label.ts";
import { extractRuns } from "../ops/runs.ts";
import { COLOURS, classOf, FIRST_COLOUR } from "../pipeline/pixel-class.ts";
import { BitVolume } from "../volume/bit-volume.ts";
import type { Cut } from "../volume/cut.ts";
import { voxelVolume } from "../volume/volume.ts";
import type { ComputedCase, PartialCase } from "./computed-case.ts";
import { paintLayers, paintRuns } from "./paint.ts";

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
export function judgeBodies(state: PartialCase & Pick<ComputedCase, "binary">): JudgedBodies {
  const { binary, selection, volume, lungOptions } = state;
  // Where nothing was selected, the mask of the selection is that of all candidates.
  const selected = selection !== undefined && selection.bodies > 0 ? selection.mask : undefined;
  // Not checked: bodies can be shown when the selection refuses its options.
  const { volumeLimits = SELECT_OPTIONS.volumeLimits.default } = lungOptions.select ?? {};
  const [nz, ny, nx] = binary.shape;
  const planes = nz - (selection?.cut ?? 0);
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
        const kept = selected?.get(Math.floor(row / ny), row % ny, runs.start[i]!);
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
export function drawBodies(
  { binary, volume }: Pick<ComputedCase, "binary" | "volume">,
  bodies: JudgedBodies,
  by: "verdict" | "colour",
  cut: Cut,
): Uint8Array {
  // Every voxel below the cut is in a body, so that what is left is what was cut.
  const classes = paintLayers(volume.shape, cut, [binary, "cut"]);
  paintRuns(classes, bodies.components, bodies[by], cut, volume.shape);
  return classes;
}

/** The bodies with what the cut slices give back to them. */
export function drawCuts(
  { volume, binary, selection }: Pick<ComputedCase, "volume" | "binary" | "selection">,
  cut: Cut,
): Uint8Array {
  const top = (mask: BitVolume): BitVolume => slicesFrom(mask, volume.shape[0] - selection.cut);
  return paintLayers(volume.shape, cut, [selection.mask, "kept"], [top(binary), "cut"], [top(selection.mask), "added"]);
}

/** A mask's slices from one on, without those below. */
function slicesFrom({ shape, words, wordsPerRow }: BitVolume, z: number): BitVolume {
  const above = new BitVolume(shape);
  const at = z * shape[1] * wordsPerRow;
  above.words.set(words.subarray(at), at);
  return above;
}
