import { invalidOption } from "../errors.ts";
import type { Surface } from "../surface/surface.ts";
import type { Colour, Picture } from "./picture.ts";
import { projectSurfaces, type Scene } from "./project.ts";
import { rasterize } from "./rasterize.ts";
import { shade } from "./shade.ts";
import { type View, viewAxes } from "./view.ts";

/** A surface in a colour. */
export interface ColouredSurface {
  readonly surface: Surface;
  readonly colour: Colour;
}

/** How to look at surfaces. */
export interface RenderSurfacesOptions {
  /** Where from. Default `front`. */
  readonly view?: View;
  /** Width and height of the picture, pixels. Default 600. */
  readonly size?: number;
  /** Side of a pixel, mm. Default: what shows everything, the same from all six sides. */
  readonly millimetres?: number;
  /** Colour of what no surface covers. Default nearly black. */
  readonly background?: Colour;
}

/** Samples along each side of a pixel. */
const SAMPLES = 2;
/** The largest picture: its samples take some 400 MB. */
const MAX_SIZE = 2048;
const BACKGROUND: Colour = [13, 17, 23];

/**
 * Draws shaded surfaces without a graphics card: orthographic, lit from the upper left, with
 * hollows darkened. The middle of the surfaces is in the middle of the picture.
 *
 * @param surfaces - LPS millimetres; the nearest hides what is behind it
 * @throws PleuraError `invalid-option` when the size is no integer from 16 to 2048, the pixel no
 * positive number, or there is no such view
 *
 * @example
 * const picture = renderSurfaces([{ surface: surfaceOfVolume(scan, 400), colour: [226, 214, 190] }]);
 */
export function renderSurfaces(surfaces: readonly ColouredSurface[], options: RenderSurfacesOptions = {}): Picture {
  const { view = "front", size = 600, millimetres, background = BACKGROUND } = options;
  if (!(Number.isInteger(size) && size >= 16 && size <= MAX_SIZE)) {
    throw invalidOption("size", `an integer from 16 to ${MAX_SIZE} (pixels)`, size);
  }
  if (millimetres !== undefined && !(millimetres > 0 && Number.isFinite(millimetres))) {
    throw invalidOption("millimetres", "a positive number", millimetres);
  }
  const scene: Scene = projectSurfaces(
    surfaces.map(({ surface }) => surface),
    viewAxes(view),
    size * SAMPLES,
    millimetres === undefined ? undefined : millimetres / SAMPLES,
  );
  const hits = rasterize(scene);
  return shade(
    hits,
    SAMPLES,
    surfaces.map(({ colour }) => colour),
    background,
  );
}
