import fc from "fast-check";
import { expect, test } from "vitest";
import { load } from "../../../src/dicom/codecs/rle.ts";

const decode = await load();

/** Packs bytes in runs of the given lengths: repeats where it can be, else as they are. */
function pack(bytes: readonly number[], lengths: readonly number[]): number[] {
  const packed: number[] = [];
  for (let from = 0, k = 0; from < bytes.length; k++) {
    const run = bytes.slice(from, from + lengths[k % lengths.length]!);
    const isRepeat = run.length > 1 && run.every((byte) => byte === run[0]);
    packed.push(...(isRepeat ? [257 - run.length, run[0]!] : [run.length - 1, ...run]));
    from += run.length;
  }
  return packed;
}

test("runs of every length, in images of every size, frame after frame", () => {
  const runs = fc.array(fc.tuple(fc.nat(0xffff), fc.integer({ min: 1, max: 200 })), { minLength: 1, maxLength: 20 });
  const lengths = fc.array(fc.integer({ min: 1, max: 128 }), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(runs, lengths, fc.boolean(), (values, cuts, wide) => {
      const image = values.flatMap(([value, count]) => Array<number>(count).fill(wide ? value : value & 0xff));
      const low = pack(
        image.map((value) => value & 0xff),
        cuts,
      );
      const high = pack(
        image.map((value) => value >> 8),
        cuts,
      );
      const header = new Uint32Array(16);
      header.set(wide ? [2, 64, 64 + high.length] : [1, 64]);
      const encoded = Uint8Array.from([...new Uint8Array(header.buffer), ...(wide ? high : []), ...low]);
      const { bytes } = decode(encoded, { rows: 1, columns: image.length, bitsAllocated: wide ? 16 : 8 });
      expect(Array.from(wide ? new Uint16Array(bytes.buffer, 0, image.length) : bytes)).toEqual(image);
    }),
    { numRuns: 300 },
  );
});
