import { expect, test } from "vitest";
import { type ByteSource, memorySource } from "../../src/byte-source.ts";
import { readScan } from "../../src/dicom/read-scan.ts";
import { PleuraError } from "../../src/errors.ts";
import { indexToPatient } from "../../src/volume/affine.ts";
import { dicomFile, dicomSeries, type Elements, goldenSeries, words } from "../helpers/dicom.ts";
import { numbers } from "../helpers/npz.ts";

async function failure(sources: readonly ByteSource[]): Promise<PleuraError> {
  const error = await readScan(sources).catch((e: unknown) => e);
  expect(error).toBeInstanceOf(PleuraError);
  return error as PleuraError;
}

test.each([
  "explicit",
  "implicit",
  "big",
  "deflated",
  "bare-explicit",
  "bare-implicit",
  "bare-big",
  "signed-zero-intercept",
  "odd-pixel-count",
  "unsigned-12",
  "unsigned-16",
  "unsigned-up",
  "unsigned-8",
  "signed-8",
  "slopes",
  "no-rescale",
  "slice-location",
  "two-passes",
  "long-header",
  "enhanced",
  "enhanced-rle",
])("%s reads to the Hounsfield units and the spacing of pydicom and numpy", async (name) => {
  const { sources, array } = goldenSeries(name);
  const scan = await readScan(sources);
  expect(scan.shape).toEqual([...array("hu").shape]);
  expect(scan.spacing).toEqual(numbers(array("spacing")));
  expect(scan.voxels).toEqual(array("hu").data);
});

test("a sound series has no findings", async () => {
  expect((await readScan(goldenSeries("explicit").sources)).findings).toEqual([]);
});

test("the affine leads from index to the header's position, with the row spacing along y", async () => {
  const { affine } = await readScan(goldenSeries("explicit").sources);
  expect(indexToPatient(affine, [0, 0, 0])).toEqual([-20.5, -30.25, -100]);
  const [l, p, s] = indexToPatient(affine, [4, 2, 3]);
  expect(l).toBeCloseTo(-20.5 + 3 * 0.7, 10);
  expect(p).toBeCloseTo(-30.25 + 2 * 0.8, 10);
  expect(s).toBeCloseTo(-100 + 4 * 2.5, 10);
});

test("missing rescale tags are reported with the slices that lack them", async () => {
  const { findings } = await readScan(goldenSeries("no-rescale").sources);
  expect(findings).toMatchObject([{ code: "missing-rescale", severity: "warning", measured: "5 of 5 slices" }]);
  expect(findings[0]?.files).toHaveLength(5);
});

test("the first of several passes is kept and the files of the others are named", async () => {
  const { findings } = await readScan(goldenSeries("two-passes").sources);
  expect(findings).toMatchObject([{ code: "repeated-passes", severity: "corrected" }]);
  expect(findings[0]?.files).toHaveLength(5);
});

test("values outside int16 are held at its borders and counted", async () => {
  const pixels = [...Array<number>(16).fill(100), 32767, -32768, 32000, -32000];
  const up = await readScan(dicomSeries(2, () => ({ RescaleIntercept: 1000, PixelData: words(pixels) })));
  expect([...up.voxels.slice(16, 20)]).toEqual([32767, -31768, 32767, -31000]);
  expect(up.findings).toMatchObject([{ code: "saturated", measured: "4 voxels" }]);
  const unsigned = await readScan(
    dicomSeries(2, () => ({ RescaleIntercept: -1024, PixelRepresentation: 0, PixelData: words(pixels) })),
  );
  expect([...unsigned.voxels.slice(15, 20)]).toEqual([-924, 31743, 31744, 30976, 32512]);
  const above = await readScan(dicomSeries(2, () => ({ PixelRepresentation: 0, PixelData: words(pixels) })));
  expect([...above.voxels.slice(15, 20)]).toEqual([100, 32767, 32767, 32000, 32767]);
  expect(above.findings).toMatchObject([{ code: "saturated", measured: "4 voxels" }]);
});

test("stored bits are found wherever they lie, and keep their sign", async () => {
  const read = async (elements: Elements, bits: number): Promise<number | undefined> =>
    (await readScan(dicomSeries(2, () => ({ ...elements, PixelData: words(Array(20).fill(bits)) })))).voxels[0];
  expect(await read({ BitsStored: 12, HighBit: 15, PixelRepresentation: 0 }, 0x7b3a)).toBe(0x7b3);
  expect(await read({ BitsStored: 12, HighBit: 13, PixelRepresentation: 0 }, 0x1abd)).toBe(0x6af);
  expect(await read({ BitsStored: 12, HighBit: 15 }, 0xfff0)).toBe(-1);
  expect(await read({ BitsStored: 12, HighBit: 11 }, 0x0fff)).toBe(-1);
  expect(await read({ BitsStored: 12, HighBit: 11 }, 0x07ff)).toBe(2047);
  expect(await read({ BitsStored: 12, HighBit: 11 }, -2000)).toBe(-2000);
  expect(await failure(dicomSeries(2, () => ({ BitsStored: 17 })))).toMatchObject({ code: "unsupported-pixels" });
});

test("files that are no CT images are left aside, each with its reason", async () => {
  const scan = await readScan([
    ...dicomSeries(3),
    memorySource("notes.txt", new TextEncoder().encode("scanned on a Tuesday")),
    memorySource("empty.dcm", new Uint8Array()),
    memorySource("DICOMDIR", concatDicm()),
    memorySource(
      "plan.dcm",
      dicomFile({ Modality: "RTPLAN", SeriesInstanceUID: "1.2.8", Rows: null, PixelData: null }),
    ),
    memorySource("brain.dcm", dicomFile({ Modality: "MR", SeriesInstanceUID: "1.2.9" })),
    memorySource("name.dcm", dicomFile({ Modality: "JOHN DOE", SeriesInstanceUID: "1.2.10" })),
  ]);
  expect(scan.shape).toEqual([3, 4, 5]);
  expect(scan.source.files).toBe(9);
  expect(scan.source.skipped).toEqual([
    { file: "notes.txt", reason: "not DICOM" },
    { file: "empty.dcm", reason: "not DICOM", detail: "empty" },
    { file: "DICOMDIR", reason: "not an image" },
    { file: "plan.dcm", reason: "not an image" },
    { file: "brain.dcm", reason: "not CT", modality: "MR" },
    // What is no term of DICOM's may be anything, also a patient's name.
    { file: "name.dcm", reason: "not CT" },
  ]);
});

test("images that do not say their modality are taken for CT", async () => {
  expect((await readScan(dicomSeries(2, () => ({ Modality: null })))).shape).toEqual([2, 4, 5]);
});

test("stacks are never mixed: the largest is read and the others are named", async () => {
  const scout = memorySource("scout.dcm", dicomFile({ Rows: 9, ImageOrientationPatient: [1, 0, 0, 0, 0, -1] }));
  const other = dicomSeries(2, () => ({ SeriesInstanceUID: "1.2.3.5" }));
  const scan = await readScan([scout, ...other, ...dicomSeries(4)]);
  expect(scan.shape).toEqual([4, 4, 5]);
  expect(scan.findings.map(({ code, files }) => [code, files])).toEqual([
    ["left-out", ["scout.dcm"]],
    ["left-out", ["slice0.dcm", "slice1.dcm"]],
  ]);
});

test("nothing but text is no-dicom, nothing but other images is no-image", async () => {
  expect((await failure([])).code).toBe("no-dicom");
  expect((await failure([memorySource("a.txt", new Uint8Array(5000).fill(65))])).code).toBe("no-dicom");
  expect((await failure([memorySource("b.dcm", dicomFile({ Modality: "MR" }))])).code).toBe("no-image");
});

test("one slice is refused with what was measured", async () => {
  expect(await failure(dicomSeries(1))).toMatchObject({
    code: "single-slice",
    stage: "read",
    measured: "1 slice",
    limit: "at least 2 slices",
  });
});

test("a truncated slice ends in an error that names the file, the bytes found and the bytes needed", async () => {
  expect(await failure(goldenSeries("truncated").sources)).toMatchObject({
    code: "truncated",
    file: "file3.dcm",
    measured: "65 bytes",
    limit: "96 bytes (6 × 8 pixels of 16 bits)",
  });
  const { sources } = goldenSeries("deflated");
  const cut = sources.map((source, i) => (i === 2 ? { ...source, size: source.size - 60 } : source));
  expect(await failure(cut)).toMatchObject({ code: "truncated", file: "file2.dcm" });
});

test("what cannot be read ends in an error that names the file and the value", async () => {
  const syntax = "1.2.840.10008.1.2.4.100";
  const video = [0, 1].map((z) => memorySource(`v${z}`, dicomFile({ ImagePositionPatient: [0, 0, z] }, syntax)));
  expect(await failure(video)).toMatchObject({ code: "unsupported-syntax", file: "v0", measured: syntax });
  expect(await failure(dicomSeries(2, () => ({ BitsAllocated: 32 })))).toMatchObject({
    code: "unsupported-pixels",
    file: "slice0.dcm",
    measured: "32 bits allocated",
  });
  expect(await failure(dicomSeries(2, () => ({ SamplesPerPixel: 3 })))).toMatchObject({ code: "unsupported-pixels" });
  expect(await failure(dicomSeries(2, () => ({ PixelSpacing: null })))).toMatchObject({ code: "missing-tag" });
  expect(await failure(dicomSeries(2, () => ({ ImagePositionPatient: null })))).toMatchObject({ code: "missing-tag" });
});

test("frames that nothing places are refused", async () => {
  const frames = dicomSeries(2, () => ({ NumberOfFrames: 2, PixelData: words(Array(40).fill(0)) }));
  expect(await failure(frames)).toMatchObject({ code: "unsupported-pixels", measured: "2 frames" });
});

test("nothing that names the patient is kept", async () => {
  const scan = await readScan(dicomSeries(2));
  expect(JSON.stringify({ ...scan, voxels: [] })).not.toMatch(/Doe|secret/);
});

test("an aborted signal ends the reading with its own reason", async () => {
  const reason = new Error("enough");
  await expect(readScan(dicomSeries(2), { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
});

function concatDicm(): Uint8Array {
  const bytes = new Uint8Array(196);
  bytes.set(new TextEncoder().encode("DICM"), 128);
  return bytes;
}
