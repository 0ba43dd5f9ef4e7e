import {
  BINARIZE_OPTIONS,
  type BinarizeOptions,
  binarizePerSlice,
  discSpans,
  hasBlankCorner,
} from "../lungs/binarize.ts";
import { type Components, labelRuns } from "../ops/label.ts";
import { clearRun, extractRuns, setRun } from "../ops/runs.ts";
import { withDefaults } from "../options.ts";
import { COLOURS, FIRST_COLOUR } from "../pipeline/pixel-class.ts";
import { BitVolume } from "../volume/bit-volume.ts";
import type { PartialCase } from "./computed-case.ts";

/** Options that let every region pass the rule of area, and that of eccentricity. */
const ANY_AREA = { minArea: 0 };
const ANY_SHAPE = { maxEccentricity: 2 };

/** What the binarization goes through before it arrives at its mask. */
export interface CandidateMasks {
  /** What the padding around a field of view rules out. */
  readonly outside: BitVolume;
  /** What lies below the threshold after smoothing. */
  readonly dark: BitVolume;
  /** The dark regions that are large enough. */
  readonly large: BitVolume;
  /** The 8-connected regions of the slices, with each run's own colour. */
  readonly regions: Components;
  readonly colour: Uint8Array;
}

/** Repeats the binarization and keeps what it only passes through. */
export function candidateMasks({ volume, lungOptions }: PartialCase): CandidateMasks {
  const options = lungOptions.binarize;
  const dark = binarizePerSlice(volume, { ...options, ...ANY_AREA, ...ANY_SHAPE });
  const regions = labelRuns(extractRuns(dark), 8);
  return {
    outside: outsideOfDisc(volume, options),
    dark,
    large: binarizePerSlice(volume, { ...options, ...ANY_SHAPE }),
    regions,
    colour: coloursOf(regions),
  };
}

function outsideOfDisc({ shape, voxels }: PartialCase["volume"], options: BinarizeOptions | undefined): BitVolume {
  const { cornerSize, sigma } = withDefaults(BINARIZE_OPTIONS, options);
  const [nz, ny, nx] = shape;
  const outside = new BitVolume(shape);
  if (ny !== nx) return outside;
  const { first, last } = discSpans(ny, Math.floor(2 * sigma + 0.5));
  for (let z = 0; z < nz; z++) {
    if (!hasBlankCorner(voxels.subarray(z * ny * nx, (z + 1) * ny * nx), nx, cornerSize)) continue;
    for (let y = 0; y < ny; y++) {
      const base = (z * ny + y) * outside.wordsPerRow;
      setRun(outside.words, base, 0, nx);
      if (first[y]! < last[y]!) clearRun(outside.words, base, first[y]!, last[y]!);
    }
  }
  return outside;
}

/** A colour for every run: its region's, counted anew in every slice. */
function coloursOf({ runs, root }: Components): Uint8Array {
  const colour = new Uint8Array(runs.count);
  for (let z = 0; z < runs.planes; z++) {
    let regions = 0;
    const last = runs.rowStart[(z + 1) * runs.rowsPerPlane]!;
    for (let i = runs.rowStart[z * runs.rowsPerPlane]!; i < last; i++) {
      // A root comes before the rest of its region.
      colour[i] = root[i] === i ? FIRST_COLOUR + (regions++ % COLOURS) : colour[root[i]!]!;
    }
  }
  return colour;
}
