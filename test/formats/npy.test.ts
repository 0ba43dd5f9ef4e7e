import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeNpy, encodeNpy, type NpyType, npyHeader } from "../../src/formats/npy.ts";

const golden = (name: string) =>
  new Uint8Array(readFileSync(new URL(`../goldens/formats/${name}.npy`, import.meta.url)));
const range = (n: number, f: (i: number) => number = (i) => i) => Array.from({ length: n }, (_, i) => f(i));

const same: [string, NpyType, number[], Parameters<typeof encodeNpy>[2]][] = [
  ["clean-uint8", "uint8", [1, 3, 4, 5], Uint8Array.from(range(60, (i) => i * 4))],
  ["label-int64", "int64", [1, 4], new BigInt64Array(4)],
  ["vector-float64", "float64", [3], Float64Array.of(0.5, -1, 3.25)],
  ["mask-bool", "bool", [2, 5], Uint8Array.from(range(10, (i) => Number(i % 3 === 0)))],
  ["hu-int16", "int16", [2, 3, 4], Int16Array.from(range(24, (i) => i - 12))],
  ["scalar-int64", "int64", [], BigInt64Array.of(-5_000_000_000n)],
  ["vector-uint16", "uint16", [3], Uint16Array.of(0, 1, 65535)],
  ["empty-float32", "float32", [0, 3], new Float32Array(0)],
  ["long-shape-uint8", "uint8", [...range(25, () => 1), 2], new Uint8Array(2)],
];

describe("encodeNpy", () => {
  test.each(same)("%s is byte for byte what numpy.save writes", (name, dtype, shape, data) => {
    expect(encodeNpy(dtype, shape, data)).toEqual(golden(name));
  });

  test("the header is the file without its values", () => {
    const file = golden("clean-uint8");
    expect(npyHeader("uint8", [1, 3, 4, 5])).toEqual(file.subarray(0, file.length - 60));
  });

  test("the header ends on a multiple of 64 whatever the shape", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 20 }), (shape) => {
        expect(npyHeader("int16", shape).length % 64).toBe(0);
      }),
    );
  });

  test("refuses values that do not fit type or shape", () => {
    expect(() => encodeNpy("uint8", [2, 2], new Uint8Array(3))).toThrow("Expected 4 values for data but received 3");
    expect(() => encodeNpy("float64", [1, 4], new Float32Array(4))).toThrow("Float64Array");
    expect(() => npyHeader("uint8", [1.5])).toThrow("non-negative integers");
  });
});

describe("decodeNpy", () => {
  test.each(same)("%s gives back type, shape and values", (name, dtype, shape, data) => {
    expect(decodeNpy(golden(name))).toEqual({ dtype, shape, data });
  });

  test("reads big endian and format 2", () => {
    expect(decodeNpy(golden("big-endian-float64")).data).toEqual(Float64Array.of(1.5, -2.25));
    expect(decodeNpy(golden("version-2-int32"))).toEqual({
      dtype: "int32",
      shape: [2, 2],
      data: Int32Array.of(1, -2, 3, 4),
    });
  });

  test("owns its values, also when it reads from a Node buffer", () => {
    const file = Buffer.from(golden("hu-int16"));
    const decoded = decodeNpy(file);
    file.fill(0);
    expect(decoded.data.buffer.byteLength).toBe(48);
    expect(decoded.data[0]).toBe(-12);
  });

  test("reads from the middle of a larger buffer", () => {
    const file = golden("hu-int16");
    const larger = new Uint8Array(file.length + 3);
    larger.set(file, 3);
    expect(decodeNpy(larger.subarray(3))).toEqual(decodeNpy(file));
  });

  test("refuses what it cannot read rightly", () => {
    const file = golden("hu-int16");
    expect(() => decodeNpy(golden("fortran-int16"))).toThrow("Fortran order");
    expect(() => decodeNpy(file.subarray(0, file.length - 1))).toThrow("ends before its values");
    expect(() => decodeNpy(file.subarray(0, 40))).toThrow("ends before its values");
    expect(() => decodeNpy(new Uint8Array(200))).toThrow("a .npy file");
  });
});
