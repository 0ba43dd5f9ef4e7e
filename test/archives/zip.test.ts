import { zipSync } from "fflate";
import { describe, expect, test, vi } from "vitest";
import { inflateNatively } from "../../src/browser/inflate-natively.ts";
import { type ByteSource, memorySource } from "../../src/byte-source.ts";
import { readScan } from "../../src/dicom/read-scan.ts";
import { type Inflate, inflateHere } from "../../src/inflate.ts";
import { inflateAside } from "../../src/node/inflate-aside.ts";
import { dicomFile, dicomSeries, goldenSeries, words } from "../helpers/dicom.ts";
import { seeded } from "../helpers/random.ts";

/**
 * A series as one archive, with a text and a folder beside it: a golden one, or one of noise with slices
 * of some size.
 */
function archive(size?: number, level: 0 | 6 = 6): { zipped: Uint8Array; hu: unknown } {
  const golden = goldenSeries("explicit");
  const sources = size === undefined ? golden.sources : noise(size);
  const files: Record<string, Uint8Array> = { "case/": new Uint8Array(), "../notes.txt": new Uint8Array(9) };
  for (const source of sources) {
    const bytes = new Uint8Array(source.size);
    source.read(0, bytes);
    files[`case/${source.name}`] = bytes;
  }
  return { zipped: zipSync(files, { level }), hu: golden.array("hu").data };
}

function noise(size: number): ByteSource[] {
  const random = seeded(3);
  const pixels = () => words(Array.from({ length: size * size }, () => random() * 2000 - 1000));
  return dicomSeries(4, () => ({ Rows: size, Columns: size, PixelData: pixels() }));
}

test("a series in an archive reads as it does in a folder", async () => {
  const { zipped, hu } = archive();
  const scan = await readScan([memorySource("scan.zip", zipped)]);
  expect(scan.voxels).toEqual(hu);
  expect(scan.source.skipped).toEqual([{ file: "scan.zip/../notes.txt", reason: "not DICOM" }]);
});

test.each([
  [
    "a comment's length that passes over the entries behind it",
    (zipped: Uint8Array) => directoryEntries(zipped)[2]! + 33,
    0x40,
  ],
  ["another number of entries", (zipped: Uint8Array) => zipped.length - 12, 1],
])("a directory with %s is refused", async (_, at, bit) => {
  const { zipped } = archive();
  zipped[at(zipped)]! ^= bit;
  await expect(readScan([memorySource("scan.zip", zipped)])).rejects.toMatchObject({ code: "truncated" });
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

/** Offsets in an archive of its directory's entries, which have no comments and no extra fields. */
function directoryEntries(zipped: Uint8Array): number[] {
  const view = new DataView(zipped.buffer, zipped.byteOffset, zipped.byteLength);
  const entries = [view.getUint32(zipped.length - 6, true)];
  while (entries.length < view.getUint16(zipped.length - 12, true)) {
    entries.push(entries.at(-1)! + 46 + view.getUint16(entries.at(-1)! + 28, true));
  }
  return entries;
}

test.each(ways)("a file that holds more or less than the archive states is refused, %s", async (_, inflate) => {
  for (const more of [-1, 1]) {
    const { zipped } = archive();
    const view = new DataView(zipped.buffer, zipped.byteOffset);
    const size = directoryEntries(zipped)[2]! + 24;
    view.setUint32(size, view.getUint32(size, true) + more, true);
    await expect(readScan([memorySource("scan.zip", zipped)], { inflate })).rejects.toMatchObject({
      name: "PleuraError",
    });
  }
});

test.each(ways)("a damaged stream is refused %s", async (_, inflate) => {
  const { zipped } = archive(128);
  const damaged = zipped.slice();
  // Deep in the pixels of the first file.
  damaged.fill(0xff, 13_000, 13_200);
  const reading = readScan([memorySource("scan.zip", damaged)], { inflate });
  await expect(reading).rejects.toMatchObject({ name: "PleuraError", stage: "read", file: /slice0/ });
});

describe.each([
  ["stored", 0],
  ["deflated", 6],
] as const)("a flipped bit of a %s file", (_, level) => {
  test.each(ways)("in its pixels is refused %s", async (_, inflate) => {
    const { zipped } = archive(128, level);
    const at = directoryEntries(zipped)[0]! - (level === 0 ? 5000 : 2000);
    const damaged = zipped.slice();
    damaged[at]! ^= 4;
    const reading = readScan([memorySource("scan.zip", damaged)], { inflate });
    await expect(reading).rejects.toMatchObject({ name: "PleuraError", stage: "read", file: /^scan.zip.case.slice3/ });
    if (level > 0) return;
    await expect(reading).rejects.toMatchObject({
      code: "checksum-mismatch",
      measured: /^CRC-32 [0-9a-f]{8}$/,
      limit: /^CRC-32 [0-9a-f]{8}, which the file states$/,
    });
  });

  test("in the checksum that the archive states is refused", async () => {
    const { zipped } = archive(128, level);
    zipped[directoryEntries(zipped)[3]! + 18]! ^= 1;
    const reading = readScan([memorySource("scan.zip", zipped)]);
    await expect(reading).rejects.toMatchObject({ code: "checksum-mismatch", file: "scan.zip/case/slice1.dcm" });
  });
});

test("a stored file that is too long to be kept is checked all the same", async () => {
  const padding = trailingPadding(new Uint8Array(33 * 1024 * 1024));
  const long = [0, 1].map((k) => Buffer.concat([dicomFile({ ImagePositionPatient: [0, 0, 2 * k] }), padding]));
  const zipped = zipSync({ "0.dcm": long[0]!, "1.dcm": long[1]! }, { level: 0 });
  expect((await readScan([memorySource("scan.zip", zipped)])).shape).toEqual([2, 4, 5]);
  zipped[zipped.length - 1000]! ^= 1;
  const reading = readScan([memorySource("scan.zip", zipped)]);
  await expect(reading).rejects.toMatchObject({ code: "checksum-mismatch", file: "scan.zip/1.dcm" });
});

/** Data Set Trailing Padding (FFFC,FFFC), which may follow the pixels. */
function trailingPadding(bytes: Uint8Array): Uint8Array {
  const head = new DataView(new ArrayBuffer(12));
  head.setUint32(0, 0xfffcfffc);
  head.setUint16(4, 0x4f42);
  head.setUint32(8, bytes.length, true);
  return Buffer.concat([new Uint8Array(head.buffer), bytes]);
}

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
