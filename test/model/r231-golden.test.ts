import { describe, expect, test } from "vitest";
import { bodyBox } from "../../src/model/body-box.ts";
import { joinPieces } from "../../src/model/join-pieces.ts";
import { R231_RECIPE } from "../../src/model/recipe.ts";
import { placeLabels, sliceImage } from "../../src/model/slice-image.ts";
import type { Triple } from "../../src/volume/volume.ts";
import { readGolden } from "../helpers/npz.ts";

const golden = readGolden("model/r231");
const SIZE = [64, 48] as const;

describe("as scipy and scikit-image compute lungmask's steps", () => {
  test.each(["square", "wide", "cut", "small", "air"])("box, image and labels of a slice: %s", (name) => {
    const slice = golden(`${name}_hu`);
    const hu = slice.data as Int16Array;
    const [height, width] = slice.shape as unknown as [number, number];
    const [low, high] = R231_RECIPE.window;
    const windowed = hu.map((value) => Math.min(Math.max(value, low), high));
    const box = bodyBox(windowed, height, width);
    expect([...box.low, ...box.high]).toEqual(Array.from(golden(`${name}_box`).data as Int32Array));

    const image = sliceImage(hu, height, width, { ...R231_RECIPE, size: SIZE });
    const wanted = Array.from(golden(`${name}_image`).data as Int16Array, (value) =>
      Math.fround((value + 1024) / 1624),
    );
    expect(Array.from(image.values)).toEqual(wanted);

    const back = new Int16Array(hu.length);
    placeLabels(golden(`${name}_labels`).data as Uint8Array, SIZE, box, back, width);
    expect(Array.from(back)).toEqual(Array.from(golden(`${name}_back`).data as Uint8Array));
  });

  test.each([0, 1, 2])("pieces that join, largest pieces and holes: volume %i", (i) => {
    const pieces = golden(`pieces${i}`);
    const labels = Uint8Array.from(pieces.data as Uint8Array);
    joinPieces(labels, pieces.shape as unknown as Triple);
    expect(Array.from(labels)).toEqual(Array.from(golden(`joined${i}`).data as Uint8Array));
  });
});

test("the goldens hold something to tell apart", () => {
  for (const i of [0, 1, 2]) {
    const [before, after] = [golden(`pieces${i}`).data as Uint8Array, golden(`joined${i}`).data as Uint8Array];
    const changed = before.filter((label, k) => label !== after[k]).length;
    expect(changed).toBeGreaterThan(20);
    expect(new Set(after)).toEqual(new Set([0, 1, 2]));
  }
});
