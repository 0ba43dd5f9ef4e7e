import { zipSync } from "fflate";
import { expect, test } from "vitest";
import { memorySource } from "../../src/dicom/byte-source.ts";
import { readScan } from "../../src/dicom/read-scan.ts";
import { goldenSeries } from "../helpers/dicom.ts";

/** A golden series as one archive, with a text and a folder beside it. */
function archive(): { zipped: Uint8Array; hu: unknown } {
  const { sources, array } = goldenSeries("explicit");
  const files: Record<string, Uint8Array> = { "case/": new Uint8Array(), "../notes.txt": new Uint8Array(9) };
  for (const source of sources) {
    const bytes = new Uint8Array(source.size);
    source.read(0, bytes);
    files[`case/${source.name}`] = bytes;
  }
  return { zipped: zipSync(files), hu: array("hu").data };
}

test("a series in an archive reads as it does in a folder", async () => {
  const { zipped, hu } = archive();
  const scan = await readScan([memorySource("scan.zip", zipped)]);
  expect(scan.voxels).toEqual(hu);
  expect(scan.source.skipped).toEqual([{ file: "scan.zip/../notes.txt", reason: "not DICOM" }]);
});

test("a damaged archive, and one that promises more than it can hold, are refused", async () => {
  const { zipped } = archive();
  const cut = memorySource("cut.zip", zipped.subarray(0, -30));
  await expect(readScan([cut])).rejects.toMatchObject({ code: "truncated", file: "cut.zip" });
  const bomb = zipSync({ "a.dcm": new Uint8Array(50) }, { level: 0 });
  // The size of the only entry once unpacked, in the central directory at the archive's end.
  const directory = bomb.length - 22 - 46 - 5;
  new DataView(bomb.buffer).setUint32(directory + 24, 0x7fffffff, true);
  await expect(readScan([memorySource("bomb.zip", bomb)])).rejects.toMatchObject({ code: "truncated" });
});
