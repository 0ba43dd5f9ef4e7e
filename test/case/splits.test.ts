import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { makeFolds } from "../../src/case/splits.ts";

const orderOf = (seed: number) => (patient: string) => createHash("sha256").update(`${seed}:${patient}`).digest("hex");
const CASES = Array.from({ length: 47 }, (_, i) => ({ case: `case-${i}`, patient: `patient-${i % 31}` }));

describe("folds", () => {
  const folds = makeFolds(CASES, 5, orderOf(1));

  test("hold each case back once, and train on all others", () => {
    expect(folds.flatMap(({ val }) => val).sort()).toEqual(CASES.map((one) => one.case).sort());
    for (const { train, val } of folds) {
      expect([...train, ...val].sort()).toEqual(CASES.map((one) => one.case).sort());
    }
  });

  test("never part a patient", () => {
    const patientOf = new Map(CASES.map((one) => [one.case, one.patient]));
    for (const { train, val } of folds) {
      const trained = new Set(train.map((name) => patientOf.get(name)));
      expect(val.filter((name) => trained.has(patientOf.get(name)))).toEqual([]);
    }
  });

  test("are of nearly equal size", () => {
    const sizes = folds.map(({ val }) => val.length);
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
  });

  test("are the same for the same seed, whatever the order of the cases, and others for another", () => {
    expect(makeFolds([...CASES].reverse(), 5, orderOf(1))).toEqual(folds);
    expect(makeFolds(CASES, 5, orderOf(2))).not.toEqual(folds);
  });

  test("cannot be more than there are patients, or fewer than two", () => {
    expect(() => makeFolds(CASES, 32, orderOf(1))).toThrow(/2 to the number of patients, 31 for folds/);
    expect(() => makeFolds(CASES, 1, orderOf(1))).toThrow(/for folds/);
    expect(() => makeFolds([], 2, orderOf(1))).toThrow(/for folds/);
  });
});
