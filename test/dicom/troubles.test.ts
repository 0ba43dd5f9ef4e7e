import { describe, expect, test } from "vitest";
import { type ByteSource, memorySource } from "../../src/byte-source.ts";
import { type ReadOptions, readScan, type Scan } from "../../src/dicom/read-scan.ts";
import { makePhantom } from "../../src/phantom/phantom.ts";
import { segmentLungs } from "../../src/pipeline/segment-lungs.ts";
import { type BitVolume, popcount } from "../../src/volume/bit-volume.ts";
import { dicomFile, type Elements, words } from "../helpers/dicom.ts";

const [SLICES, SIZE, STEP, PIXEL] = [24, 96, 8, 3.4];
const PLANE = SIZE * SIZE;
const { voxels } = makePhantom({ size: SIZE, slices: SLICES, spacing: [STEP, PIXEL, PIXEL] });
const FAR = (SIZE - 1) * PIXEL;

/** What a trouble does to slice k: other elements, made of its Hounsfield units. */
type Change = (hu: Int16Array, k: number) => Elements;

function series(change: Change = (hu) => ({ PixelData: words(hu) }), uid = "1.2.3", only?: number[]): ByteSource[] {
  const numbers = only ?? Array.from({ length: SLICES }, (_, k) => k);
  return numbers.map((k) => {
    const elements: Elements = {
      SeriesInstanceUID: uid,
      InstanceNumber: k + 1,
      Rows: SIZE,
      Columns: SIZE,
      PixelSpacing: [PIXEL, PIXEL],
      ImagePositionPatient: [0, 0, STEP * k],
    };
    const hu = voxels.slice(k * PLANE, (k + 1) * PLANE);
    return memorySource(`${uid}/${k}`, dicomFile({ ...elements, ...change(hu, k) }));
  });
}

/** Pixels with x, or x and y, running the other way. */
function mirrored(hu: Int16Array, both: boolean): Uint8Array {
  const turned = hu.map((_, i) => {
    const [y, x] = [Math.floor(i / SIZE), i % SIZE];
    return hu[(both ? SIZE - 1 - y : y) * SIZE + SIZE - 1 - x]!;
  });
  return words(turned);
}

function outsideField(i: number): boolean {
  const middle = (SIZE - 1) / 2;
  return Math.hypot(Math.floor(i / SIZE) - middle, (i % SIZE) - middle) >= SIZE / 2;
}

const plain: Change = (hu) => ({ PixelData: words(hu) });
const without = (...gone: number[]) => Array.from({ length: SLICES }, (_, k) => k).filter((k) => !gone.includes(k));

/** Voxels that only moved: the very same scan, hence the same lungs. */
const SAME: Record<string, readonly [sources: ByteSource[], findings: readonly string[]]> = {
  "instance numbers descending": [series((hu, k) => ({ ...plain(hu, k), InstanceNumber: SLICES - k })), []],
  "feet first": [
    series((hu, k) => ({
      PixelData: mirrored(hu, false),
      ImageOrientationPatient: [-1, 0, 0, 0, 1, 0],
      ImagePositionPatient: [FAR, 0, STEP * k],
    })),
    ["feet-first"],
  ],
  prone: [
    series((hu, k) => ({
      PixelData: mirrored(hu, true),
      ImageOrientationPatient: [-1, 0, 0, 0, -1, 0],
      ImagePositionPatient: [FAR, FAR, STEP * k],
    })),
    ["prone"],
  ],
  "a second pass": [
    [...series((hu, k) => ({ PixelData: words(hu.map((v) => v + 5)), InstanceNumber: SLICES + 1 + k })), ...series()],
    ["repeated-passes"],
  ],
  "a localizer": [[localizer(), ...series()], ["left-out"]],
  "a thicker series": [[...series(plain, "1.2.4", [0, 4, 8, 12, 16, 20]), ...series()], ["left-out"]],
  "a file cut short and a text": [
    [
      ...series(),
      memorySource("cut", fileBytes(series()[3]!).subarray(0, 9000)),
      memorySource("a.txt", new Uint8Array(99)),
    ],
    ["truncated-file"],
  ],
};

/** Values that changed a little: nearly the same lungs. */
const NEARLY: Record<string, readonly [sources: ByteSource[], findings: readonly string[]]> = {
  "a slope of 2 on every other slice": [
    series((hu, k) =>
      k % 2 === 0
        ? plain(hu, k)
        : { PixelData: words(hu.map((v) => Math.round((v + 1000) / 2))), RescaleSlope: 2, RescaleIntercept: -1000 },
    ),
    ["mixed-rescale"],
  ],
  "unsigned values": [
    series((hu) => ({
      PixelData: words(hu.map((v) => Math.max(0, v + 1024))),
      PixelRepresentation: 0,
      RescaleIntercept: -1024,
    })),
    [],
  ],
  "padding outside the field of view": [
    series((hu) => ({ PixelData: words(hu.map((v, i) => (outsideField(i) ? -2000 : v))), PixelPaddingValue: -2000 })),
    [],
  ],
  "padding that passes for tissue": [
    series((hu) => ({ PixelData: words(hu.map((v, i) => (outsideField(i) ? 100 : v))), PixelPaddingValue: 100 })),
    ["padding-as-tissue"],
  ],
};

function localizer(): ByteSource {
  return memorySource("scout", dicomFile({ ImageType: "ORIGINAL\\PRIMARY\\LOCALIZER", SeriesInstanceUID: "1.2.9" }));
}

function fileBytes(source: ByteSource): Uint8Array {
  const bytes = new Uint8Array(source.size);
  source.read(0, bytes);
  return bytes;
}

function lungsOf(scan: Scan): BitVolume[] {
  const { lung1, lung2 } = segmentLungs(scan);
  return [lung1, lung2];
}

function dice(a: readonly BitVolume[], b: readonly BitVolume[]): number {
  const sum = (masks: readonly BitVolume[]) => masks.reduce((n, mask) => n + mask.count(), 0);
  let both = 0;
  for (const [i, { words: ours }] of a.entries()) {
    const other = b[i]!.words;
    for (let w = 0; w < ours.length; w++) both += popcount(ours[w]! & other[w]!);
  }
  return (2 * both) / (sum(a) + sum(b));
}

const read = (sources: ByteSource[], options?: ReadOptions) => readScan(sources, options);
const codes = ({ findings }: Scan) => findings.map(({ code }) => code);

describe("the lungs do not depend on how a series was stored", async () => {
  const sound = await read(series());
  const soundLungs = lungsOf(sound);

  test.each(Object.entries(SAME))("%s: every voxel the same", async (_, [sources, findings]) => {
    const scan = await read(sources);
    expect(codes(scan)).toEqual(findings);
    expect(scan.shape).toEqual(sound.shape);
    expect(scan.voxels.findIndex((hu, i) => hu !== sound.voxels[i])).toBe(-1);
    for (const [i, value] of scan.affine.entries()) expect(value).toBeCloseTo(sound.affine[i]!, 6);
  });

  test.each(Object.entries(NEARLY))("%s: nearly the same lungs", async (_, [sources, findings]) => {
    const scan = await read(sources);
    expect(codes(scan)).toEqual(findings);
    expect(dice(lungsOf(scan), soundLungs)).toBeGreaterThanOrEqual(0.995);
  });

  test.each([
    ["one missing slice", without(12), 0.98],
    ["three missing slices", without(11, 12, 13), 0.95],
  ] as const)("%s: refused, and interpolated when that is allowed", async (_, kept, least) => {
    const sources = series(plain, "1.2.3", kept);
    await expect(read(sources)).rejects.toMatchObject({ code: "inconsistent-series" });
    const scan = await read(sources, { fillGaps: true });
    expect(codes(scan)).toEqual(["missing-slices", "instance-numbers"]);
    expect(dice(lungsOf(scan), soundLungs)).toBeGreaterThanOrEqual(least);
  });
});
