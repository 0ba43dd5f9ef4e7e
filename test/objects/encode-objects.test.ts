import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseDicom } from "dicom-parser";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { tagOf } from "../../src/dicom/dictionary.ts";
import { readScan, type Scan } from "../../src/dicom/read-scan.ts";
import { encodeLabelNifti, type Label } from "../../src/formats/label-nifti.ts";
import { encodeObjects } from "../../src/objects/encode-objects.ts";
import { makePhantom } from "../../src/phantom/phantom.ts";
import { BitVolume } from "../../src/volume/bit-volume.ts";
import { FORMS, type Form, formSources, writeForm } from "../helpers/forms.ts";
import { hasModules, hasProgram, PYTHON, said, script } from "../helpers/programs.ts";

// Rows that are no whole bytes, so that frames begin within one.
const phantom = makePhantom({ size: [45, 51], slices: 24, spacing: [5, 6, 7] });
const making = { algorithm: "pleura, test", type: "AUTOMATIC" } as const;
let root: string;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "pleura-objects-"));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Regions of the patient, not of the grid: two balls with holes, and a tube that overlaps one of them. */
function labelsOf({ shape, affine }: Scan): Label[] {
  const [right, left, tube] = [1, 2, 3].map(() => new BitVolume(shape)) as [BitVolume, BitVolume, BitVolume];
  const centre = [shape[0] - 1, shape[1] - 1, shape[2] - 1].map((n) => n / 2) as [number, number, number];
  for (let z = 0; z < shape[0]; z++) {
    for (let y = 0; y < shape[1]; y++) {
      for (let x = 0; x < shape[2]; x++) {
        const [dz, dy, dx] = [(z - centre[0]) * 5, (y - centre[1]) * 6, (x - centre[2]) * 7];
        const away = (offset: number) => Math.hypot(dz * 1.2, dy, dx - offset);
        if (away(-70) < 55 && away(-80) > 17) right.set(z, y, x);
        if (away(75) < 48 && Math.hypot(dy - 9, dx - 75) > 9) left.set(z, y, x);
        if (Math.hypot(dy, dx + 20) < 12 && dz > -30) tube.set(z, y, x);
      }
    }
  }
  expect(affine[0] === 0 || affine[8] > 0).toBe(true);
  return [
    { mask: right, value: 1 },
    { mask: left, value: 2 },
    { mask: tube, value: 3 },
  ];
}

async function read(form: Form): Promise<Scan> {
  const wanted = form === "two series" ? { series: "1.2.3.1" } : {};
  return readScan(formSources(phantom, form), { keepOrigin: true, fillGaps: true, ...wanted });
}

async function writeObjects(form: Form): Promise<{ scan: Scan; labels: Label[]; path: (name: string) => string }> {
  const path = (name: string) => join(root, form, name);
  await writeForm(path("scan"), phantom, form);
  const scan = await read(form);
  const labels = labelsOf(scan);
  const { seg, rtstruct } = encodeObjects(labels, scan, making, { seg: true, rtstruct: true });
  mkdirSync(path("."), { recursive: true });
  writeFileSync(path("lungs.seg.dcm"), Buffer.concat(seg!));
  writeFileSync(path("lungs.rtstruct.dcm"), Buffer.concat(rtstruct!));
  writeFileSync(path("labels.nii.gz"), encodeLabelNifti({ ...scan, labels }));
  return { scan, labels, path };
}

/** Forms that plastimatch does not read as a scan: it takes slices for upright and even, and a folder for one series. */
const UNEVEN: readonly Form[] = ["tilted", "enhanced", "two series", "one slice missing"];
const hasPydicom = hasModules("pydicom", "nibabel", "numpy");

describe.each(FORMS)("objects about a scan: %s", (form) => {
  let written: Awaited<ReturnType<typeof writeObjects>>;
  beforeAll(async () => {
    written = await writeObjects(form);
  });

  test("resampled only where the volume was", () => {
    const { scan, labels } = written;
    const { exact, millilitres } = encodeObjects(labels, scan, making, {});
    expect(exact).toBe(form !== "tilted" && form !== "one slice missing");
    if (exact) expect(millilitres.objects).toBeCloseTo(millilitres.labels, 6);
  });

  test.skipIf(!hasPydicom)("pydicom reads the SEG: the label map on the scan's own pixels, 0 apart", () => {
    const { path } = written;
    const figures = said(PYTHON, script("compare-seg.py"), path("lungs.seg.dcm"), path("labels.nii.gz"), path("scan"));
    expect(JSON.parse(figures)).toMatchObject({ apart: 0, images: form === "one slice missing" ? 23 : 24 });
    expect(JSON.parse(figures).labelled).toBeGreaterThan(4000);
  });

  test.skipIf(!hasProgram("dciodvfy"))("dciodvfy (dicom3tools) finds no error", () => {
    const { path } = written;
    for (const [file, kind] of [
      ["lungs.seg.dcm", "Segmentation"],
      ["lungs.rtstruct.dcm", "RTStructureSet"],
    ] as const) {
      const report = said("dciodvfy", path(file));
      expect(report).toContain(kind);
      expect(report).not.toMatch(/^Error|Abort/m);
    }
  });

  // plastimatch wants one upright, even series.
  if (UNEVEN.includes(form)) return;
  test.skipIf(!hasProgram("plastimatch") || !hasPydicom)(
    "plastimatch reads the RTSTRUCT: the label map, 0 voxels apart",
    async () => {
      const { path } = written;
      said(
        "plastimatch",
        ...["convert", "--input", path("lungs.rtstruct.dcm"), "--referenced-ct", path("scan")],
        ...["--output-prefix", path("masks"), "--prefix-format", "nii.gz"],
      );
      const masks = ["1=Right lung", "2=Left lung", "3=Airways"].map((one) =>
        one.replace("=", `=${path("masks")}/`).concat(".nii.gz"),
      );
      const figures = JSON.parse(said(PYTHON, script("compare-rtstruct.py"), path("labels.nii.gz"), ...masks));
      for (const value of [1, 2, 3]) {
        expect(figures[value].apart).toBe(0);
        expect(figures[value].labelled).toBeGreaterThan(150);
      }
    },
  );
});

describe("what objects say", () => {
  test("codes, the patient as the scan has it, every image, and what made it", async () => {
    const scan = await read("two series");
    const { seg, rtstruct } = encodeObjects(labelsOf(scan), scan, making, { seg: true, rtstruct: true });
    for (const file of [seg!, rtstruct!]) {
      const bytes = Buffer.concat(file);
      const dataSet = parseDicom(bytes);
      expect(dataSet.string(tagOf("PatientName"))).toBe("Müller^Jörg");
      expect(dataSet.string(tagOf("SpecificCharacterSet"))).toBe("ISO_IR 100");
      expect(dataSet.string(tagOf("StudyInstanceUID"))).toBe("1.2.826.0.1.3680043.8.498.1");
      expect(dataSet.string(tagOf("FrameOfReferenceUID"))).toBe("1.2.826.0.1.3680043.8.498.2");
      // Every image of the series that was read, and none of the other.
      for (let k = 1; k <= 24; k++)
        expect(bytes.includes(`1.2.3.1.${k}\0`) || bytes.includes(`1.2.3.1.${k}`)).toBe(true);
      expect(bytes.includes("1.2.3.2")).toBe(false);
    }
    const dataSet = parseDicom(Buffer.concat(seg!));
    const segments = dataSet.elements[tagOf("SegmentSequence")]!.items!.map((item) => item.dataSet!);
    const code = (i: number, keyword: "SegmentedPropertyCategoryCodeSequence" | "SegmentedPropertyTypeCodeSequence") =>
      segments[i]!.elements[tagOf(keyword)]!.items![0]!.dataSet!.string(tagOf("CodeValue"));
    expect([0, 1, 2].map((i) => code(i, "SegmentedPropertyTypeCodeSequence"))).toEqual([
      "3341006",
      "44029006",
      "110726009",
    ]);
    expect(code(0, "SegmentedPropertyCategoryCodeSequence")).toBe("123037004");
    expect(segments[0]!.string(tagOf("SegmentAlgorithmName"))).toBe("pleura, test");
  });

  test("a scan that lacks what has to be repeated is refused by name", async () => {
    const scan = await read("plain");
    const labels = labelsOf(scan);
    const without = (origin: Partial<NonNullable<Scan["origin"]>>) => () =>
      encodeObjects(labels, { ...scan, origin: { ...scan.origin!, ...origin } }, making, { seg: true });
    expect(without({ frameOfReference: undefined })).toThrow(/Frame of Reference UID .*missing/);
    expect(without({ images: scan.origin!.images.map((image) => ({ ...image, position: undefined })) })).toThrow(
      /Image Position/,
    );
    const { origin: _, ...none } = scan;
    expect(() => encodeObjects(labels, none, making, { seg: true })).toThrow(/refers to DICOM images/);
    const empty = labels.map(({ mask, value }) => ({ mask: new BitVolume(mask.shape), value }));
    expect(() => encodeObjects(empty, scan, making, { seg: true })).toThrow(/nothing to write/);
  });
});
