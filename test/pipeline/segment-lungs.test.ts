import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { PleuraError } from "../../src/errors.ts";
import { makePhantom } from "../../src/phantom/phantom.ts";
import { prepare } from "../../src/pipeline/prepare.ts";
import { type SegmentOptions, segmentLungs } from "../../src/pipeline/segment-lungs.ts";
import type { BitVolume } from "../../src/volume/bit-volume.ts";
import { expectMask } from "../helpers/expect-mask.ts";
import { readGoldenScan } from "../helpers/golden-scan.ts";
import { testBothWays } from "../helpers/ways.ts";

const STAGES = ["binary", "body", "filled", "lung1", "lung2"];

function sha256(array: Int16Array | Uint8Array): number[] {
  return [
    ...createHash("sha256")
      .update(new Uint8Array(array.buffer, array.byteOffset, array.byteLength))
      .digest(),
  ];
}

describe.each([
  ["plain", "square slices in a padding circle", { separated: true, cut: 0, bodies: 2 }],
  ["wide", "slices that are not square", { separated: true, cut: 0, bodies: 2 }],
  ["leak", "air that joins both lungs to the outside near the top", { separated: true, cut: 6, bodies: 2 }],
  ["bridge", "air that joins the lungs", { separated: true, cut: 0, bodies: 1 }],
  ["block", "a block of air instead of lungs", { separated: false, cut: 0, bodies: 1 }],
])("phantom %s: %s", (name, _what, outcome) => {
  const scan = readGoldenScan(name);

  test("is the scan of the golden", () => {
    expect(sha256(scan.volume.voxels)).toEqual(scan.values("hu_sha256"));
    expect([outcome.cut, outcome.bodies]).toEqual(scan.values("cut"));
  });

  testBothWays("equals the published pipeline at every stage", () => {
    const seen: string[] = [];
    const check = (stage: string, mask: BitVolume) => {
      seen.push(stage);
      expectMask(mask, scan.mask(stage), stage);
    };
    const lungs = segmentLungs(scan.volume, { onStage: check });
    expect(lungs).toMatchObject(outcome);
    const { clean, geometry } = prepare(scan.volume, lungs, { onStage: check });
    expect(seen).toEqual([...STAGES, "dilated1", "dilated2"]);
    expect(geometry.box.flat()).toEqual(scan.values("box"));
    expect([1, ...clean.shape]).toEqual(scan.values("clean_shape"));
    expect(sha256(clean.voxels)).toEqual(scan.values("clean_sha256"));
    expect(sha256(scan.volume.voxels), "the scan is left alone").toEqual(scan.values("hu_sha256"));
  });
});

/** Small enough to be made in no time. */
const chest = makePhantom({ size: 64, slices: 32 });

function failure(options: SegmentOptions, volume: Parameters<typeof segmentLungs>[0] = chest): PleuraError {
  try {
    segmentLungs(volume, options);
  } catch (error) {
    if (error instanceof PleuraError) return error;
    throw error;
  }
  return expect.fail("no error");
}

test("gives each mask as soon as it is there, and the last ones in the end", () => {
  const seen: [string, BitVolume][] = [];
  const { lung1, lung2, erosions } = segmentLungs(chest, { onStage: (stage, mask) => seen.push([stage, mask]) });
  expect(seen.map(([stage]) => stage)).toEqual(STAGES);
  expect(seen[3]![1]).toBe(lung1);
  expect(seen[4]![1]).toBe(lung2);
  expect(erosions).toBeGreaterThanOrEqual(0);
  // Masks of different stages share nothing.
  expect(new Set(seen.map(([, mask]) => mask.words.buffer)).size).toBe(5);
});

test("what onStage throws ends the segmentation", () => {
  const seen: string[] = [];
  const stop = () =>
    segmentLungs(chest, {
      onStage: (stage) => {
        seen.push(stage);
        if (stage === "body") throw new Error("enough");
      },
    });
  expect(stop).toThrow("enough");
  expect(seen).toEqual(["binary", "body"]);
});

test("a scan without lungs is an error with what was measured and the limit", () => {
  const seen: string[] = [];
  const abdomen = makePhantom({ size: 64, slices: 32, lungs: false });
  const error = failure({ onStage: (stage) => seen.push(stage) }, abdomen);
  expect(error).toMatchObject({ code: "no-lungs", stage: "select", limit: "0.68 L to 7.5 L", file: undefined });
  expect(error.measured).toMatch(/^largest body \d+\.\d\d L$/);
  expect(error.hint).toMatch(/chest CT in Hounsfield units/);
  expect(error.message).toMatch(
    /^select: No body of air in the scan can be lungs \(measured: largest body .*; limit: 0\.68 L to 7\.5 L\)\. Check/,
  );
  expect(seen).toEqual(["binary"]);
});

test("nothing but tissue measures 0 L", () => {
  const tissue = { ...chest, voxels: new Int16Array(chest.voxels.length).fill(40) };
  expect(failure({}, tissue).measured).toBe("largest body 0.00 L");
});

test("lungs too far from the axis are an error in millimetres, with the limit that was asked for", () => {
  const error = failure({ select: { maxDistance: 1 } });
  expect(error).toMatchObject({ code: "no-lungs", limit: "below 1 mm" });
  expect(error.measured).toMatch(/^the nearest body of lung size lies \d+ mm from the centre axis$/);
});

test("limits of the volume that were asked for are those of the error", () => {
  expect(failure({ select: { volumeLimits: [50, 60] } }).limit).toBe("50 L to 60 L");
});

test.each<[SegmentOptions, RegExp]>([
  [{ binarize: { sigma: 0 } }, /for sigma/],
  [{ cutStep: 0 }, /for cutStep/],
  [{ select: { volumeLimits: [2, 1] } }, /for volumeLimits/],
  [{ separate: { maxErosions: -1 } }, /for maxErosions/],
  [{ separate: { maxRatio: 0 } }, /for maxRatio/],
  [{ separate: { cover: 0 } }, /for cover/],
])("refuses %j", (options, message) => {
  expect(failure(options)).toMatchObject({ code: "invalid-option", stage: "options" });
  expect(failure(options).message).toMatch(message);
});

test("refuses a volume whose parts do not fit", () => {
  expect(failure({}, { ...chest, spacing: [0, 1, 1] }).message).toMatch(/for spacing/);
  expect(failure({}, { ...chest, voxels: chest.voxels.subarray(1) }).message).toMatch(/for voxels/);
});
