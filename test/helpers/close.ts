import { expect } from "vitest";

/** Expects numbers to agree, one by one, to nine decimal places. */
export function expectClose(actual: readonly number[], expected: readonly number[]): void {
  expect(actual.length).toBe(expected.length);
  for (const [i, value] of actual.entries()) expect(value).toBeCloseTo(expected[i] as number, 9);
}
