import { expect, test } from "vitest";
import { lungSides } from "../../src/lungs/sides.ts";
import type { Lungs } from "../../src/lungs/types.ts";
import { affineFromSteps } from "../../src/volume/affine.ts";
import { BitVolume } from "../../src/volume/bit-volume.ts";
import { type Triple, voxelCount } from "../../src/volume/volume.ts";
import { expectMask } from "../helpers/expect-mask.ts";

const shape: Triple = [3, 4, 40];
const affine = affineFromSteps([5, 6, 7], [0, 0, 2], [0, 1, 0], [1, 0, 0]);
/** Array columns the other way round: x leads to the patient's right. */
const mirrored = affineFromSteps([5, 6, 7], [0, 0, 2], [0, 1, 0], [-1, 0, 0]);

function columns(inside: (x: number) => boolean): BitVolume {
  return BitVolume.fromBytes(
    shape,
    Uint8Array.from({ length: voxelCount(shape) }, (_, i) => (inside(i % 40) ? 1 : 0)),
  );
}

const lungs = (lung1: BitVolume, lung2: BitVolume, separated = true): Lungs => ({
  lung1,
  lung2,
  separated,
  cut: 0,
  bodies: 1,
  erosions: 0,
});
const low = columns((x) => x >= 3 && x < 15);
const high = columns((x) => x >= 22 && x < 39);
const none = new BitVolume(shape);

test("the lung farther to the right is the right one, whichever was larger", () => {
  for (const pair of [lungs(low, high), lungs(high, low)]) {
    expect(lungSides({ shape, affine }, pair)).toEqual({ right: low, left: high });
    expect(lungSides({ shape, affine: mirrored }, pair)).toEqual({ right: high, left: low });
  }
});

test("sides follow the patient, not the array's columns", () => {
  const turned = affineFromSteps([0, 0, 0], [0, 0, 2], [1, 0, 0], [0, 1, 0]);
  const front = new BitVolume([1, 4, 4]);
  const back = new BitVolume([1, 4, 4]);
  front.set(0, 0, 3);
  back.set(0, 3, 0);
  expect(lungSides({ shape: [1, 4, 4], affine: turned }, lungs(back, front))).toEqual({ right: front, left: back });
});

test("one lung alone belongs to its side", () => {
  expect(lungSides({ shape, affine }, lungs(low, none, false))).toEqual({ right: low, left: none });
  expect(lungSides({ shape, affine }, lungs(high, none, false))).toEqual({ right: none, left: high });
  expect(lungSides({ shape, affine: mirrored }, lungs(high, none, false))).toEqual({ right: high, left: none });
});

test("a tenth beyond the middle still counts as one lung", () => {
  const nine = columns((x) => x > 10 && x <= 20);
  expect(lungSides({ shape, affine }, lungs(nine, none, false)).right).toBe(nine);
  const eight = columns((x) => x > 11 && x <= 21);
  expect(lungSides({ shape, affine }, lungs(eight, none, false)).right).not.toBe(eight);
});

test("both lungs in one mask are divided at the middle", () => {
  for (const middle of [affine, mirrored]) {
    const { right, left } = lungSides(
      { shape, affine: middle },
      lungs(
        columns((x) => x > 5),
        none,
        false,
      ),
    );
    const [first, second] = [columns((x) => x > 5 && x < 20), columns((x) => x >= 20)];
    expectMask(right, middle === affine ? first : second);
    expectMask(left, middle === affine ? second : first);
  }
});

test("no lungs at all are two empty masks", () => {
  const { right, left } = lungSides({ shape, affine }, lungs(none, none, false));
  expect(right.count() + left.count()).toBe(0);
});
