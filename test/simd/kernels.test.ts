import { expect, test } from "vitest";
import { kernels, withoutKernels } from "../../src/simd/kernels.ts";

test("are there on every Node that is supported, so that tests meet them", () => {
  expect(kernels()).toBeDefined();
  expect(kernels()).toBe(kernels());
});

test("are gone while the plain twins are tested, and back afterwards even if that fails", () => {
  const before = kernels();
  expect(withoutKernels(kernels)).toBeUndefined();
  expect(kernels()).toBe(before);
  const failing = () =>
    withoutKernels(() => {
      throw new Error("no");
    });
  expect(failing).toThrow("no");
  expect(kernels()).toBe(before);
});
