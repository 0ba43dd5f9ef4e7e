import { beforeAll, expect, test } from "vitest";
import { lungSides } from "../../src/lungs/sides.ts";
import { makePhantom } from "../../src/phantom/phantom.ts";
import { indexColours } from "../../src/pictures/palette.ts";
import { drawPreview, type PreviewPicture } from "../../src/pictures/preview.ts";
import { segmentLungs } from "../../src/pipeline/segment-lungs.ts";
import { BitVolume } from "../../src/volume/bit-volume.ts";

const phantom = makePhantom({ size: 96, slices: 24, spacing: [8, 3.4, 3.4] });
let pictures: PreviewPicture[];

beforeAll(() => {
  pictures = drawPreview(phantom, lungSides(phantom, segmentLungs(phantom)));
});

/** Mean column of the pixels that are more green than red, and of those more red than blue. */
function columns({ picture: { rgb, width } }: PreviewPicture): { right: number; left: number } {
  const sums = { right: [0, 0], left: [0, 0] };
  for (let i = 0; i < rgb.length; i += 3) {
    const side = rgb[i + 1]! > rgb[i]! + 20 ? sums.right : rgb[i]! > rgb[i + 2]! + 20 ? sums.left : undefined;
    if (side === undefined) continue;
    side[0]! += (i / 3) % width;
    side[1]!++;
  }
  return { right: sums.right[0]! / sums.right[1]!, left: sums.left[0]! / sums.left[1]! };
}

test("shows slices of three planes and surfaces from three sides, each a picture of few colours", () => {
  expect(pictures.map(({ kind, title }) => `${kind}: ${title}`)).toEqual([
    "slice: Axial, upper",
    "slice: Axial, middle",
    "slice: Axial, lower",
    "slice: Coronal",
    "slice: Sagittal, right lung",
    "slice: Sagittal, left lung",
    "surface: From the front",
    "surface: From the left",
    "surface: From behind",
  ]);
  for (const { picture } of pictures) expect(indexColours(picture)).toBeDefined();
});

test("the patient's right lung is on the left, but from behind", () => {
  for (const at of [0, 1, 2, 3, 6]) {
    const { right, left } = columns(pictures[at]!);
    expect(right).toBeLessThan(left);
  }
  const behind = columns(pictures[8]!);
  expect(behind.right).toBeGreaterThan(behind.left);
});

test("each sagittal slice cuts its own lung only", () => {
  expect(columns(pictures[4]!).left).toBeNaN();
  expect(columns(pictures[5]!).right).toBeNaN();
});

test("a missing lung costs no picture", () => {
  const { right } = lungSides(phantom, segmentLungs(phantom));
  expect(drawPreview(phantom, { right, left: new BitVolume(phantom.shape) })).toHaveLength(9);
});
