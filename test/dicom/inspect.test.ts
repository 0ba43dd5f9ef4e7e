import { expect, test } from "vitest";
import type { ByteSource } from "../../src/byte-source.ts";
import { memorySource } from "../../src/byte-source.ts";
import { inspectScan } from "../../src/dicom/inspect.ts";
import { dicomFile, dicomSeries } from "../helpers/dicom.ts";

test("every stack is told with its geometry, its findings or the reason why it is no volume", async () => {
  const scout = memorySource("scout", dicomFile({ ImageType: "ORIGINAL\\PRIMARY\\LOCALIZER", SeriesNumber: 1 }));
  const gap = dicomSeries(5, (k) => ({ SeriesNumber: 2, ImagePositionPatient: [0, 0, k < 3 ? k : k + 4] }));
  const text = memorySource("a.txt", new Uint8Array(9));
  const { stacks, skipped } = await inspectScan([scout, ...gap, text]);
  expect(skipped).toEqual([{ file: "a.txt", reason: "not DICOM" }]);
  expect(stacks).toMatchObject([
    { seriesNumber: 1, localizer: true, images: 1, shape: undefined, chosen: false, error: { code: "single-slice" } },
    { seriesNumber: 2, plane: "axial", shape: [5, 4, 5], spacing: [1, 1, 1], chosen: true, error: undefined },
  ]);
  expect(stacks[1]?.findings).toMatchObject([{ code: "missing-slices", severity: "fatal" }]);
});

test("no more is read than the headers", async () => {
  let read = 0;
  const sources = dicomSeries(3, () => ({ Rows: 256, Columns: 256 })).map(
    (source): ByteSource => ({
      ...source,
      read(offset, target) {
        read += target.length;
        return source.read(offset, target);
      },
    }),
  );
  await inspectScan(sources);
  expect(read).toBeLessThan(3 * 10_000);
});
