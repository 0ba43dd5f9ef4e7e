import { readFileSync } from "node:fs";
import { readHeader, readImage } from "nifti-reader-js";
import { describe, expect, test } from "vitest";
import { encodeNifti, type NiftiType, niftiHeader } from "../../src/formats/nifti.ts";
import { type Affine, affineFromSpacing, indexToPatient } from "../../src/volume/affine.ts";
import type { Triple, Volume } from "../../src/volume/volume.ts";

interface Case {
  name: string;
  dtype: NiftiType;
  shape: Triple;
  spacing: Triple;
  affine: Affine;
  orthogonal: boolean;
}

const folder = new URL("../goldens/formats/", import.meta.url);
const cases: Case[] = JSON.parse(readFileSync(new URL("nifti.json", folder), "utf8"));
const arrays = { uint8: Uint8Array, int16: Int16Array, float32: Float32Array };

function makeVolume({ dtype, shape, spacing, affine }: Case): Volume<Int16Array> {
  const voxels = arrays[dtype].from(Array.from({ length: 60 }, (_, i) => (i * 3) % 251)) as Int16Array;
  return { voxels, shape, spacing, affine };
}

describe.each(cases)("encodeNifti, $name", (one) => {
  const ours = encodeNifti(makeVolume(one));
  const theirs = new Uint8Array(readFileSync(new URL(`nifti-${one.name}.nii`, folder)));
  const view = new DataView(ours.buffer);
  const expected = new DataView(theirs.buffer, theirs.byteOffset);

  test("has nibabel's dimensions, types, units, codes and voxels", () => {
    for (const [from, to] of [
      [40, 76],
      [108, 124],
      [252, 256],
      [344, 348],
      [352, theirs.length],
    ] as const) {
      expect(ours.subarray(from, to)).toEqual(theirs.subarray(from, to));
    }
  });

  test("has nibabel's sform", () => {
    for (let at = 280; at < 328; at += 4) expect(view.getFloat32(at, true)).toBe(expected.getFloat32(at, true));
  });

  test("has nibabel's steps", () => {
    for (let at = 80; at < 92; at += 4) expect(view.getFloat32(at, true)).toBeCloseTo(expected.getFloat32(at, true), 6);
  });

  test("has nibabel's qform, or none where the axes are not at right angles", () => {
    expect(view.getInt16(252, true)).toBe(one.orthogonal ? 1 : 0);
    if (!one.orthogonal) return;
    expect(view.getFloat32(76, true)).toBe(expected.getFloat32(76, true));
    const signs = [1, -1].map((sign) => {
      let worst = 0;
      for (let at = 256; at < 280; at += 4) {
        const factor = at < 268 ? sign : 1;
        worst = Math.max(worst, Math.abs(view.getFloat32(at, true) - factor * expected.getFloat32(at, true)));
      }
      return worst;
    });
    // A half turn has two quaternions, of opposite signs.
    expect(Math.min(signs[0]!, one.name === "half-turn" ? signs[1]! : Infinity)).toBeLessThan(1e-6);
  });

  test("opens in another reader with the voxels where they belong", () => {
    const header = readHeader(ours.buffer as ArrayBuffer)!;
    const voxels = new arrays[one.dtype](readImage(header, ours.buffer as ArrayBuffer));
    expect(voxels).toEqual(makeVolume(one).voxels);
    const [z, y, x] = [2, 1, 4];
    const ras = header.affine.slice(0, 3).map((row) => row[0]! * x + row[1]! * y + row[2]! * z + row[3]!);
    const [left, posterior, superior] = indexToPatient(one.affine, [z, y, x]);
    expect(ras[0]).toBeCloseTo(-left, 3);
    expect(ras[1]).toBeCloseTo(-posterior, 3);
    expect(ras[2]).toBeCloseTo(superior, 3);
  });
});

describe("niftiHeader", () => {
  const grid = (shape: Triple) => ({ shape, spacing: [1, 1, 1] as const, affine: affineFromSpacing([1, 1, 1]) });

  test("refuses an axis that does not fit 16 bits", () => {
    expect(niftiHeader("uint8", grid([1, 1, 32767]))).toHaveLength(352);
    expect(() => niftiHeader("uint8", grid([32768, 1, 1]))).toThrow("32768 voxels; limit: 32767 voxels");
  });

  test("refuses an impossible shape and voxels of another number", () => {
    expect(() => niftiHeader("uint8", grid([0, 1, 1]))).toThrow("three positive integers");
    expect(() => encodeNifti({ ...grid([2, 2, 2]), voxels: new Uint8Array(7) })).toThrow("8 values");
  });
});
