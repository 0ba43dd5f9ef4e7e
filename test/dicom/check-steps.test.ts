import { expect, test } from "vitest";
import { checkSteps } from "../../src/dicom/check-steps.ts";
import { orderSlices } from "../../src/dicom/order-slices.ts";
import { slicesAt } from "../helpers/instance.ts";

const check = (heights: readonly number[]) => checkSteps(orderSlices(slicesAt(heights), [0, 0, 1])!);

test("a step that is off by at most one hundredth is rounding", () => {
  expect(check([0, 2, 4, 6.02])).toEqual({ usual: 2, even: true, findings: [] });
  expect(check([0])).toEqual({ usual: 0, even: true, findings: [] });
});

test("a step that is off by at most a tenth is told, by more it is refused with a way out", () => {
  const told = {
    code: "uneven-spacing",
    severity: "warning",
    message: expect.stringContaining("not evenly spaced"),
    measured: "a step of 2.100 mm",
    limit: "2.000 mm ± 10 %",
  };
  expect(check([0, 2, 4, 6.1])).toEqual({ usual: 2, even: false, findings: [told] });
  expect(check([0, 10, 20, 31])).toMatchObject({ findings: [{ severity: "warning" }] });
  const [refused] = check([0, 10, 20, 31.01]).findings;
  expect(refused).toMatchObject({ severity: "fatal", hint: expect.stringContaining("interpolated") });
});

test("a step of more than one and a half has room for slices, and their number is told", () => {
  expect(check([0, 2, 4, 7])).toMatchObject({ findings: [{ code: "uneven-spacing", severity: "fatal" }] });
  const { even, findings } = check([0, 2, 4, 8.1, 10.1, 12.1, 18, 20]);
  expect(even).toBe(false);
  expect(findings).toMatchObject([
    {
      code: "missing-slices",
      severity: "fatal",
      message: expect.stringMatching(/about 3, in 2 places/),
      measured: "a step of 5.90 mm",
      limit: "2.00 mm",
      hint: expect.stringContaining("interpolated"),
    },
  ]);
});
