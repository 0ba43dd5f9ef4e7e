import { describe, expect, test } from "vitest";
import { memorySource } from "../../../src/byte-source.ts";
import { countPackets } from "../../../src/dicom/codecs/j2k-packets.ts";
import { readJ2kStream } from "../../../src/dicom/codecs/j2k-stream.ts";
import { readScan } from "../../../src/dicom/read-scan.ts";
import { dicomFile } from "../../helpers/dicom.ts";
import { readGolden } from "../../helpers/npz.ts";

const golden = readGolden("formats/jpeg-2000");
const image = golden("image");
const LAYOUTS = ["plain", "precincts", "tiles", "layers", "offset", "parts", "markers", "bypass", "every-style"];
const STREAMS = LAYOUTS.flatMap((layout) =>
  ["LRCP", "RLCP", "RPCL", "PCRL", "CPRL"].map((progression) => `${layout} ${progression}`),
);
const streamOf = (name: string) => (golden(name).data as Uint8Array).slice();

/** The stream with another length of its last tile-part than it has. */
function withLength(stream: Uint8Array, length: number): Uint8Array {
  const changed = stream.slice();
  new DataView(changed.buffer).setUint32(readJ2kStream(stream).tileParts.at(-1)!.at + 6, length);
  return changed;
}

/** Reads a stream as both slices of a series. */
async function read(stream: Uint8Array) {
  const [Rows, Columns] = image.shape as [number, number];
  const even = stream.length % 2 === 0 ? stream : Buffer.concat([stream, Buffer.alloc(1)]);
  const item = (length: number) => [0xfe, 0xff, 0, 0xe0, ...new Uint8Array(Uint32Array.of(length).buffer)];
  const PixelData = Uint8Array.from([...item(0), ...item(even.length), ...even, 0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0]);
  const slices = [0, 1].map((k) =>
    memorySource(
      `slice${k}.dcm`,
      dicomFile(
        {
          Rows,
          Columns,
          PixelRepresentation: 0,
          InstanceNumber: k + 1,
          ImagePositionPatient: [0, 0, 2 * k],
          PixelData,
        },
        "1.2.840.10008.1.2.4.90",
      ),
    ),
  );
  return readScan(slices);
}

const want = [...(image.data as Uint16Array), ...(image.data as Uint16Array)];

test.each(STREAMS)("all packets of %s are counted, and one fewer when a byte is missing", (name) => {
  const stream = streamOf(name);
  const { tileParts, ...rest } = readJ2kStream(stream);
  const count = countPackets(stream, { tileParts, ...rest })!;
  expect(count.there).toBe(count.needed);
  const last = tileParts.at(-1)!;
  const cut = { ...rest, tileParts: [...tileParts.slice(0, -1), { ...last, to: last.to - 1 }] };
  expect(countPackets(stream, cut)).toEqual({ there: count.needed - 1, needed: count.needed });
});

test.each<[what: string, image: readonly [number, number, number, number], tile: number]>([
  ["tiles", [0, 0, 2 ** 31, 2 ** 31], 1],
  ["code-blocks", [0, 0, 2 ** 31, 2 ** 31], 2 ** 31],
])("a header that states more %s than a slice has is not gone through", (_, image, tile) => {
  const stream = readJ2kStream(streamOf("plain LRCP"));
  expect(countPackets(streamOf("plain LRCP"), { ...stream, image, tileSize: [tile, tile] })).toBeUndefined();
});

test("nor is one with so many layers that its code-blocks would be looked at for ever", () => {
  const stream = readJ2kStream(streamOf("plain LRCP"));
  const tileParts = stream.tileParts.map((part) => ({ ...part, coding: { ...part.coding!, layers: 65_535 } }));
  const image = [0, 0, 4096, 4096] as const;
  expect(countPackets(streamOf("plain LRCP"), { ...stream, tileParts, image, tileSize: [4096, 4096] })).toBeUndefined();
});

describe("a tile-part that states to be longer than the stream", () => {
  test.each(STREAMS)("is read with a finding when its packets are there: %s", async (name) => {
    expect(Array.from((await read(streamOf(name))).voxels)).toEqual(want);
    const scan = await read(withLength(streamOf(name), 0x00ffffff));
    expect(Array.from(scan.voxels)).toEqual(want);
    expect(scan.findings).toMatchObject([
      {
        code: "repaired-stream",
        severity: "corrected",
        measured: "2 of 2 slices",
        files: ["slice0.dcm", "slice1.dcm"],
      },
    ]);
  });

  test("is read without the marker at the stream's end, whatever it states", async () => {
    const stream = streamOf("plain LRCP");
    const bare = stream.subarray(0, -2);
    for (const length of [stream.length, 1_000_000, 0xffffffff]) {
      const scan = await read(withLength(bare, length));
      expect(Array.from(scan.voxels)).toEqual(want);
      expect(scan.findings).toHaveLength(1);
    }
  });

  test.each(["plain LRCP", "layers LRCP", "tiles PCRL", "parts CPRL"])(
    "is refused when packets are missing, and says how many: %s",
    async (name) => {
      const stream = streamOf(name);
      const { needed } = countPackets(stream, readJ2kStream(stream))!;
      const last = readJ2kStream(stream).tileParts.at(-1)!;
      for (const left of [0, 0.3, 0.8, 0.97]) {
        const cut = withLength(stream.subarray(0, last.from + Math.floor(left * (last.to - last.from))), stream.length);
        await expect(read(cut)).rejects.toMatchObject({
          code: "truncated",
          file: "slice0.dcm",
          message: expect.stringMatching(
            new RegExp(`states ${stream.length} bytes where \\d+ are left: \\d+ of ${needed} packets are there`),
          ),
        });
      }
    },
  );
});

test("a damaged stream says what the decoder found", async () => {
  const stream = streamOf("plain LRCP");
  // In the marker that says how coefficients were quantized.
  const at = stream.findIndex((byte, i) => byte === 0xff && stream[i + 1] === 0x5c);
  stream[at + 3] = 200;
  const error = await read(stream).catch((thrown: Error) => thrown);
  expect(error).toMatchObject({ code: "truncated", file: "slice0.dcm" });
  expect((error as Error).message).not.toContain("0 decoded bytes");
});
