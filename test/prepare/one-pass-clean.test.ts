import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { crop } from "../../src/prepare/crop.ts";
import { boxShape, type CropBox } from "../../src/prepare/crop-box.ts";
import { maskImage } from "../../src/prepare/mask-image.ts";
import { type OnePassOptions, onePassClean } from "../../src/prepare/one-pass-clean.ts";
import { resample } from "../../src/prepare/resample.ts";
import { resampledShape } from "../../src/prepare/resampled-grid.ts";
import { applyWindow } from "../../src/prepare/window.ts";
import { affineFromSpacing } from "../../src/volume/affine.ts";
import { BitVolume } from "../../src/volume/bit-volume.ts";
import { type Triple, type Volume, voxelCount } from "../../src/volume/volume.ts";
import { testBothWays } from "../helpers/ways.ts";

type Scene = { volume: Volume<Int16Array>; lungs: BitVolume; near: BitVolume };

/** The same, one plain stage after the other. */
function plain({ volume, lungs, near }: Scene, box: CropBox, options: OnePassOptions): Uint8Array {
  const masked = maskImage(applyWindow(volume.voxels, options), lungs, near, options);
  const image = { voxels: masked, shape: volume.shape };
  const { voxels, shape } = resample(image, volume.spacing, options.newSpacing, { order: 1 });
  return crop(voxels, shape as unknown as Triple, box);
}

/** Random voxels; of the masks' words some are full, some empty, some mixed. */
function scene(shape: Triple, spacing: Triple, seed: number): Scene {
  let state = seed >>> 0;
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 8) / 2 ** 24;
  };
  const voxels = Int16Array.from({ length: voxelCount(shape) }, () => Math.floor(random() * 2400) - 1500);
  const mask = (density: number) => {
    const out = new BitVolume(shape);
    for (let z = 0; z < shape[0]; z++) {
      for (let y = 0; y < shape[1]; y++) {
        for (let word = 0; word < out.wordsPerRow; word++) {
          const kind = random();
          for (let x = word * 32; x < Math.min(word * 32 + 32, shape[2]); x++) {
            if (kind < density || (kind < 0.7 && random() < density)) out.set(z, y, x);
          }
        }
      }
    }
    return out;
  };
  return { volume: { voxels, shape, spacing, affine: affineFromSpacing(spacing) }, lungs: mask(0.3), near: mask(0.5) };
}

function whole(shape: Triple, spacing: Triple, newSpacing: Triple = [1, 1, 1]): CropBox {
  const grid = resampledShape(shape, spacing, newSpacing);
  return [
    [0, grid[0]],
    [0, grid[1]],
    [0, grid[2]],
  ];
}

const SHAPES: readonly (readonly [Triple, Triple])[] = [
  [
    [5, 9, 70],
    [2.5, 0.703125, 0.66],
  ],
  [
    [7, 12, 31],
    [0.8, 1.7, 3.1],
  ],
  [
    [6, 33, 64],
    [1.25, 0.5, 0.5],
  ],
  [
    [1, 8, 40],
    [3, 1, 1],
  ],
  [
    [4, 1, 33],
    [1, 1, 0.7],
  ],
  [
    [4, 5, 1],
    [1, 1.4, 1],
  ],
  [
    [2, 2, 2],
    [5, 5, 5],
  ],
  [
    [3, 10, 96],
    [0.3, 0.3, 1],
  ],
];

describe("equals the plain stages", () => {
  describe.each(SHAPES)("%j voxels of %j mm", (shape, spacing) => {
    testBothWays("for some masks", () => {
      for (const seed of [1, 2, 3]) {
        const s = scene(shape, spacing, seed);
        const box = whole(shape, spacing);
        expect(onePassClean(s.volume, s.lungs, s.near, box)).toEqual(plain(s, box, {}));
      }
    });
  });

  testBothWays("where weights are halves and quarters and sums are exact ties", () => {
    for (const [shape, grid] of [
      [
        [5, 9, 33],
        [9, 17, 65],
      ],
      [
        [3, 5, 9],
        [9, 17, 17],
      ],
    ] as [Triple, Triple][]) {
      const spacing: Triple = [grid[0] / shape[0], grid[1] / shape[1], grid[2] / shape[2]];
      const s = scene(shape, spacing, 7);
      const box = whole(shape, spacing);
      expect(boxShape(box)).toEqual(grid);
      expect(onePassClean(s.volume, s.lungs, s.near, box)).toEqual(plain(s, box, {}));
    }
  });

  testBothWays("where ties are real but no double says so exactly", () => {
    // Steps of 0.2 and 0.3 voxels: thousandths, of which some sums are halves, in decimal.
    const shape: Triple = [3, 11, 31];
    const spacing: Triple = [11 / 3, 51 / 11, 101 / 31];
    const box = whole(shape, spacing);
    expect(boxShape(box)).toEqual([11, 51, 101]);
    for (const seed of [1, 2, 3]) {
      const s = scene(shape, spacing, seed);
      expect(onePassClean(s.volume, s.lungs, s.near, box)).toEqual(plain(s, box, {}));
    }
  });

  testBothWays("for empty and full masks", () => {
    const [shape, spacing]: [Triple, Triple] = [
      [4, 6, 45],
      [2, 0.7, 0.7],
    ];
    const { volume } = scene(shape, spacing, 3);
    const box = whole(shape, spacing);
    const none = new BitVolume(shape);
    const all = BitVolume.fromBytes(shape, new Uint8Array(voxelCount(shape)).fill(1));
    expect(onePassClean(volume, none, none, box).every((v) => v === 170)).toBe(true);
    for (const lungs of [none, all]) {
      expect(onePassClean(volume, lungs, all, box)).toEqual(plain({ volume, lungs, near: all }, box, {}));
    }
  });

  testBothWays("for random shapes, spacings, boxes and options", () => {
    const length = fc.integer({ min: 1, max: 9 });
    const spacing = fc.constantFrom(0.55, 0.703125, 1, 1.25, 2.5, 3.7);
    const part = fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }));
    fc.assert(
      fc.property(
        fc.tuple(length, length, fc.integer({ min: 1, max: 75 })),
        fc.tuple(spacing, spacing, spacing),
        fc.tuple(part, part, part),
        fc.record({
          padValue: fc.integer({ min: 0, max: 255 }),
          boneThreshold: fc.integer({ min: 0, max: 255 }),
          window: fc.constantFrom([-1200, 600] as const, [-100, 155] as const),
          newSpacing: fc.constantFrom<Triple>([1, 1, 1], [1.05, 0.5, 0.8]),
        }),
        fc.integer(),
        (shape, mm, parts, options, seed) => {
          const s = scene(shape, mm, seed);
          const box = whole(shape, mm, options.newSpacing).map(([, n], axis) => {
            const [low, high] = parts[axis]!.map((t) => Math.floor(t * n)).sort((a, b) => a - b) as [number, number];
            return [Math.min(low, n - 1), Math.max(Math.min(high, n), Math.min(low, n - 1) + 1)];
          }) as unknown as CropBox;
          const got = onePassClean(s.volume, s.lungs, s.near, box, options);
          expect(got.length).toBe(voxelCount(boxShape(box)));
          expect(got).toEqual(plain(s, box, options));
        },
      ),
      { numRuns: 300 },
    );
  });
});

test("refuses boxes and masks of other volumes", () => {
  const { volume, lungs, near } = scene([3, 4, 5], [1, 1, 1], 1);
  expect(() =>
    onePassClean(volume, lungs, near, [
      [0, 3],
      [0, 4],
      [0, 6],
    ]),
  ).toThrow(/for box/);
  expect(() =>
    onePassClean(volume, lungs, near, [
      [0, 3],
      [2, 2],
      [0, 5],
    ]),
  ).toThrow(/for box/);
  expect(() =>
    onePassClean(volume, new BitVolume([3, 4, 6]), near, [
      [0, 3],
      [0, 4],
      [0, 5],
    ]),
  ).toThrow(/for lungs/);
  expect(() =>
    onePassClean(volume, lungs, new BitVolume([3, 4, 6]), [
      [0, 3],
      [0, 4],
      [0, 5],
    ]),
  ).toThrow(/for near/);
});
