import { describe, expect, test } from "vitest";
import { PROFILES, parametersOf } from "../../src/case/profile.ts";
import { PleuraError } from "../../src/errors.ts";
import { checkParameters } from "../../src/pipeline/check-parameters.ts";

function refusal(value: unknown): PleuraError {
  try {
    checkParameters(value, "grt123", "mine.json");
  } catch (error) {
    if (error instanceof PleuraError) return error;
    throw error;
  }
  throw new Error("it was not refused");
}

describe("parameters from outside", () => {
  test("may be any of a manifest's, and few of them", () => {
    const { lungs, prepare } = PROFILES.grt123;
    expect(checkParameters({ lungs, prepare }, "grt123")).toEqual({ lungs, prepare });
    const few = { lungs: { cutStep: 3 }, prepare: { margin: [0, 0] } };
    expect(checkParameters({ $schema: "any", ...few }, "grt123")).toEqual(few);
    expect(checkParameters({}, "grt123")).toEqual({});
  });

  test.each([
    [{ lungs: { binarize: { sigma: 16 } } }, "lungs.binarize.sigma", "16", "a number from 0.25 to 15 (pixels)"],
    [{ lungs: { cutStep: 1.5 } }, "lungs.cutStep", "1.5", "an integer of at least 1 (slices)"],
    [{ lungs: { separate: { cover: 0 } } }, "lungs.separate.cover", "0", "a number above 0 and at most 1"],
    [
      { lungs: { select: { volumeLimits: [2, 1] } } },
      "lungs.select.volumeLimits",
      "[2, 1]",
      "two ascending numbers of at least 0 (litres)",
    ],
    [{ prepare: { window: [5] } }, "prepare.window", "[5]", "two ascending numbers from -100000 to 100000 (HU)"],
    [{ prepare: { newSpacing: "1 mm" } }, "prepare.newSpacing", "a value of type string", "three numbers above 0 (mm)"],
    [{ prepare: { order: 6 } }, "prepare.order", "6", "0, 1, 2, 3, 4 or 5"],
    [{ prepare: { padValue: null } }, "prepare.padValue", "null", "an integer from 0 to 255 (grey)"],
  ])("%j is out of range", (value, option, measured, limit) => {
    expect(refusal(value)).toMatchObject({
      code: "invalid-option",
      stage: "options",
      file: "mine.json",
      what: `The option ${option} is out of range`,
      measured,
      limit,
    });
  });

  test.each([
    [{ lung: {} }, "lung", "one of lungs, prepare"],
    [{ read: { fillGaps: true } }, "read", "one of lungs, prepare"],
    [
      { lungs: { binarize: { treshold: 1 } } },
      "lungs.binarize.treshold",
      "one of threshold, sigma, minArea, maxEccentricity, cornerSize",
    ],
    [{ prepare: { toString: 1 } }, "prepare.toString", expect.stringContaining("window, padValue")],
    [JSON.parse('{"__proto__": 1}'), "__proto__", "one of lungs, prepare"],
  ])("%j has an option that is not known", (value, quote, limit) => {
    expect(refusal(value)).toMatchObject({ code: "invalid-option", quote, limit });
  });

  test.each([[null], [[]], ["lungs"], [{ lungs: 1 }], [{ lungs: { binarize: [] } }]])("%j is no object", (value) => {
    expect(refusal(value).what).toMatch(/^Expected an object for /);
  });
});

test("the parameters of a case are those of the profile with the given ones laid over them", () => {
  const params = { lungs: { binarize: { threshold: -500 } }, prepare: { hull: { iterations: 3 } } };
  const { lungs, prepare } = parametersOf({ profile: "luna16", params });
  expect(lungs).toEqual({ ...PROFILES.luna16.lungs, binarize: { ...PROFILES.luna16.lungs.binarize, threshold: -500 } });
  expect(prepare).toEqual({ ...PROFILES.luna16.prepare, hull: { maxAreaRatio: 1.5, iterations: 3 } });
});

test("lungs that are given cannot be found by other parameters", () => {
  expect(() => parametersOf({ lungs: "masks", params: { lungs: { cutStep: 1 } } })).toThrow(
    /lungs come from masks.*measured: parameters for cutStep/,
  );
  expect(parametersOf({ lungs: "masks", params: { prepare: { padValue: 1 } } })).toMatchObject({
    lungs: {},
    prepare: { padValue: 1 },
  });
});
