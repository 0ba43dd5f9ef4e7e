import type { DataSet } from "dicom-parser";
import type { Point } from "../volume/affine.ts";
import { items, number, numbers, text } from "./elements.ts";
import type { Instance, Orientation } from "./instance.ts";

const SHARED_GROUPS = "x52009229";
const PER_FRAME_GROUPS = "x52009230";

/**
 * Makes one instance of every frame of an enhanced multi-frame image (PS3.3, C.7.6.16): what a
 * frame's own functional groups say goes before what the shared ones say, and that before the
 * file's own elements.
 *
 * @param file - the file as a whole
 * @returns the file itself when it has one frame, or several without functional groups
 */
export function splitFrames(file: Instance, elements: DataSet): Instance[] {
  const perFrame = items(elements, PER_FRAME_GROUPS);
  if (perFrame.length === 0 || perFrame.length !== file.frames) return [{ ...file, groups: perFrame.length }];
  const [shared] = items(elements, SHARED_GROUPS);
  const frameBytes = (file.rows * file.columns * file.bitsAllocated) / 8;
  return perFrame.map((own, frame) => {
    /** The item of a functional group: the frame's own, else the shared one. */
    const group = (tag: string): DataSet | undefined => items(own, tag)[0] ?? items(shared, tag)[0];
    const content = group("x00209111");
    const measures = group("x00289110");
    const values = group("x00289145");
    const frameType = text(group("x00189329"), "x00089007");
    const { length } = file.pixels;
    return {
      ...file,
      frame,
      grouped: true,
      groups: perFrame.length,
      imageType: frameType?.toUpperCase().split("\\") ?? file.imageType,
      acquisition: content?.uint16("x00209156") ?? file.acquisition,
      instanceNumber: frame + 1,
      position: (numbers(group("x00209113"), "x00200032", 3) as Point | undefined) ?? file.position,
      orientation: (numbers(group("x00209116"), "x00200037", 6) as Orientation | undefined) ?? file.orientation,
      pixelSpacing: (numbers(measures, "x00280030", 2) as readonly [number, number] | undefined) ?? file.pixelSpacing,
      sliceThickness: number(measures, "x00180050") ?? file.sliceThickness,
      slope: number(values, "x00281053") ?? file.slope,
      intercept: number(values, "x00281052") ?? file.intercept,
      pixels:
        length === undefined
          ? file.pixels
          : {
              ...file.pixels,
              offset: file.pixels.offset + frame * frameBytes,
              length: Math.max(0, length - frame * frameBytes),
            },
    };
  });
}
