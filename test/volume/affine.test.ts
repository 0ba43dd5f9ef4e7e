import { expect, test } from "vitest";
import {
  affineFromSpacing,
  affineFromSteps,
  composeAffine,
  indexToPatient,
  invertAffine,
  patientToIndex,
} from "../../src/volume/affine.ts";
import { expectClose } from "../helpers/close.ts";

const oblique = affineFromSteps([10, -20, 30], [0.1, 0.2, 2.5], [0, 0.8, -0.1], [0.7, 0, 0.05]);

test("leads along the axes by their steps", () => {
  expectClose(indexToPatient(oblique, [0, 0, 0]), [10, -20, 30]);
  expectClose(indexToPatient(oblique, [2, 0, 0]), [10.2, -19.6, 35]);
  expectClose(indexToPatient(oblique, [0, 3, 0]), [10, -17.6, 29.7]);
  expectClose(indexToPatient(oblique, [0, 0, 4]), [12.8, -20, 30.2]);
  expectClose(indexToPatient(affineFromSpacing([3, 2, 1]), [1, 1, 1]), [1, 2, 3]);
});

test("there and back again", () => {
  expectClose(patientToIndex(oblique, indexToPatient(oblique, [1.5, -7, 200])), [1.5, -7, 200]);
  expectClose(composeAffine(oblique, invertAffine(oblique)), [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]);
});

test("composes from the first to the second", () => {
  const second = affineFromSteps([1, 2, 3], [2, 0, 0], [0, 3, 0], [0, 0, 4]);
  const once = indexToPatient(composeAffine(oblique, second), [1, 2, 3]);
  expectClose(once, indexToPatient(second, indexToPatient(oblique, [1, 2, 3])));
});

test("steps that do not span space have no inverse", () => {
  expect(() => invertAffine(affineFromSteps([0, 0, 0], [0, 0, 1], [0, 1, 0], [0, 1, 1]))).toThrow(
    /an invertible matrix for affine/,
  );
  expect(() => invertAffine(affineFromSpacing([1, Number.NaN, 1]))).toThrow(/for affine/);
});
