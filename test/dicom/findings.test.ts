import { expect, test } from "vitest";
import { type ByteSource, memorySource } from "../../src/byte-source.ts";
import { readScan } from "../../src/dicom/read-scan.ts";
import { indexToPatient, patientToIndex } from "../../src/volume/affine.ts";
import type { Triple } from "../../src/volume/volume.ts";
import { dicomFile, dicomSeries, type Elements, words } from "../helpers/dicom.ts";

const [ROWS, COLUMNS] = [4, 5];

/** Pixels that tell their slice, row and column: 100 k + 10 y + x. */
function numbered(k: number): Uint8Array {
  const values = Array.from(
    { length: ROWS * COLUMNS },
    (_, i) => 100 * k + 10 * Math.floor(i / COLUMNS) + (i % COLUMNS),
  );
  return words(values);
}

/** A series at the given positions, slice k at the k-th of them. */
function seriesAt(positions: readonly number[], change: (k: number) => Elements = () => ({})): ByteSource[] {
  return dicomSeries(positions.length, (k) => ({
    ImagePositionPatient: [0, 0, positions[k] ?? 0],
    PixelData: numbered(k),
    ...change(k),
  }));
}

async function findingsOf(sources: readonly ByteSource[]): Promise<string[]> {
  return (await readScan(sources)).findings.map(({ code, severity }) => `${severity} ${code}`);
}

test("missing slices are refused with the step, the files beside the gap, and a way out", async () => {
  await expect(readScan(seriesAt([0, 2, 4, 10, 12]))).rejects.toMatchObject({
    code: "inconsistent-series",
    file: "slice2.dcm",
    measured: "a step of 6.00 mm",
    limit: "2.00 mm",
  });
});

test("missing slices are interpolated when that is allowed, whole slices staying as they are", async () => {
  const scan = await readScan(seriesAt([0, 2, 4, 10, 12]), { fillGaps: true });
  expect(scan.shape).toEqual([7, ROWS, COLUMNS]);
  expect(scan.spacing).toEqual([2, 1, 1]);
  expect(Array.from({ length: 7 }, (_, z) => scan.voxels[z * ROWS * COLUMNS])).toEqual([
    0, 100, 200, 233, 267, 300, 400,
  ]);
  expect(indexToPatient(scan.affine, [6, 0, 0])).toEqual([0, 0, 12]);
  expect(scan.findings).toMatchObject([{ code: "missing-slices", severity: "corrected" }]);
});

test("a slightly uneven step is accepted with a warning, a larger one is refused", async () => {
  expect(await findingsOf(seriesAt([0, 2, 4.1, 6.1]))).toEqual(["warning uneven-spacing"]);
  expect(await findingsOf(seriesAt([0, 2, 4.001, 6.001]))).toEqual([]);
  await expect(readScan(seriesAt([0, 2, 4.5, 6.5]))).rejects.toMatchObject({ measured: "a step of 2.500 mm" });
});

test("the slice distance is that of the first two slices, as long as steps are even", async () => {
  expect((await readScan(seriesAt([0, 2.001, 4, 6]))).spacing[0]).toBe(Math.fround(2.001));
  expect((await readScan(seriesAt([0, 2.1, 4.1, 6.1]))).spacing[0]).toBe(Math.fround(2));
});

test("a doubled position keeps the image with the lowest instance number", async () => {
  const scan = await readScan(seriesAt([0, 2, 2, 4], (k) => ({ InstanceNumber: 4 - k })));
  expect(scan.shape[0]).toBe(3);
  expect(scan.voxels[ROWS * COLUMNS]).toBe(200);
  expect(scan.findings).toMatchObject([
    { code: "doubled-position", files: ["slice1.dcm"] },
    { code: "doubles-differ", severity: "warning", files: ["slice1.dcm"] },
  ]);
  const same = await readScan(seriesAt([0, 2, 2, 4], () => ({ PixelData: numbered(1) })));
  expect(same.findings.map(({ code }) => code)).toEqual(["doubled-position"]);
});

test("a file cut short is left out when another holds its slice whole", async () => {
  const sources = seriesAt([0, 2, 4]);
  const copy = dicomFile({ ImagePositionPatient: [0, 0, 2], InstanceNumber: 0 });
  const scan = await readScan([...sources, memorySource("cut.dcm", copy.subarray(0, -7))]);
  expect(scan.voxels[ROWS * COLUMNS]).toBe(100);
  expect(scan.findings).toMatchObject([{ code: "truncated-file", severity: "corrected", files: ["cut.dcm"] }]);
});

test("overlapping acquisitions of one series are told apart, consecutive ones stay together", async () => {
  const shifted = seriesAt([0, 2, 4, 6, 0.7, 2.7, 4.7], (k) => ({ AcquisitionNumber: k < 4 ? 1 : 2 }));
  const scan = await readScan(shifted);
  expect(scan.shape[0]).toBe(4);
  expect(scan.findings.map(({ code }) => code)).toEqual(["left-out"]);
  expect(await findingsOf(seriesAt([0, 2, 4, 6, 8], (k) => ({ AcquisitionNumber: k < 2 ? 1 : 2 })))).toEqual([]);
});

test("axial wins over longer reformats, original over derived, thin over thick, the wish over all", async () => {
  const series = (uid: string, change: Elements, count: number, step: number): ByteSource[] =>
    dicomSeries(count, () => ({ SeriesInstanceUID: uid, ...change }), step);
  const coronal = dicomSeries(9, (k) => ({
    SeriesInstanceUID: "1.5",
    ImageOrientationPatient: [1, 0, 0, 0, 0, -1],
    ImagePositionPatient: [0, 3 * k, 0],
  }));
  const derived = series("1.6", { ImageType: "DERIVED\\PRIMARY\\AXIAL", SeriesNumber: 6 }, 12, 1);
  const thick = series("1.7", { SeriesNumber: 7 }, 4, 4);
  const thin = series("1.8", { SeriesNumber: 8 }, 7, 2);
  const scout = series("1.1", { ImageType: "ORIGINAL\\PRIMARY\\LOCALIZER" }, 30, 9);
  const all = [...coronal, ...derived, ...thick, ...scout, ...thin];
  expect((await readScan(all)).seriesUid).toBe("1.8");
  expect((await readScan(all, { series: 7 })).seriesUid).toBe("1.7");
  expect((await readScan(all, { series: "1.6" })).seriesUid).toBe("1.6");
  expect((await readScan(all)).findings.filter(({ code }) => code === "left-out")).toHaveLength(4);
  await expect(readScan(all, { series: 99 })).rejects.toMatchObject({ code: "not-found", limit: "series 99" });
  await expect(readScan(coronal)).rejects.toMatchObject({ code: "inconsistent-series", measured: /^90.0°/ });
});

/** Image Orientation for every way of laying an axial slice down, and what is found. */
const TURNS: readonly [orientation: readonly number[], codes: readonly string[]][] = [
  [[1, 0, 0, 0, 1, 0], []],
  [[-1, 0, 0, 0, 1, 0], ["feet-first"]],
  [[-1, 0, 0, 0, -1, 0], ["prone"]],
  [
    [1, 0, 0, 0, -1, 0],
    ["feet-first", "prone"],
  ],
  [[0, 1, 0, 1, 0, 0], ["decubitus"]],
  [[0, 1, 0, -1, 0, 0], ["decubitus"]],
  [[0, -1, 0, 1, 0, 0], ["decubitus"]],
  [[0, -1, 0, -1, 0, 0], ["decubitus"]],
];

test.each(TURNS)(
  "orientation %j becomes canonical, every voxel keeping its place in the patient",
  async (turn, codes) => {
    const spacing = [0.5, 0.75];
    const scan = await readScan(seriesAt([0, 2, 4], () => ({ ImageOrientationPatient: turn, PixelSpacing: spacing })));
    expect(scan.findings.map(({ code }) => code)).toEqual(codes);
    const [s0, s1, s2] = [0, 1, 2].map((axis) => [scan.affine[axis], scan.affine[4 + axis], scan.affine[8 + axis]]);
    expect(s0).toEqual([0, 0, 2]);
    expect(s1?.map((v) => v! + 0)).toEqual([0, scan.spacing[1], 0]);
    expect(s2?.map((v) => v! + 0)).toEqual([scan.spacing[2], 0, 0]);
    for (let k = 0; k < 3; k++) {
      for (let y = 0; y < ROWS; y++) {
        for (let x = 0; x < COLUMNS; x++) {
          const place = [0, 1, 2].map((i) => turn[i]! * x * spacing[1]! + turn[3 + i]! * y * spacing[0]!);
          const index = patientToIndex(scan.affine, [place[0]!, place[1]!, place[2]! + 2 * k]).map(Math.round);
          const [, ny, nx] = scan.shape;
          expect(scan.voxels[(index[0]! * ny + index[1]!) * nx + index[2]!]).toBe(100 * k + 10 * y + x);
        }
      }
    }
  },
);

test("a tilted gantry is put upright: a plane of the patient lies in the same place as before", async () => {
  const [rows, columns, count, angle] = [40, 6, 30, 12];
  const [c, s] = [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)];
  // The value is a linear function of the place in the patient, which linear interpolation keeps.
  const value = (y: number, z: number): number => Math.round(20 * y + 30 * z);
  const scan = await readScan(
    dicomSeries(count, (k) => ({
      Rows: rows,
      Columns: columns,
      ImageOrientationPatient: [1, 0, 0, 0, c, -s],
      ImagePositionPatient: [0, 0, 2 * k],
      PixelData: words(
        Array.from({ length: rows * columns }, (_, i) => {
          const down = Math.floor(i / columns);
          return value(c * down, 2 * k - s * down);
        }),
      ),
    })),
  );
  expect(scan.findings).toMatchObject([{ code: "tilt", severity: "corrected" }]);
  expect(scan.spacing).toEqual([2, 1, 1]);
  expect(scan.affine[8]).toBeCloseTo(2, 9);
  expect(scan.affine[9]).toBeCloseTo(0, 9);
  let seen = 0;
  for (let z = 5; z < count - 5; z++) {
    for (let y = 2; y < rows - 2; y++) {
      const at: Triple = [z, y, 3];
      const [, p, h] = indexToPatient(scan.affine, at);
      expect(Math.abs(scan.voxels[(z * rows + y) * columns + 3]! - (20 * p + 30 * h))).toBeLessThan(1.5);
      seen++;
    }
  }
  expect(seen).toBeGreaterThan(500);
});

test("directions that are no right angle, and slices that drift, are said or refused", async () => {
  const skew = seriesAt([0, 2, 4], () => ({ ImageOrientationPatient: [1, 0, 0, 0.3, 1, 0] }));
  await expect(readScan(skew)).rejects.toMatchObject({ code: "inconsistent-series", measured: "off by 0.3000" });
  const zigzag = seriesAt([0, 2, 4, 6, 8], (k) => ({ ImagePositionPatient: [k === 2 ? 7 : 0, 0, 2 * k] }));
  expect(await findingsOf(zigzag)).toEqual(["warning shifted-slices"]);
  const sideways = seriesAt([0, 2, 4], (k) => ({ ImagePositionPatient: [k, 0, 2 * k] }));
  await expect(readScan(sideways)).rejects.toMatchObject({ code: "inconsistent-series" });
  const oblique = seriesAt([0, 2], (k) => ({
    ImageOrientationPatient: [1, 0, 0, 0, Math.cos(0.1), -Math.sin(0.1)],
    ImagePositionPatient: [0, 2 * k * Math.sin(0.1), 2 * k * Math.cos(0.1)],
  }));
  expect(await findingsOf(oblique)).toEqual(["warning oblique"]);
});

test("slices whose positions contradict the order of their numbers or locations are pointed out", async () => {
  const exchanged = [0, 2, 4, 10, 8, 6, 12, 14];
  const named = await readScan(seriesAt(exchanged, (k) => ({ InstanceNumber: k + 1 })));
  expect(named.findings).toMatchObject([
    {
      code: "slice-order",
      severity: "warning",
      measured: "2 of 8 slices out of order",
      files: ["slice5.dcm", "slice3.dcm"],
    },
  ]);
  const located = seriesAt(exchanged, (k) => ({ InstanceNumber: null, SliceLocation: -3 * k }));
  expect(await findingsOf(located)).toEqual(["warning slice-order"]);
  const backwards = seriesAt([0, 2, 4, 6], (k) => ({ InstanceNumber: 40 - 10 * k, SliceLocation: -k }));
  expect(await findingsOf(backwards)).toEqual(["warning instance-numbers"]);
  // Two parts, the second one above the first: the numbers tell the order of the parts only.
  const parts = seriesAt([8, 10, 12, 14, 0, 2, 4, 6], (k) => ({ InstanceNumber: k + 1 }));
  expect(await findingsOf(parts)).toEqual([]);
});

test("slices that store their values in different bits are pointed out", async () => {
  const bits = seriesAt([0, 2, 4], (k) => (k === 1 ? { BitsStored: 12, HighBit: 11 } : {}));
  expect(await findingsOf(bits)).toEqual(["warning mixed-bits"]);
  const signs = seriesAt([0, 2, 4], (k) => ({ PixelRepresentation: k === 1 ? 0 : 1 }));
  expect(await findingsOf(signs)).toEqual(["warning mixed-bits"]);
});

test("what the headers say about the pixels is passed on", async () => {
  expect(await findingsOf(seriesAt([0, 2], () => ({ LossyImageCompression: "01" })))).toEqual([
    "warning lossy-compression",
  ]);
  expect(await findingsOf(seriesAt([0, 2], (k) => ({ RescaleSlope: k + 1 })))).toEqual(["warning mixed-rescale"]);
  expect(await findingsOf(seriesAt([0, 2], () => ({ ImageOrientationPatient: null })))).toEqual([
    "warning missing-orientation",
  ]);
});

test("padding that passes for tissue becomes air where it hangs together with the border", async () => {
  const pixels = [0, 0, 0, 0, 0, 0, 40, 40, 40, 0, 0, 40, 0, 40, 0, 0, 40, 40, 40, 0];
  const scan = await readScan(seriesAt([0, 2], () => ({ PixelPaddingValue: 0, PixelData: words(pixels) })));
  expect([...scan.voxels.slice(0, 20)]).toEqual(pixels.map((v, i) => (v === 0 && i !== 12 ? -1024 : v)));
  expect(scan.findings).toMatchObject([{ code: "padding-as-tissue", severity: "corrected", measured: "22 voxels" }]);
  const low = await readScan(
    seriesAt([0, 2], () => ({ PixelPaddingValue: -2000, PixelData: words(Array(20).fill(-2000)) })),
  );
  expect(new Set(low.voxels)).toEqual(new Set([-2000]));
});

test("volumes without air, or with tissue all along the border, are pointed out", async () => {
  const filled = (value: (i: number) => number) =>
    dicomSeries(2, () => ({
      Rows: 128,
      Columns: 128,
      PixelData: words(Array.from({ length: 16384 }, (_, i) => value(i))),
    }));
  expect(await findingsOf(filled(() => 1000))).toEqual(["warning not-hounsfield"]);
  expect(await findingsOf(filled((i) => (i % 7 === 3 ? -900 : 50)))).toEqual(["warning cropped-field-of-view"]);
  expect(await findingsOf(filled(() => -1000))).toEqual([]);
});

test("a volume beyond the limit is refused before any memory is taken", async () => {
  await expect(readScan(dicomSeries(2), { maxBytes: 79 })).rejects.toMatchObject({ code: "too-large" });
  await expect(readScan(dicomSeries(2), { maxBytes: 80 })).resolves.toBeDefined();
});
