import { expect, test } from "vitest";
import { readSeries } from "../../src/browser/read-series.ts";
import { goldenSeries } from "../helpers/dicom.ts";

test("a list of files reads to the same volume as the same bytes in memory", async () => {
  const { sources, array } = goldenSeries("slopes");
  const files = sources.map((source) => {
    const bytes = new Uint8Array(source.size);
    source.read(0, bytes);
    return new File([bytes], source.name);
  });
  const scan = await readSeries(files.reverse());
  expect(scan.voxels).toEqual(array("hu").data);
  expect(scan.source.files).toBe(5);
});

test("blobs without a name are called by their place", async () => {
  await expect(readSeries([new Blob(["text"])])).rejects.toMatchObject({ code: "no-dicom" });
});
