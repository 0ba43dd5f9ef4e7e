import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
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

/** Files whose plain twin is tested by another file's test. */
const TESTED_BY: Readonly<Record<string, string>> = { "lungs/growing-bodies": "lungs/select" };

test("whatever has a kernel is tested with it and with its plain twin", () => {
  const src = join(import.meta.dirname, "../../src");
  const callers = readdirSync(src, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && !file.startsWith("simd/") && !file.startsWith("node/"))
    .filter((file) => /\bkernels(For)?\(/.test(readFileSync(join(src, file), "utf8")))
    .map((file) => file.slice(0, -".ts".length));
  expect(callers.length).toBeGreaterThan(10);
  // The twin is either one of two runs of a test, or what the kernel is compared with.
  const untested = callers.filter((file) => {
    const path = join(import.meta.dirname, "..", `${TESTED_BY[file] ?? file}.test.ts`);
    return !existsSync(path) || !readFileSync(path, "utf8").match(/testBothWays\(|withoutKernels\(/);
  });
  expect(untested).toEqual([]);
});
