import { invalidOption } from "../errors.ts";
import type { Point } from "../volume/affine.ts";

/** Where the viewer stands, in the patient's own directions. */
export type ViewName = "front" | "left" | "back" | "right" | "top" | "bottom";

/** A direction to look from: a name, or degrees around the patient and up. */
export type View =
  | ViewName
  | {
      /** Degrees around the patient: 0 is in front, 90 on the patient's left, 180 behind. */
      readonly azimuth: number;
      /** Degrees up: 0 is level, 90 above the head, -90 below the feet. */
      readonly elevation: number;
    };

/** Three perpendicular directions of a view, LPS unit vectors. */
export interface ViewAxes {
  /** To the right of the picture. */
  readonly right: Point;
  /** To its top. */
  readonly up: Point;
  /** Towards the viewer. */
  readonly near: Point;
}

const NAMED: Readonly<Record<ViewName, readonly [azimuth: number, elevation: number]>> = {
  front: [0, 0],
  left: [90, 0],
  back: [180, 0],
  right: [270, 0],
  top: [0, 90],
  bottom: [0, -90],
};

/** All names of views. */
export const VIEW_NAMES = Object.keys(NAMED) as readonly ViewName[];

/**
 * The directions of a view. Nothing is mirrored: from the front the patient's left is on the
 * right of the picture, as on a radiograph; from behind it is on the left. The head is at the
 * top; from below the front is at the top, as on an axial slice, and from above the back.
 *
 * @throws PleuraError `invalid-option` when an angle is not finite, or there is no such name
 */
export function viewAxes(view: View): ViewAxes {
  const [azimuth, elevation] = typeof view === "string" ? (NAMED[view] ?? [NaN, NaN]) : [view.azimuth, view.elevation];
  if (!Number.isFinite(azimuth) || !Number.isFinite(elevation)) {
    throw invalidOption(
      "view",
      `${VIEW_NAMES.join(", ")} or two angles`,
      typeof view === "string" ? view : [azimuth, elevation],
    );
  }
  const [sinA, cosA] = [Math.sin((azimuth * Math.PI) / 180), Math.cos((azimuth * Math.PI) / 180)];
  const [sinE, cosE] = [Math.sin((elevation * Math.PI) / 180), Math.cos((elevation * Math.PI) / 180)];
  return {
    right: [cosA, sinA, 0],
    up: [-sinA * sinE, cosA * sinE, cosE],
    near: [sinA * cosE, -cosA * cosE, sinE],
  };
}
