import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { makePhantom } from "../src/phantom/phantom.ts";
import { prepare } from "../src/pipeline/prepare.ts";
import { segmentLungs } from "../src/pipeline/segment-lungs.ts";
import type { Exports } from "../src/simd/exports.ts";
import { kernels } from "../src/simd/kernels.ts";

/**
 * A guard against slow code that is not a stopwatch: how many values each kernel is handed while a
 * phantom is prepared. The figures are the same on every machine; more than the stored ones,
 * bench/work.json, by over a hundredth is a stage that touches voxels it need not touch.
 *
 *   npm run bench:work                 compares
 *   UPDATE_WORK=1 npm run bench:work   stores
 */
const STORED = fileURLToPath(new URL("work.json", import.meta.url));
const TOLERANCE = 1.01;

type Count = (...args: number[]) => number;

/** An int32 in the kernels' memory. */
const at = (address: number) => new Int32Array(kernels()!.buffer, address, 1)[0]!;

const words = (nx: number) => (nx + 31) >>> 5;

/** Values that a call looks at, from its arguments; see src/simd/kernels.ts. */
const WORK: Readonly<Partial<Record<keyof Exports, Count>>> = {
  markSlice: (_slice, ny, nx) => ny! * nx!,
  countRuns: (_words, rows, wordsPerRow) => rows! * wordsPerRow!,
  writeRuns: (_words, rows, wordsPerRow) => rows! * wordsPerRow!,
  labelComponents: (_start, _end, _rowStart, planes, rowsPerPlane) => planes! * rowsPerPlane!,
  dilateBits: (_mask, nz, ny, nx, iterations) => nz! * ny! * words(nx!) * iterations!,
  erodeBits: (_mask, nz, ny, nx) => nz! * ny! * words(nx!),
  columnsOf: (_mask, nz, ny, wordsPerRow) => nz! * ny! * wordsPerRow!,
  decidePlane: (_sites, _nz, ny, nx) => ny! * nx!,
  boundsOf: (_words, planes, rowsPerPlane, wordsPerRow) => planes! * rowsPerPlane! * wordsPerRow!,
  countBits: (_words, count) => count!,
  fillHulls: (_mask, planes, rows, wordsPerRow) => planes! * rows! * wordsPerRow!,
  orBits: (_into, _words, count) => count!,
  componentSizes: (_start, _end, _root, count) => count!,
  sumMoments: (_start, _end, _rowStart, planes, rowsPerPlane) => planes! * rowsPerPlane!,
  clearReaching: (_start, _end, _rowStart, planes, rowsPerPlane) => planes! * rowsPerPlane!,
  complementRuns: (_start, _end, _rowStart, rows) => rows!,
  drawRuns: (_start, _end, _rowStart, rows) => rows!,
  // Rows and columns of the box, as kernels/one-pass-clean.ts has them.
  cleanPlane: (grid) => at(grid! + 8) * at(grid! + 12),
  blendPlanes: (_a, _b, _weight, count) => count!,
};

test("no stage touches more than it did", () => {
  const phantom = makePhantom({ size: 512, slices: 64, spacing: [5, 0.7, 0.7], seed: 1 });
  const counted = count(() => prepare(phantom, segmentLungs(phantom)));
  if (process.env["UPDATE_WORK"] === "1") writeFileSync(STORED, `${JSON.stringify(counted, null, 2)}\n`);
  const stored: Record<string, { calls: number; values: number }> = JSON.parse(readFileSync(STORED, "utf8"));
  console.table(counted);
  for (const [name, { calls, values }] of Object.entries(counted)) {
    expect(calls, `calls of ${name}`).toBeLessThanOrEqual((stored[name]?.calls ?? 0) * TOLERANCE);
    expect(values, `values handed to ${name}`).toBeLessThanOrEqual((stored[name]?.values ?? 0) * TOLERANCE);
  }
});

function count(during: () => void): Record<string, { calls: number; values: number }> {
  const simd = kernels() as unknown as { run: Record<string, Count> };
  const { run } = simd;
  const counted: Record<string, { calls: number; values: number }> = {};
  const watched: Record<string, unknown> = { ...run };
  for (const [name, work] of Object.entries(WORK)) {
    const entry = { calls: 0, values: 0 };
    counted[name] = entry;
    watched[name] = (...args: number[]) => {
      entry.calls++;
      entry.values += work(...args);
      return run[name]!(...args);
    };
  }
  simd.run = watched as Record<string, Count>;
  try {
    during();
  } finally {
    simd.run = run;
  }
  return counted;
}
