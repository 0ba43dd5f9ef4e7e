import { decode } from "fast-png";
import { describe, expect, test } from "vitest";
import { encodePng } from "../../src/pictures/encode-png.ts";
import { indexColours, reduceColours } from "../../src/pictures/palette.ts";
import type { Picture } from "../../src/pictures/picture.ts";

/** Every pixel another colour: two slow ramps and a fast one. */
const ramps: Picture = {
  width: 64,
  height: 64,
  rgb: Uint8Array.from({ length: 64 * 64 * 3 }, (_, i) => {
    const pixel = Math.floor(i / 3);
    return [(pixel % 64) * 4, Math.floor(pixel / 64) * 4, 100][i % 3]!;
  }),
};

const colours = ({ rgb }: Picture) =>
  new Set(Array.from({ length: rgb.length / 3 }, (_, i) => rgb.subarray(i * 3, i * 3 + 3).join()));

describe("reduceColours", () => {
  test.each([1, 2, 17, 256])("leaves at most %d colours", (most) => {
    const reduced = reduceColours(ramps, most);
    expect(colours(reduced).size).toBeLessThanOrEqual(most);
    expect(colours(reduced).size).toBeGreaterThan(most / 2);
  });

  test("keeps every pixel near its colour", () => {
    const { rgb } = reduceColours(ramps, 256);
    for (let i = 0; i < rgb.length; i++) expect(Math.abs(rgb[i]! - ramps.rgb[i]!)).toBeLessThanOrEqual(12);
  });

  test("a colour of its own is not lost among many shades of another", () => {
    const rgb = ramps.rgb.slice();
    rgb.set([255, 255, 255], 0);
    rgb.fill(200, 3, 3 * 400);
    const { rgb: reduced } = reduceColours({ ...ramps, rgb }, 64);
    expect([...reduced.subarray(3, 6)]).toEqual([200, 200, 200]);
  });

  test("leaves a picture of few colours as it is", () => {
    const few = reduceColours(ramps, 8);
    expect(reduceColours(few, 8)).toBe(few);
  });

  test.each([0, 257, 1.5])("refuses %d colours", (most) => {
    expect(() => reduceColours(ramps, most)).toThrow("colours");
  });
});

describe("encodePng", () => {
  test("writes few colours as a list, and loses nothing", () => {
    const few = reduceColours(ramps, 256);
    const { palette, indices } = indexColours(few)!;
    const { data, palette: written } = decode(encodePng(few));
    expect(written).toEqual(palette);
    expect([...data]).toEqual([...indices]);
    expect(palette.length).toBeLessThanOrEqual(256);
    expect(encodePng(few).length).toBeLessThan(encodePng(ramps).length / 2);
  });

  test("writes many colours as they are", () => {
    expect(indexColours(ramps)).toBeUndefined();
    expect([...decode(encodePng(ramps)).data]).toEqual([...ramps.rgb]);
  });
});
