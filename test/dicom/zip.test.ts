import { zipSync } from "fflate";
import { expect, test, vi } from "vitest";
import { inflateNatively } from "../../src/browser/inflate-natively.ts";
import { memorySource } from "../../src/dicom/byte-source.ts";
import { readScan } from "../../src/dicom/read-scan.ts";
import { type Inflate, inflateHere } from "../../src/inflate.ts";
import { inflateAside } from "../../src/node/inflate-aside.ts";
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

const ways: readonly (readonly [name: string, inflate: Inflate])[] = [
  ["in this thread", inflateHere],
  ["in a thread of Node's", inflateAside],
  ["with what a browser brings along", inflateNatively],
];

test.each(ways)("files inflated %s are the same", async (_, inflate) => {
  const { zipped, hu } = archive();
  const inflated = vi.fn(inflate);
  expect((await readScan([memorySource("scan.zip", zipped)], { inflate: inflated })).voxels).toEqual(hu);
  for (const [i, { value }] of inflated.mock.settledResults.entries()) {
    expect(value).toHaveLength(inflated.mock.calls[i]![1]);
  }
});

test.each(ways)("an entry that holds more than it promises is read as far as that, %s", async (_, inflate) => {
  const { zipped, hu } = archive();
  const archiveBytes = memorySource("scan.zip", zipped);
  const oneLess: Inflate = (compressed, bytes) => inflate(compressed, bytes - 1);
  expect((await readScan([archiveBytes], { inflate: oneLess })).voxels).toEqual(hu);
});

test.each(ways)("a damaged stream is refused %s", async (_, inflate) => {
  const { zipped } = archive();
  const damaged = zipped.slice();
  // Deep in the pixels of the first file.
  damaged.fill(0xff, 3000, 3200);
  await expect(readScan([memorySource("scan.zip", damaged)], { inflate })).rejects.toMatchObject({ code: "truncated" });
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
