import fc from "fast-check";
import { expect } from "vitest";
import { rescale } from "../../src/dicom/rescale.ts";
import { testBothWays } from "../helpers/ways.ts";

/** One value as the rule says it, without any of the short cuts. */
function plain(bits: number, signed: boolean, slope: number, intercept: number): number {
  const hu = Math.trunc((signed ? bits : bits & 0xffff) * slope) + Math.trunc(intercept);
  return Math.max(-32768, Math.min(32767, hu));
}

testBothWays(
  "every slope, offset and alignment gives what one value at a time gives, and counts what left int16",
  () => {
    const stored = fc.array(fc.integer({ min: -32768, max: 32767 }), { minLength: 1, maxLength: 60 });
    const slope = fc.constantFrom(1, 1, 1, 2, 0.5, 0.01, -1);
    const intercept = fc.oneof(fc.constantFrom(0, -1024, -1000.7, 40_000), fc.integer({ min: -33_000, max: 33_000 }));
    fc.assert(
      fc.property(stored, fc.nat(3), fc.boolean(), slope, intercept, (values, skip, signed, slope, intercept) => {
        const memory = new Int16Array(skip + values.length + 1).fill(7);
        const slice = memory.subarray(skip, skip + values.length);
        slice.set(values);
        const held = rescale(slice, { slope, intercept, signed });
        const want = values.map((bits) => plain(bits, signed, slope, intercept));
        expect([...slice]).toEqual(want.map((v) => v + 0));
        const outside = values.filter((bits) => {
          const hu = Math.trunc((signed ? bits : bits & 0xffff) * slope) + Math.trunc(intercept);
          return hu < -32768 || hu > 32767;
        });
        expect(held).toBe(outside.length);
        expect([...memory.subarray(0, skip), memory.at(-1)]).toEqual(Array(skip + 1).fill(7));
      }),
      { numRuns: 500 },
    );
  },
);
