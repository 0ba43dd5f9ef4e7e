import { parseDicom } from "dicom-parser";
import { beforeAll, describe, expect, test } from "vitest";
import { makePhantom } from "../../src/phantom/phantom.ts";
import { type PhantomFile, phantomToDicom } from "../../src/phantom/write-dicom.ts";
import { indexToPatient } from "../../src/volume/affine.ts";

const phantom = makePhantom({ size: [64, 80], slices: 12, spacing: [320 / 12, 5.6, 4.7123456] });
const files: PhantomFile[] = [];

beforeAll(async () => {
  for await (const file of phantomToDicom(phantom)) files.push(file);
});

describe("phantomToDicom", () => {
  test("gives one file a slice, from the head down", () => {
    expect(files.map((file) => file.name)).toEqual(
      Array.from({ length: 12 }, (_, i) => `IMG${String(i + 1).padStart(4, "0")}.dcm`),
    );
    const heights = files.map(({ bytes }) => parseDicom(bytes).floatString("x00200032", 2)!);
    expect(heights[0]).toBeCloseTo(indexToPatient(phantom.affine, [11, 0, 0])[2], 5);
    for (let i = 1; i < 12; i++) expect(heights[i - 1]! - heights[i]!).toBeCloseTo(320 / 12, 5);
  });

  test("holds the volume's Hounsfield units", () => {
    for (const [i, { bytes }] of files.entries()) {
      const dataSet = parseDicom(bytes);
      const element = dataSet.elements["x7fe00010"]!;
      expect(element.length).toBe(64 * 80 * 2);
      const stored = new Int16Array(bytes.slice(element.dataOffset, element.dataOffset + element.length).buffer);
      const hu = stored.map((v) => v * dataSet.floatString("x00281053")! + dataSet.floatString("x00281052")!);
      const slice = 11 - i;
      expect(hu).toEqual(phantom.voxels.subarray(slice * 64 * 80, (slice + 1) * 64 * 80));
    }
  });

  test("is a CT with the elements that its kind asks for", () => {
    const dataSet = parseDicom(files[3]!.bytes);
    const text = (tag: string) => dataSet.string(tag);
    expect(text("x00020010")).toBe("1.2.840.10008.1.2.1");
    expect(text("x00080016")).toBe("1.2.840.10008.5.1.4.1.1.2");
    expect(text("x00080060")).toBe("CT");
    expect(text("x00080008")).toBe("ORIGINAL\\PRIMARY\\AXIAL");
    expect(text("x00100010")).toBe("Phantom^Chest");
    expect(text("x00185100")).toBe("HFS");
    expect(text("x00200037")).toBe("1\\0\\0\\0\\1\\0");
    expect(text("x00280030")).toBe("5.6\\4.712346");
    expect([dataSet.uint16("x00280010"), dataSet.uint16("x00280011")]).toEqual([64, 80]);
    expect([dataSet.uint16("x00280100"), dataSet.uint16("x00280103")]).toEqual([16, 1]);
    expect(dataSet.elements["x00280120"]!.vr).toBe("SS");
    expect(dataSet.int16("x00280120")).toBe(-1024);
  });

  test("keeps within the lengths of decimal strings and UIDs, and tells slices apart", () => {
    const seen = new Set<string>();
    for (const { bytes } of files) {
      const dataSet = parseDicom(bytes);
      for (const { vr, tag } of Object.values(dataSet.elements)) {
        if (vr === "DS")
          for (const part of dataSet.string(tag)!.split("\\")) expect(part.length).toBeLessThanOrEqual(16);
        if (vr === "UI") expect(dataSet.string(tag)).toMatch(/^(?=.{1,64}$)(0|[1-9]\d*)(\.(0|[1-9]\d*))+$/);
      }
      expect(dataSet.string("x00020003")).toBe(dataSet.string("x00080018"));
      seen.add(dataSet.string("x00080018")!);
    }
    expect(seen.size).toBe(12);
  });

  test("gives the same bytes for the same phantom, and other UIDs for another", async () => {
    const again = (await phantomToDicom(makePhantom({ size: [64, 80], slices: 12, spacing: phantom.spacing })).next())
      .value!;
    expect(Buffer.compare(again.bytes, files[0]!.bytes)).toBe(0);
    const other = (await phantomToDicom(makePhantom({ size: 64, slices: 12, seed: 2 })).next()).value!;
    for (const tag of ["x0020000d", "x0020000e", "x00200052", "x00080018"]) {
      expect(parseDicom(other.bytes).string(tag)).not.toBe(parseDicom(files[0]!.bytes).string(tag));
    }
  });
});
