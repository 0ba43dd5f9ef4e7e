import { expect, test } from "vitest";
import { clearOutside, clearRun, complementRuns, extractRuns, type Runs, setRun } from "../../src/ops/runs.ts";
import { BitVolume } from "../../src/volume/bit-volume.ts";
import { expectMask } from "../helpers/expect-mask.ts";
import { MASKS, randomMask } from "../helpers/masks.ts";
import { complement, derive, type Plain } from "../helpers/plain.ts";
import { testBothWays } from "../helpers/ways.ts";

/** The runs of each row as `[start, end]`. */
function listed(runs: Runs): number[][][] {
  return Array.from({ length: runs.planes * runs.rowsPerPlane }, (_, row) => {
    const [from, to] = [runs.rowStart[row]!, runs.rowStart[row + 1]!];
    return Array.from({ length: to - from }, (_, k) => [runs.start[from + k]!, runs.end[from + k]!]);
  });
}

function expected({ shape: [nz, ny, nx], bytes }: Plain): number[][][] {
  return Array.from({ length: nz * ny }, (_, row) => {
    const found: number[][] = [];
    for (let x = 0; x < nx; x++) {
      if (bytes[row * nx + x] === 0) continue;
      const start = x;
      while (x < nx && bytes[row * nx + x] === 1) x++;
      found.push([start, x]);
    }
    return found;
  });
}

testBothWays("finds the runs of every kind of mask", () => {
  for (const { name, plain, mask } of MASKS) {
    const runs = extractRuns(mask);
    expect([runs.planes, runs.rowsPerPlane], name).toEqual(plain.shape.slice(0, 2));
    expect(runs.rowStart.length, name).toBe(plain.shape[0] * plain.shape[1] + 1);
    expect(runs.count, name).toBe(runs.rowStart.at(-1));
    expect(listed(runs), name).toEqual(expected(plain));
  }
});

testBothWays("has room for more runs than rows, and for rows of nothing but runs", () => {
  const { plain, mask } = randomMask([3, 40, 400], 0.5, 1);
  expect(listed(extractRuns(mask))).toEqual(expected(plain));
  const stripes = derive(plain, (_z, _y, x) => x % 2 === 0);
  expect(listed(extractRuns(BitVolume.fromBytes(stripes.shape, stripes.bytes)))).toEqual(expected(stripes));
});

testBothWays("the complement's runs are the runs of the complement", () => {
  for (const { name, plain, mask } of MASKS) {
    const runs = complementRuns(extractRuns(mask), plain.shape[2]);
    expect(runs.count, name).toBe(runs.rowStart.at(-1));
    expect(listed(runs), name).toEqual(expected(complement(plain)));
  }
});

test("sets and clears every run of a row, and nothing beside it", () => {
  for (const nx of [1, 31, 32, 33, 70]) {
    const shape = [1, 3, nx] as const;
    const empty: Plain = { shape, bytes: new Uint8Array(3 * nx) };
    for (let start = 0; start < nx; start++) {
      for (let end = start + 1; end <= nx; end++) {
        const run = derive(empty, (_z, y, x) => y === 1 && x >= start && x < end);
        const set = new BitVolume(shape);
        setRun(set.words, set.wordsPerRow, start, end);
        expectMask(set, run, `set ${start} to ${end} of ${nx}`);
        const cleared = BitVolume.fromBytes(shape, new Uint8Array(3 * nx).fill(1));
        clearRun(cleared.words, set.wordsPerRow, start, end);
        expectMask(cleared, complement(run), `clear ${start} to ${end} of ${nx}`);
        const kept = BitVolume.fromBytes(shape, new Uint8Array(3 * nx).fill(1));
        const thirds = BitVolume.fromBytes(
          [1, 1, nx],
          Uint8Array.from({ length: nx }, (_, x) => +(x % 3 === 0)),
        );
        clearOutside(kept.words, kept.wordsPerRow, start, end, thirds.words, 0);
        const left = derive(empty, (_z, y, x, i) => run.bytes[i] === 0 || x % 3 === 0 || y !== 1);
        expectMask(kept, left, `all but thirds, ${start} to ${end} of ${nx}`);
      }
    }
  }
});
