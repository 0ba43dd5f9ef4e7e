import { describe, expect, test } from "vitest";
import type { Colour, Picture } from "../../src/pictures/picture.ts";
import { type ColouredSurface, renderSurfaces } from "../../src/pictures/render-surfaces.ts";
import type { View, ViewName } from "../../src/pictures/view.ts";
import { surfaceOf } from "../../src/surface/surface.ts";
import { affineFromSpacing } from "../../src/volume/affine.ts";
import { BitVolume } from "../../src/volume/bit-volume.ts";
import type { Triple } from "../../src/volume/volume.ts";

const RED: Colour = [255, 0, 0];
const GREEN: Colour = [0, 255, 0];
const BLUE: Colour = [0, 0, 255];
const BLACK: Colour = [0, 0, 0];

/** A ball in a space of 100 mm, its middle given as [left, posterior, superior], mm. */
function ball(centre: readonly number[], radius: number, colour: Colour, spacing: Triple = [2, 1, 1]): ColouredSurface {
  const mask = new BitVolume(spacing.map((mm) => Math.round(100 / mm)) as unknown as Triple);
  const [nz, ny, nx] = mask.shape;
  for (let z = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++) {
      for (let x = 0; x < nx; x++) {
        const point = [x * spacing[2], y * spacing[1], z * spacing[0]];
        if (Math.hypot(...point.map((value, i) => value - centre[i]!)) <= radius) mask.set(z, y, x);
      }
    }
  }
  return { surface: surfaceOf(mask, { spacing, affine: affineFromSpacing(spacing) }), colour };
}

/** Pixels in which one channel is the strongest: how many, and where their middle lies. */
function seen({ rgb, width }: Picture, colour: Colour) {
  const channel = colour.indexOf(255);
  let [count, column, row] = [0, 0, 0];
  for (let i = 0; i < rgb.length / 3; i++) {
    const others = [0, 1, 2].filter((c) => c !== channel).map((c) => rgb[i * 3 + c]!);
    if (rgb[i * 3 + channel]! <= Math.max(...others)) continue;
    count++;
    column += i % width;
    row += Math.floor(i / width);
  }
  return { count, column: column / count - width / 2, row: row / count - width / 2 };
}

describe("a ball", () => {
  test.each<[string, Triple]>([
    ["cubes", [1, 1, 1]],
    ["thick slices", [3, 0.8, 0.8]],
  ])("covers the area of its disc, from everywhere, of voxels that are %s", (_, spacing) => {
    const one = [ball([50, 50, 50], 25, RED, spacing)];
    const views: View[] = ["front", "left", "top", { azimuth: 35, elevation: 50 }];
    for (const view of views) {
      const { count } = seen(renderSurfaces(one, { view, size: 160, millimetres: 0.5, background: BLACK }), RED);
      expect(Math.abs((count * 0.25) / (Math.PI * 25 ** 2) - 1)).toBeLessThan(0.04);
    }
  });

  test("fills nine tenths of the picture when no scale is given", () => {
    const { count } = seen(renderSurfaces([ball([50, 50, 50], 25, RED)], { size: 120, background: BLACK }), RED);
    expect(Math.abs(count / (Math.PI * 54 ** 2) - 1)).toBeLessThan(0.04);
  });

  test("is bright where it faces the light at the upper left, dark at the lower right", () => {
    const { rgb } = renderSurfaces([ball([50, 50, 50], 25, RED)], { size: 100, background: BLACK });
    const red = (column: number, row: number) => rgb[(row * 100 + column) * 3]!;
    expect(red(38, 36)).toBeGreaterThan(red(50, 50));
    expect(red(50, 50)).toBeGreaterThan(red(66, 68) + 30);
  });

  test("has a smooth edge", () => {
    const { rgb } = renderSurfaces([ball([50, 50, 50], 25, RED)], { size: 100, background: BLUE });
    const mixed = rgb.filter((value, i) => i % 3 === 0 && value > 60 && rgb[i + 2]! > 60 && rgb[i + 2]! < 255);
    // The circumference has some 2π · 45 pixels.
    expect(mixed.length).toBeGreaterThan(100);
  });
});

describe("three balls to the patient's left, back and head", () => {
  const balls = [ball([75, 50, 50], 12, RED), ball([50, 75, 50], 12, GREEN), ball([50, 50, 75], 12, BLUE)];

  // Where each ball goes: right (+1) or left (-1) of the middle, and below (+1) or above (-1) it.
  test.each<[ViewName, ...(readonly [Colour, number, number])[]]>([
    ["front", [RED, 1, 1], [BLUE, -1, -1]],
    ["back", [RED, -1, 1], [BLUE, 1, -1], [GREEN, 1, 1]],
    ["left", [GREEN, 1, 1], [RED, -1, 1], [BLUE, -1, -1]],
    ["right", [GREEN, -1, 1], [BLUE, 1, -1]],
    ["top", [RED, 1, 1], [GREEN, -1, -1], [BLUE, -1, 1]],
    ["bottom", [RED, 1, -1], [GREEN, -1, 1]],
  ])("stand where one sees them from the %s, not mirrored", (view, ...expected) => {
    const picture = renderSurfaces(balls, { view, size: 120, background: BLACK });
    for (const [colour, column, row] of expected) {
      const place = seen(picture, colour);
      expect([Math.sign(place.column), Math.sign(place.row)]).toEqual([column, row]);
    }
  });

  test("a name is its two angles", () => {
    const options = { size: 64 };
    const angles: [ViewName, View][] = [
      ["left", { azimuth: 90, elevation: 0 }],
      ["back", { azimuth: -180, elevation: 0 }],
      ["top", { azimuth: 0, elevation: 90 }],
    ];
    for (const [view, same] of angles) {
      expect(renderSurfaces(balls, { ...options, view })).toEqual(renderSurfaces(balls, { ...options, view: same }));
    }
  });
});

test("what is near hides what is behind it, in whatever order they are given", () => {
  const [near, far] = [ball([50, 25, 50], 20, RED), ball([50, 75, 50], 10, GREEN)];
  for (const surfaces of [
    [near, far],
    [far, near],
  ]) {
    expect(seen(renderSurfaces(surfaces, { size: 80, background: BLACK }), GREEN).count).toBe(0);
    expect(seen(renderSurfaces(surfaces, { size: 80, background: BLACK, view: "back" }), GREEN).count).toBeGreaterThan(
      100,
    );
  }
});

test("a hollow is darker than open ground of the same slope", () => {
  const floor = new BitVolume([20, 40, 40]);
  for (let z = 0; z < 20; z++) {
    for (let y = 0; y < 40; y++) {
      for (let x = 0; x < 40; x++) if (y >= 20 || (x >= 18 && x < 22)) floor.set(z, y, x);
    }
  }
  const spacing: Triple = [3, 1, 3];
  const surface = surfaceOf(floor, { spacing, affine: affineFromSpacing(spacing) });
  const { rgb } = renderSurfaces([{ surface, colour: [200, 200, 200] }], { size: 160, background: BLACK });
  const at = (column: number) => rgb[(80 * 160 + column) * 3]!;
  // The wall stands in the middle; light comes from the left, so look to that side.
  expect(at(69)).toBeLessThan(at(40) - 10);
});

test("nothing to draw is the background", () => {
  const empty = surfaceOf(new BitVolume([2, 2, 2]), { spacing: [1, 1, 1], affine: affineFromSpacing([1, 1, 1]) });
  const { rgb } = renderSurfaces([{ surface: empty, colour: RED }], { size: 16, background: [1, 2, 3] });
  for (let i = 0; i < rgb.length; i++) expect(rgb[i]).toBe((i % 3) + 1);
});

test.each([
  ["size", { size: 15 }],
  ["size", { size: 2049 }],
  ["size", { size: 99.5 }],
  ["millimetres", { millimetres: 0 }],
  ["view", { view: "up" as ViewName }],
  ["view", { view: { azimuth: Number.NaN, elevation: 0 } }],
])("refuses a wrong %s", (name, options) => {
  expect(() => renderSurfaces([], options)).toThrow(name);
});
