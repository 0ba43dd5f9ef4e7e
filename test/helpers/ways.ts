import { test } from "vitest";
import { withoutKernels } from "../../src/simd/kernels.ts";

/** A test that is done twice: with the SIMD kernels and with their plain twins. */
export function testBothWays(name: string, body: () => void): void {
  test(`${name} (SIMD)`, body);
  test(`${name} (plain)`, () => withoutKernels(body));
}
