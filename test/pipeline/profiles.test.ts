import { describe, expect, test } from "vitest";
import { PROFILES } from "../../src/case/profile.ts";
import { PROFILE_TABLE, type ProfileName } from "../../src/pipeline/profiles.ts";
import { caseMasks, masksOf, stagesOf } from "../../src/pipeline/stages.ts";
import { stepsOf } from "../../src/walkthrough/step.ts";
import { stepParameters } from "../../src/walkthrough/step-parameters.ts";

const NAMES = Object.keys(PROFILE_TABLE) as ProfileName[];

describe.each(NAMES)("the profile %s", (profile) => {
  test("gives every stage what it needs, and the lungs and the model input in the end", () => {
    const known = new Set<string>();
    for (const { name, needs, gives } of stagesOf(profile)) {
      expect(
        needs.filter((result) => !known.has(result)),
        name,
      ).toEqual([]);
      for (const result of gives) known.add(result);
    }
    expect([...known]).toEqual(expect.arrayContaining(["lungs", "dilated1", "dilated2", "clean", "label", "geometry"]));
  });

  test("can do without the stages that find the lungs", () => {
    const known = new Set(["lungs"]);
    for (const { needs, gives } of stagesOf(profile, "prepare")) {
      expect(needs.filter((result) => !known.has(result))).toEqual([]);
      for (const result of gives) known.add(result);
    }
    expect(caseMasks(profile, "given")).toEqual(["lung1", "lung2", ...masksOf(stagesOf(profile, "prepare"))]);
  });

  test("has no name twice, of a stage, a mask or a step", () => {
    const stages = stagesOf(profile).map(({ name }) => name);
    const steps = stepsOf(profile).map(({ name }) => name);
    for (const names of [stages, masksOf(stagesOf(profile)), steps]) expect(new Set(names).size).toBe(names.length);
  });

  test("offers numbers whose defaults are those of the stages", () => {
    for (const { path, default: usual } of stepParameters(profile)) {
      // Options that a profile sets itself are told with the stage's default.
      let value: unknown = profile === "luna16" ? PROFILES.grt123 : PROFILES[profile];
      for (const key of path) value = (value as Record<string | number, unknown>)[key];
      expect(value, path.join(".")).toBe(usual);
    }
  });
});

test("the parameters of grt123 are the published ones", () => {
  expect(PROFILES.grt123).toEqual({
    read: { fillGaps: false, allowDamaged: false },
    lungs: {
      binarize: { threshold: -600, sigma: 1, minArea: 30, maxEccentricity: 0.99, cornerSize: 10 },
      select: { volumeLimits: [0.68, 7.5], minSliceArea: 6000, maxDistance: 62 },
      cutStep: 2,
      separate: { maxErosions: 22, maxRatio: 4.8, cover: 0.95 },
    },
    prepare: {
      hull: { maxAreaRatio: 2, iterations: 10 },
      window: [-1200, 600],
      padValue: 170,
      boneThreshold: 210,
      newSpacing: [1, 1, 1],
      precision: "single",
      order: 1,
      margin: [5, 10],
    },
  });
});

test("luna16 differs from grt123 in how it reads, in the hull and in the precision", () => {
  const { lungs, prepare } = PROFILES.grt123;
  expect(PROFILES.luna16).toEqual({
    read: { fillGaps: false, allowDamaged: false, precision: "double", directions: "published" },
    lungs,
    prepare: { ...prepare, hull: { maxAreaRatio: 1.5, iterations: 10 }, precision: "double" },
  });
});
