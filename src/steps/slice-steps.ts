import { binarizePerSlice, discSpans, hasBlankCorner } from "../lungs/binarize.ts";
import { labelRuns } from "../ops/label.ts";
import { extractRuns } from "../ops/runs.ts";
import type { BitVolume } from "../volume/bit-volume.ts";
import type { ComputedCase } from "./computed-case.ts";
import { blankClasses, paint, sliceOfVolume } from "./paint.ts";
import { COLOURS, classOf, FIRST_COLOUR } from "./step.ts";

/** Options that let every region pass the rule of area, and that of eccentricity. */
const ANY_AREA = { minArea: 0 };
const ANY_SHAPE = { maxEccentricity: 2 };

/** What the padding around a field of view rules out in a slice. */
export function drawDisc({ volume, lungOptions }: ComputedCase, z: number): Uint8Array {
  const classes = blankClasses(volume.shape);
  const [, ny, nx] = volume.shape;
  const { cornerSize = 10, sigma = 1 } = lungOptions.binarize ?? {};
  if (ny !== nx || !hasBlankCorner(sliceOfVolume(volume, z).voxels, nx, cornerSize)) return classes;
  const { first, last } = discSpans(ny, Math.floor(2 * sigma + 0.5));
  classes.fill(classOf("outside-disc"));
  for (let y = 0; y < ny; y++) if (first[y]! < last[y]!) classes.fill(0, y * nx + first[y]!, y * nx + last[y]!);
  return classes;
}

/** What lies below the threshold after smoothing. */
export function drawThreshold(state: ComputedCase, z: number): Uint8Array {
  const classes = blankClasses(state.volume.shape);
  paint(classes, darkRegions(state, z), 0, classOf("kept"));
  return classes;
}

/** The slice's 8-connected regions, each in a colour. */
export function drawRegions(state: ComputedCase, z: number): Uint8Array {
  const classes = blankClasses(state.volume.shape);
  const [, ny, nx] = state.volume.shape;
  const runs = extractRuns(darkRegions(state, z));
  const { root } = labelRuns(runs, 8);
  const colour = new Map<number, number>();
  for (let y = 0; y < ny; y++) {
    for (let i = runs.rowStart[y]!; i < runs.rowStart[y + 1]!; i++) {
      if (!colour.has(root[i]!)) colour.set(root[i]!, FIRST_COLOUR + (colour.size % COLOURS));
      classes.fill(colour.get(root[i]!)!, y * nx + runs.start[i]!, y * nx + runs.end[i]!);
    }
  }
  return classes;
}

/** The regions that stay, and by which rule the others went. */
export function drawShape(state: ComputedCase, z: number): Uint8Array {
  const classes = blankClasses(state.volume.shape);
  const slice = sliceOfVolume(state.volume, z);
  const options = state.lungOptions.binarize;
  paint(classes, darkRegions(state, z), 0, classOf("small-area"));
  paint(classes, binarizePerSlice(slice, { ...options, ...ANY_SHAPE }), 0, classOf("elongated"));
  paint(classes, state.binary, z, classOf("kept"));
  return classes;
}

function darkRegions({ volume, lungOptions }: ComputedCase, z: number): BitVolume {
  return binarizePerSlice(sliceOfVolume(volume, z), { ...lungOptions.binarize, ...ANY_AREA, ...ANY_SHAPE });
}
