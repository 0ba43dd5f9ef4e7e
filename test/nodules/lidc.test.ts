import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { lidcNodules, lidcSource } from "../../src/nodules/lidc/lidc-nodules.ts";
import { lidcSeries } from "../../src/nodules/lidc/lidc-series.ts";
import { parseLidc } from "../../src/nodules/lidc/parse-lidc.ts";
import { affineFromSteps, type Point } from "../../src/volume/affine.ts";
import type { StoredGrid } from "../../src/volume/stored-grid.ts";
import type { Triple } from "../../src/volume/volume.ts";
import { DATA } from "../helpers/data.ts";

const golden = (name: string) => readFileSync(new URL(`../goldens/training/${name}`, import.meta.url), "utf8");
const XML = golden("lidc.xml");
const EXPECTED = JSON.parse(golden("lidc.json")) as {
  readonly origin: Point;
  readonly spacing: Triple;
  readonly shape: Triple;
  readonly nodules: readonly {
    readonly centre: Point;
    readonly diameter: number;
    readonly meanDiameter: number;
    readonly readers: number;
    readonly ratings: Record<string, number>;
  }[];
};

function grid(origin: Point, [sz, sy, sx]: Triple, shape: Triple): StoredGrid {
  return { shape, affine: affineFromSteps(origin, [0, 0, sz], [0, sy, 0], [sx, 0, 0]), even: true };
}
const GRID = grid(EXPECTED.origin, EXPECTED.spacing, EXPECTED.shape);

test("nodules of three readers of four have scikit-image's centres and volumes, and numpy's medians", () => {
  const { nodules } = lidcNodules(parseLidc(XML, "a.xml"), GRID, 3);
  const bySize = (a: { diameter?: number | undefined }, b: { diameter?: number | undefined }) =>
    b.diameter! - a.diameter!;
  const found = [...nodules].sort(bySize);
  const expected = [...EXPECTED.nodules].sort(bySize);
  expect(found).toHaveLength(3);
  for (const [i, { centre, diameter, meanDiameter, readers, ratings }] of expected.entries()) {
    const nodule = found[i]!;
    const { patient } = nodule.at as { patient: Point };
    for (const axis of [0, 1, 2] as const) expect(patient[axis]).toBeCloseTo(centre[axis], 9);
    expect(nodule.diameter).toBeCloseTo(diameter, 9);
    expect(nodule.meanDiameter).toBeCloseTo(meanDiameter, 9);
    expect(nodule).toMatchObject({ readers, ratings });
  }
});

test("what fewer readers marked, and nodules below 3 mm, are left out by line", () => {
  const reading = parseLidc(XML, "a.xml");
  const { leftOut } = lidcNodules(reading, GRID, 3);
  expect(leftOut.filter(({ why }) => why === "a nodule below 3 mm")).toHaveLength(4);
  expect(leftOut.filter(({ why }) => why === "marked by 2 readers, fewer than 3")).toHaveLength(1);
  const lines = XML.split("\n");
  for (const { line } of leftOut) expect(lines[line - 1]).toContain("<unblindedReadNodule>");
  expect(lidcNodules(reading, GRID, 2).nodules).toHaveLength(4);
  expect(lidcNodules(reading, GRID, 4).nodules).toHaveLength(2);
  expect(lidcNodules(reading, GRID, 5).nodules).toHaveLength(0);
});

test("one reader's two marks are two nodules, however close", () => {
  const reading = parseLidc(XML, "a.xml");
  const own = reading.marks.filter(({ rois }) => rois.length > 1);
  const twice = { ...reading, marks: own.flatMap((mark) => [mark, { ...mark, line: mark.line + 1 }]) };
  const { nodules } = lidcNodules(twice, GRID, 3);
  expect(nodules).toHaveLength(6);
  expect(Math.max(...nodules.map(({ readers = 0 }) => readers))).toBe(4);
});

describe("files", () => {
  test("are told by their beginning", () => {
    expect(lidcSeries(XML.slice(0, 4000))).toBe("1.2.3.4");
    expect(
      lidcSeries("<?xml version='1.0'?><IdriReadMessage><SeriesInstanceUid>1</SeriesInstanceUid>"),
    ).toBeUndefined();
  });

  test("have something about their own series only", () => {
    const source = lidcSource(XML, "1.2.3.4", "a.xml");
    expect(source.annotationsOf("1.2.3.4", GRID).nodules).toHaveLength(3);
    expect(source.annotationsOf("9", GRID).nodules).toEqual([]);
    expect([source.textOf("1.2.3.4").length > 0, source.textOf("9")]).toEqual([true, ""]);
  });

  test.each([
    ["not well formed", XML.replace("</roi>", ""), /line \d+: /],
    [
      "of another root",
      "<a><SeriesInstanceUid>1</SeriesInstanceUid></a>",
      /the root is not LidcReadMessage; found: "a"/,
    ],
    [
      "a coordinate that is no number",
      XML.replace(/<xCoord>\d+/, "<xCoord>abc"),
      /line 19: an element that holds no number; found: "xCoord: abc"/,
    ],
    [
      "a rating that is no number",
      XML.replace(/<malignancy>\d/, "<malignancy>NaN"),
      /holds no number; found: "malignancy: NaN"/,
    ],
    ["no series", XML.replace(/<SeriesInstanceUid>.*<\/SeriesInstanceUid>/, ""), /no SeriesInstanceUid/],
    [
      "entities of its own",
      `<!DOCTYPE x [<!ENTITY a "b">]>${XML.replace(/<\?xml.*\?>\n/, "").replace("<xCoord>", "<xCoord>&a;")}`,
      /line \d+/,
    ],
  ])("%s are refused", (_, text, reason) => {
    expect(() => parseLidc(text, "a.xml")).toThrow(expect.objectContaining({ code: "bad-annotation" }));
    expect(() => parseLidc(text, "a.xml")).toThrow(reason);
  });

  test("need axial slices", () => {
    const coronal = { ...GRID, affine: affineFromSteps([0, 0, 0], [0, 1, 0], [0, 0, 1], [1, 0, 0]) };
    expect(() => lidcNodules(parseLidc(XML, "a.xml"), coronal, 3)).toThrow(/axial/);
  });
});

const REAL = join(DATA, "lidc-idri-0001-nodules.xml");

test.skipIf(!existsSync(REAL))("lidc-idri-0001 has one nodule by four readers where these drew it", () => {
  const stored = grid([-166, -171.699997, -340], [2.5, 0.703125, 0.703125], [133, 512, 512]);
  const { nodules, leftOut } = lidcNodules(parseLidc(readFileSync(REAL, "utf8"), "a.xml"), stored, 3);
  expect(nodules).toHaveLength(1);
  const [nodule] = nodules;
  const { patient } = nodule!.at as { patient: Point };
  expect(Math.hypot(patient[0] - 57, patient[1] - 85, patient[2] + 116)).toBeLessThan(2);
  // LUNA16's own row: 56.208, 86.343, -115.868, 23.351.
  expect(Math.hypot(patient[0] - 56.208, patient[1] - 86.343, patient[2] + 115.868)).toBeLessThan(0.3);
  expect(Math.abs(nodule!.meanDiameter! - 23.351)).toBeLessThan(0.3);
  expect(nodule).toMatchObject({ readers: 4, ratings: { malignancy: 5, subtlety: 5, texture: 5, calcification: 6 } });
  expect(leftOut).toHaveLength(9);
});
