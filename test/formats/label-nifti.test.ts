import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { encodeLabelNifti } from "../../src/formats/label-nifti.ts";
import { niftiHeader } from "../../src/formats/nifti.ts";
import { withoutKernels } from "../../src/simd/kernels.ts";
import { affineFromSpacing } from "../../src/volume/affine.ts";
import { BitVolume } from "../../src/volume/bit-volume.ts";
import { type Triple, voxelCount } from "../../src/volume/volume.ts";
import { testBothWays } from "../helpers/ways.ts";

const geometry = (shape: Triple) => {
  const spacing = [2.5, 0.7, 0.7] as const;
  return { shape, spacing, affine: affineFromSpacing(spacing) };
};

/** One byte a voxel, later masks over earlier ones. */
function plain(shape: Triple, labels: readonly { bytes: Uint8Array; value: number }[]): Uint8Array {
  const header = niftiHeader("uint8", geometry(shape), "label");
  const out = new Uint8Array(header.length + voxelCount(shape));
  out.set(header);
  for (const { bytes, value } of labels) {
    for (let i = 0; i < bytes.length; i++) if (bytes[i]) out[header.length + i] = value;
  }
  return out;
}

function check(shape: Triple, labels: readonly { bytes: Uint8Array; value: number }[]): void {
  const masks = labels.map(({ bytes, value }) => ({ mask: BitVolume.fromBytes(shape, bytes), value }));
  const packed = encodeLabelNifti({ ...geometry(shape), labels: masks });
  const expected = plain(shape, labels);
  expect(Buffer.compare(gunzipSync(packed), expected)).toBe(0);
}

const random = (shape: Triple, share: number, seed = 1) => {
  let state = seed;
  return Uint8Array.from({ length: voxelCount(shape) }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Number(state / 2 ** 32 < share);
  });
};

describe("encodeLabelNifti", () => {
  for (const nx of [1, 31, 32, 33, 64, 77, 300]) {
    const shape: Triple = [3, 5, nx];
    const size = voxelCount(shape);
    const one = new Uint8Array(size);
    one[size - 1] = 1;
    test.each([
      ["empty", new Uint8Array(size)],
      ["full", new Uint8Array(size).fill(1)],
      ["one voxel", one],
      ["checkerboard", Uint8Array.from({ length: size }, (_, i) => (Math.floor(i / nx) + (i % nx)) & 1)],
      ["sparse", random(shape, 0.03)],
      ["dense", random(shape, 0.9)],
    ])(`unpacks to the plain file: width ${nx}, %s`, (_, bytes) => {
      for (const way of [(run: () => void) => run(), withoutKernels]) {
        way(() => check(shape, [{ bytes, value: 1 }]));
        way(() =>
          check(shape, [
            { bytes, value: 200 },
            { bytes: random(shape, 0.4, 7), value: 2 },
          ]),
        );
      }
    });
  }

  testBothWays("no mask at all gives zeros", () => check([2, 3, 40], []));

  testBothWays("the later mask counts where masks overlap", () => {
    const shape: Triple = [1, 1, 40];
    const bytes = new Uint8Array(40).fill(1);
    check(shape, [
      { bytes, value: 2 },
      { bytes, value: 1 },
    ]);
    check(shape, [
      { bytes, value: 1 },
      { bytes, value: 2 },
    ]);
  });

  testBothWays("unpacks to the plain file for random regions", () => {
    const dims = fc.tuple(
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 1, max: 6 }),
      fc.integer({ min: 1, max: 100 }),
    );
    fc.assert(
      fc.property(dims, fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(), (shape, share, seed) => {
        check(shape, [
          { bytes: random(shape, share, seed), value: 1 },
          { bytes: random(shape, share / 3, seed + 1), value: 2 },
        ]);
      }),
    );
  });

  test("is the same for the same masks", () => {
    const shape: Triple = [3, 4, 50];
    const labels = [{ mask: BitVolume.fromBytes(shape, random(shape, 0.5)), value: 1 }];
    expect(encodeLabelNifti({ ...geometry(shape), labels })).toEqual(encodeLabelNifti({ ...geometry(shape), labels }));
  });

  test("refuses masks of another shape and values that are no label", () => {
    const mask = new BitVolume([1, 2, 3]);
    expect(() => encodeLabelNifti({ ...geometry([1, 2, 4]), labels: [{ mask, value: 1 }] })).toThrow("shape 1,2,4");
    expect(() => encodeLabelNifti({ ...geometry([1, 2, 3]), labels: [{ mask, value: 256 }] })).toThrow("1 to 255");
  });
});
