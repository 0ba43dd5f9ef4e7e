import type { NoduleRecord } from "../nodules/case-nodules.ts";
import { drawNodule, type NoduleInClean } from "../pictures/nodule-picture.ts";
import { reduceColours } from "../pictures/palette.ts";
import type { Picture } from "../pictures/picture.ts";
import type { Volume } from "../volume/volume.ts";

/** A nodule of unknown diameter is drawn with this one, voxels. */
const UNKNOWN = 6;
/** As few greys as the eye takes for all. */
const COLOURS = 64;

/** A picture of a nodule, with what to say of it. */
export interface NodulePicture {
  readonly title: string;
  readonly picture: Picture;
}

/**
 * Draws a nodule in clean, and where the label has it.
 *
 * @param number - of the nodule in its case, from 1
 */
export function nodulePicture(clean: Volume<Uint8Array>, record: NoduleRecord, number: number): NodulePicture {
  const diameter = record.diameter === null ? UNKNOWN : record.diameter / clean.spacing[1];
  const nodule = { centre: record.clean, diameter };
  const label: NoduleInClean | undefined =
    record.label === null
      ? undefined
      : { centre: [record.label[0], record.label[1], record.label[2]], diameter: record.label[3] || UNKNOWN };
  return { title: noduleTitle(record, number), picture: reduceColours(drawNodule(clean, nodule, label), COLOURS) };
}

/** A nodule in a few words: `Nodule 2, line 17, 8.4 mm, 93 % shown`. */
export function noduleTitle({ line, diameter, shares, class: label }: NoduleRecord, number: number): string {
  const size = diameter === null ? "unknown diameter" : `${diameter.toFixed(1)} mm`;
  const shown = shares === null ? "outside the scan" : `${Math.round(100 * shares.shown)} % shown`;
  return `${label === 0 ? "Candidate" : "Nodule"} ${number}, line ${line}, ${size}, ${shown}`;
}
