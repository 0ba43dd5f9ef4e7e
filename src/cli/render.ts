import { Command, InvalidArgumentError } from "commander";
import { VIEW_NAMES, type View, type ViewName } from "../pictures/view.ts";
import { fileOf, positiveInteger } from "./parse.ts";

interface RenderFlags {
  readonly out: string;
  readonly threshold?: number;
  readonly view: View;
  readonly size: number;
}

/** `pleura render`: a shaded picture of lungs, bones or a mask. */
export function renderCommand(): Command {
  return new Command("render")
    .summary("draw lungs, bones or a mask in 3-D")
    .description(
      "Draws a shaded surface as a PNG: the two lungs of a scan, all that is brighter than a threshold, or the\n" +
        "labels of a mask. Nothing is mirrored: from the front the patient's left is on the right.",
    )
    .argument("<input>", "a scan, a mask (.nii, .nii.gz, .mha, .nrrd …), or <out>/<case> of prep")
    .requiredOption("--out <file>", "picture to write, .png", fileOf("a PNG picture", ".png"))
    .option("--threshold <hu>", "draw what is at least as bright; bones are above 400", hounsfield)
    .option("--view <view>", `${VIEW_NAMES.join(", ")}, or <azimuth>,<elevation> in degrees`, parseView, "front")
    .option("--size <pixels>", "width and height", positiveInteger, 600)
    .action(render);
}

async function render(input: string, { out, threshold, view, size }: RenderFlags): Promise<void> {
  const { readSurfaces } = await import("../node/read-surfaces.ts");
  const { renderSurfaces } = await import("../pictures/render-surfaces.ts");
  const { encodePng } = await import("../pictures/encode-png.ts");
  const { writeWholeFile } = await import("../node/staging.ts");
  const surfaces = await readSurfaces(input, threshold === undefined ? {} : { threshold });
  await writeWholeFile(out, encodePng(renderSurfaces(surfaces, { view, size })));
}

function hounsfield(text: string): number {
  const value = text.trim() === "" ? Number.NaN : Number(text);
  if (!Number.isFinite(value)) throw new InvalidArgumentError("Expected a number (HU).");
  return value;
}

function parseView(text: string): View {
  if ((VIEW_NAMES as readonly string[]).includes(text)) return text as ViewName;
  const angles = text.split(",").map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
  const [azimuth, elevation] = angles;
  if (angles.length !== 2 || !Number.isFinite(azimuth) || !Number.isFinite(elevation)) {
    throw new InvalidArgumentError(`Expected ${VIEW_NAMES.join(", ")}, or two angles: azimuth,elevation.`);
  }
  return { azimuth: azimuth!, elevation: elevation! };
}
