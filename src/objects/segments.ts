import type { Label } from "../formats/label-nifti.ts";
import { BitVolume } from "../volume/bit-volume.ts";

/** A concept of a coding scheme. */
export interface Code {
  readonly value: string;
  /** `SCT`, `DCM`, … */
  readonly scheme: string;
  readonly meaning: string;
}

/** What a region of a label map is: the segment or the region of interest that is made of it. */
export interface Structure {
  /** At most 64 characters; the same for every patient. */
  readonly label: string;
  /** Segmented Property Category, CID 7150. */
  readonly category: Code;
  /** Segmented Property Type, CID 7151. */
  readonly type: Code;
  /** Red, green, blue, 0 to 255 each. */
  readonly colour: readonly [number, number, number];
}

/** A region with its number in the label map. */
export interface Segment extends Label {
  readonly structure: Structure;
}

const ANATOMY: Code = { value: "123037004", scheme: "SCT", meaning: "Anatomical Structure" };

/**
 * What the numbers of pleura's label maps stand for.
 *
 * Source: DICOM PS3.16, CID 7150, and CID 7151 with CID 4 in it.
 */
export const STRUCTURES: ReadonlyMap<number, Structure> = new Map([
  [
    1,
    {
      label: "Right lung",
      category: ANATOMY,
      type: { value: "3341006", scheme: "SCT", meaning: "Right lung" },
      colour: [45, 212, 191],
    },
  ],
  [
    2,
    {
      label: "Left lung",
      category: ANATOMY,
      type: { value: "44029006", scheme: "SCT", meaning: "Left lung" },
      colour: [251, 171, 90],
    },
  ],
  [
    3,
    {
      label: "Airways",
      category: ANATOMY,
      type: { value: "110726009", scheme: "SCT", meaning: "Trachea and bronchus" },
      colour: [120, 200, 140],
    },
  ],
]);

/**
 * The regions of a label map as segments that do not overlap: of several masks at one voxel the last one counts, as in the map.
 *
 * @param structures - what the numbers stand for; default: {@link STRUCTURES}
 * @throws RangeError when a number stands for nothing
 */
export function segmentsOf(
  labels: readonly Label[],
  structures: ReadonlyMap<number, Structure> = STRUCTURES,
): readonly Segment[] {
  return labels.map(({ mask, value }, i) => {
    const structure = structures.get(value);
    if (structure === undefined) throw new RangeError(`label ${value} stands for no structure`);
    return { mask: without(mask, labels.slice(i + 1)), value, structure };
  });
}

function without(mask: BitVolume, later: readonly Label[]): BitVolume {
  if (later.length === 0) return mask;
  const words = mask.words.slice();
  for (const { mask: other } of later) for (let i = 0; i < words.length; i++) words[i]! &= ~other.words[i]!;
  return new BitVolume(mask.shape, words);
}
