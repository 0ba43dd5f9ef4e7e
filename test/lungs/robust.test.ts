import { describe, expect, test } from "vitest";
import { PleuraError } from "../../src/errors.ts";
import { type LungSides, lungSides } from "../../src/lungs/sides.ts";
import { dilateBall } from "../../src/ops/ball.ts";
import { complement, intersect, subtract } from "../../src/ops/logic.ts";
import { makePhantom } from "../../src/phantom/phantom.ts";
import { runStages } from "../../src/pipeline/run-stages.ts";
import { segmentLungs } from "../../src/pipeline/segment-lungs.ts";
import { stagesOf } from "../../src/pipeline/stages.ts";
import { BitVolume } from "../../src/volume/bit-volume.ts";
import type { Triple, Volume } from "../../src/volume/volume.ts";
import { seeded } from "../helpers/random.ts";

const phantom = makePhantom({ size: 192, slices: 48, nodules: 0 });
const sound: Volume<Int16Array> = phantom;
const truth = lungSides(sound, segmentLungs(sound));

function robust(volume: Volume<Int16Array>) {
  const { lungs } = runStages(stagesOf("robust", "lungs"), { volume }, {});
  return { ...lungs!.sides!, airways: lungs!.airways! };
}

/** Dice's overlap, where airways and the pixel outside the truth's border count for neither side. */
function dice(found: BitVolume, wanted: BitVolume, airways: BitVolume): number {
  const rim = subtract(dilateBall(wanted, [1e9, 1, 1], 1), wanted);
  const [a, b] = [found, wanted].map((mask) => subtract(subtract(mask, airways), rim)) as [BitVolume, BitVolume];
  return (2 * intersect(a, b).count()) / (a.count() + b.count());
}

function expectSides(found: ReturnType<typeof robust>, wanted: LungSides, least: number): void {
  expect(dice(found.right, wanted.right, found.airways)).toBeGreaterThan(least);
  expect(dice(found.left, wanted.left, found.airways)).toBeGreaterThan(least);
}

/** A copy of the phantom in which the voxels of a mask have other values. */
function changed(where: BitVolume, value: (hu: number, i: number) => number): Volume<Int16Array> {
  const bytes = where.toBytes();
  return { ...sound, voxels: sound.voxels.map((hu, i) => (bytes[i] ? value(hu, i) : hu)) };
}

describe("the profile robust finds in a phantom", () => {
  test("both lungs, and airways that are no part of them", () => {
    const found = robust(sound);
    expectSides(found, truth, 0.97);
    expect(found.airways.count()).toBeGreaterThan(100);
    expect(intersect(found.airways, found.right.union(found.left)).count()).toBe(0);
    expect(intersect(found.right, found.left).count()).toBe(0);
  });

  test("the lungs of a child of half the size, which grt123 does not find", () => {
    const spacing = sound.spacing.map((s) => s / 2) as unknown as Triple;
    const affine = sound.affine.map((v, i) => (i < 12 && i % 4 < 3 ? v / 2 : v)) as unknown as Volume["affine"];
    const child = { ...sound, spacing, affine };
    expect(() => segmentLungs(child)).toThrow(PleuraError);
    expectSides(robust(child), truth, 0.97);
  });

  test("a single lung as one lung", () => {
    const gone = dilateBall(truth.left, sound.spacing, 6);
    const found = robust(changed(gone, (hu) => (hu < -200 ? 40 : hu)));
    expect(found.left.count()).toBe(0);
    expect(dice(found.right, subtract(truth.right, gone), found.airways)).toBeGreaterThan(0.97);
  });

  test("lungs with ground glass", () => {
    const sick = intersect(truth.right, lower(sound.shape, 0.6));
    expectSides(robust(changed(sick, () => -520)), truth, 0.97);
  });

  test("lungs of a scan whose values are stretched and shifted", () => {
    const off = { ...sound, voxels: sound.voxels.map((hu) => Math.max(-1024, 0.9 * hu + 90)) };
    expectSides(robust(off), truth, 0.97);
  });

  test("lungs that the field of view cuts off at the sides", () => {
    const [nz, ny, nx] = sound.shape;
    const cut = 2 + Math.min(...columnsOf(truth.right));
    const width = nx - 2 * cut;
    const crop = <T extends Int16Array | Uint8Array>(from: T, to: T): T => {
      for (let row = 0; row < nz * ny; row++)
        to.set(from.subarray(row * nx + cut, row * nx + cut + width), row * width);
      return to;
    };
    const shape: Triple = [nz, ny, width];
    const part = (mask: BitVolume) => BitVolume.fromBytes(shape, crop(mask.toBytes(), new Uint8Array(nz * ny * width)));
    const voxels = crop(sound.voxels, new Int16Array(nz * ny * width));
    expectSides(robust({ ...sound, shape, voxels }), { right: part(truth.right), left: part(truth.left) }, 0.97);
  });

  test("no lungs where there are none", () => {
    expect(() => robust(makePhantom({ size: 96, slices: 24, lungs: false }))).toThrow("can be lungs");
  });
});

test("a ball's dilation reaches what lies within its radius", () => {
  const shape: Triple = [7, 9, 70];
  const spacing: Triple = [3, 2, 1.5];
  const random = seeded(5);
  const mask = new BitVolume(shape);
  each(shape, (z, y, x) => random() < 0.01 && mask.set(z, y, x));
  const grown = dilateBall(mask, spacing, 5);
  const seeds: Triple[] = [];
  each(shape, (z, y, x) => mask.get(z, y, x) && seeds.push([z, y, x]));
  each(shape, (z, y, x) => {
    const near = seeds.some(([a, b, c]) => Math.hypot(3 * (z - a), 2 * (y - b), 1.5 * (x - c)) <= 5);
    expect(grown.get(z, y, x), `${z} ${y} ${x}`).toBe(near);
  });
  expect(complement(complement(grown)).equals(grown)).toBe(true);
});

function each([nz, ny, nx]: Triple, look: (z: number, y: number, x: number) => unknown): void {
  for (let z = 0; z < nz; z++) for (let y = 0; y < ny; y++) for (let x = 0; x < nx; x++) look(z, y, x);
}

function lower(shape: Triple, share: number): BitVolume {
  const out = new BitVolume(shape);
  each(shape, (z, y, x) => z < share * shape[0] && out.set(z, y, x));
  return out;
}

function columnsOf(mask: BitVolume): number[] {
  const found = new Set<number>();
  each(mask.shape, (z, y, x) => mask.get(z, y, x) && found.add(x));
  return [...found];
}

describe("tissue in the lower half of the left lung", () => {
  const half = intersect(truth.left, lower(sound.shape, 0.55));
  const run = (hu: number) => {
    const dense: BitVolume[] = [];
    const onMask = (name: string, mask: BitVolume) => name === "dense" && dense.push(mask);
    const { lungs } = runStages(stagesOf("robust", "lungs"), { volume: changed(half, () => hu) }, {}, { onMask });
    return { left: lungs!.sides!.left, dense: dense[0]! };
  };

  test("is lung when it is solid, and a mask of its own", () => {
    const { left, dense } = run(40);
    expect(intersect(dense, half).count()).toBeGreaterThan(0.7 * half.count());
    expect(intersect(left, half).count()).toBeGreaterThan(0.7 * half.count());
  });

  test("is no lung when it is fluid", () => {
    const { left, dense } = run(5);
    expect(dense.count()).toBe(0);
    expect(intersect(left, half).count()).toBeLessThan(0.2 * half.count());
  });
});
