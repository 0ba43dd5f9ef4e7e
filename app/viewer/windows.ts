/** Values that become black and white, Hounsfield units. */
export type Window = readonly [low: number, high: number];

/** Windows as radiologists use them, by level and width. */
export const WINDOWS: Readonly<Record<string, Window>> = {
  Lung: [-1350, 150],
  Mediastinum: [-160, 240],
  Bone: [-500, 1300],
  "Pipeline's own": [-1200, 600],
  Everything: [-1024, 3071],
};
