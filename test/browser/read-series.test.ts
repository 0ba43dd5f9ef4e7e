import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { inspectSeries, readSeries } from "../../src/browser/read-series.ts";
import { niftiFile, seriesFiles, uidsOf } from "../helpers/archive.ts";
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

describe("a folder that is opened in a page", () => {
  const files = (path: string, contents: ReadonlyMap<string, Uint8Array>) =>
    [...contents].map(([name, bytes]) => fileAt(`${path}${name}`, bytes));
  const fileAt = (path: string, bytes: Uint8Array | string) => {
    const file = new File([bytes as Uint8Array<ArrayBuffer>], path.split("/").at(-1) ?? "");
    return Object.defineProperty(file, "webkitRelativePath", { value: `folder/${path}` });
  };

  test("of several patients is refused, and lists its stacks by their folders", async () => {
    const both = [...files("a/", seriesFiles({ patient: "P1" })), ...files("b/", seriesFiles({ patient: "P2" }))];
    await expect(readSeries(both)).rejects.toMatchObject({ code: "several-patients", folders: ["a", "b"] });
    const { stacks } = await inspectSeries(both);
    expect(stacks.map(({ folders }) => folders)).toEqual([["a"], ["b"]]);
    const { series } = uidsOf({ patient: "P2" });
    expect((await readSeries(both, { series })).seriesUid).toBe(series);
  });

  test("takes voxels from a file beside the header only", async () => {
    const golden = (name: string) => readFileSync(join(import.meta.dirname, "../goldens/images", name));
    const header = fileAt("a/plain.mhd", golden("plain.mhd"));
    const raw = golden("plain.raw");
    await expect(readSeries([header, fileAt("b/plain.raw", raw)])).rejects.toMatchObject({
      code: "unsupported-pixels",
    });
    expect(
      (await readSeries([header, fileAt("b/plain.raw", raw.fill(0)), fileAt("a/plain.raw", golden("plain.raw"))]))
        .shape,
    ).toEqual([3, 4, 5]);
  });

  test("with DICOM and an image file is read as DICOM, with a finding; results of pleura are no input", async () => {
    const scan = files("", seriesFiles({ patient: "P1" }));
    const mask = fileAt("mask.nii", niftiFile());
    expect((await readSeries([...scan, mask])).findings).toMatchObject([{ code: "left-out", files: ["mask.nii"] }]);
    const results = ["P1_clean.npy", "P1_lungs.nii.gz", "P1.json", "P1_body.nii.gz"].map((name) => fileAt(name, ""));
    const { findings, source } = await readSeries([...scan, ...results]);
    expect([findings, source.files]).toEqual([[], scan.length]);
    expect((await readSeries([mask, fileAt("notes.txt", "text")])).shape).toEqual([24, 64, 64]);
    await expect(readSeries([mask, fileAt("other.nii", niftiFile())])).rejects.toMatchObject({ code: "no-dicom" });
  });
});

test("blobs without a name are called by their place", async () => {
  await expect(readSeries([new Blob(["text"])])).rejects.toMatchObject({ code: "no-dicom" });
});
