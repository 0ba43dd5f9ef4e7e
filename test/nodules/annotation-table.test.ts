import { describe, expect, test } from "vitest";
import { annotationTable, type NoduleUnits } from "../../src/nodules/annotation-table.ts";
import type { StoredGrid } from "../../src/volume/stored-grid.ts";

const GRID = { even: true } as StoredGrid;
const read = (text: string, units?: NoduleUnits) => {
  const table = annotationTable(text, "table.csv", units);
  return { table, of: (key: string) => table.annotationsOf(key, GRID) };
};

describe("kinds of tables", () => {
  test("LUNA16's annotations, by the names of their columns", () => {
    const { table, of } = read("diameter_mm,seriesuid,coordX,coordY,coordZ\n5.5,1.2,-1,2,-300\n4,1.3,7,8,9\n");
    expect(table).toMatchObject({ kind: "luna16-annotations", keys: ["1.2", "1.3"], rows: 2 });
    expect(of("1.2").nodules).toEqual([{ line: 2, at: { patient: [-1, 2, -300] }, diameter: 5.5 }]);
  });

  test("LUNA16's candidates, with a class and no diameter", () => {
    const { table, of } = read("seriesuid,coordX,coordY,coordZ,class\n1.2,1,2,3,0\n1.2,4,5,6,1\n");
    expect(table.kind).toBe("luna16-candidates");
    expect(of("1.2").nodules).toEqual([
      { line: 2, at: { patient: [1, 2, 3] }, diameter: undefined, class: 0 },
      { line: 3, at: { patient: [4, 5, 6] }, diameter: undefined, class: 1 },
    ]);
  });

  test.each([
    ["a header", "id,coordx1,coordx2,coordx3,diameter,isMerged\nab,10,20,30,4.5,0\n", 2],
    ["none", "ab,10,20,30,4.5\n", 1],
  ])("the competition's, in voxels, with %s", (_, text, line) => {
    const { table, of } = read(text);
    expect(table.kind).toBe("voxels");
    expect(of("ab").nodules).toEqual([{ line, at: { voxel: [30, 20, 10] }, diameter: 4.5 }]);
  });

  test("by position in millimetres, told by coordinates that no voxel has", () => {
    const { table, of } = read("5,-24.014,192.1,-391.08,8.1433\n7,81.51,54.957,-150.35,10.362\n");
    expect(table.kind).toBe("millimetres");
    expect(of("5").nodules[0]).toMatchObject({ at: { patient: [-24.014, 192.1, -391.08] }, diameter: 8.1433 });
  });

  test("the unit may be said", () => {
    expect(read("a,1,2,3,4\n", "mm").table.kind).toBe("millimetres");
    expect(read("a,-1,2,3,4\n", "voxels").table.kind).toBe("voxels");
  });

  test("a few negative coordinates among many positive ones are not taken for millimetres", () => {
    const rows = Array.from({ length: 30 }, (_, i) => `a,${i},2,3,4\n`).join("");
    expect(() => read(`${rows}a,-1,2,3,4\n`)).toThrow(/1 of 31 rows .*--nodule-units/);
  });

  test.each([
    ["a submission", "seriesuid,coordX,coordY,coordZ,probability\n1.2,1,2,3,0.5\n"],
    ["too few columns", "a,b\n1,2\n"],
    ["nothing", ""],
    ["columns that speak of millimetres", "id,x_mm,y_mm,z_mm,d_mm\na,1,2,3,4\n"],
  ])("%s is refused with its first line", (_, text) => {
    expect(() => read(text)).toThrow(expect.objectContaining({ code: "bad-annotation", measured: expect.any(String) }));
  });
});

describe("rows", () => {
  test("that say that there is no nodule are none", () => {
    expect(read("a,0,0,0,-1\nb,0,0,0,0\n").of("a")).toMatchObject({ nodules: [], broken: [] });
    expect(read("a,0,0,0,-1\nb,0,0,0,0\n").of("b")).toMatchObject({ nodules: [], broken: [] });
  });

  test("that say so beside others that have one are broken", () => {
    const { broken } = read("a,1,2,3,4\na,0,0,0,-1\n").of("a");
    expect(broken).toEqual([{ line: 2, reason: expect.stringContaining("no nodule") }]);
  });

  test.each([
    ["1.2,NaN,2,3,4", /^x is no number$/, "NaN"],
    ["1.2,1,inf,3,4", /^y is no number$/, "inf"],
    ["1.2,1,2,,4", /^z is no number$/, ""],
    ["1.2,1,2,3", /4 columns instead of 5/],
    ["1.2,1,2,3,-1", /diameter is not above 0: -1/],
    ["1.2,1,2,3,0", /diameter is not above 0: 0/],
    ["1.2,1,2,0x10,4", /^z is no number$/, "0x10"],
    ["1.2,1,2,3,4_0", /^diameter is no number$/, "4_0"],
  ])("%s is broken, and only its own case's", (row: string, reason: RegExp, quote?: string) => {
    const { of } = read(`seriesuid,coordX,coordY,coordZ,diameter_mm\n1.1,1,2,3,4\n${row}\n`);
    expect(of("1.1").broken).toEqual([]);
    expect(of("1.2").broken).toEqual([
      { line: 3, reason: expect.stringMatching(reason), ...(quote !== undefined && { quote }) },
    ]);
  });

  test("that repeat an earlier one are named and kept", () => {
    const { of } = read("a,1,2,3,4\na,1,2,3,4\na,1,2,3,5\n");
    expect(of("a").duplicates).toEqual([2]);
    expect(of("a").nodules).toHaveLength(3);
  });

  test("without a key belong to nobody", () => {
    expect(read("a,1,2,3,4\n,5,6,7,8\n").table.unassigned).toEqual([{ line: 2, reason: expect.any(String) }]);
    expect(read('a,1,2,3,4\n"b,5,6,7,8\n').table.unassigned).toEqual([
      { line: 2, reason: expect.stringMatching(/quote/) },
    ]);
  });

  test("of one key, and no others, make its text", () => {
    const before = read("a,1,2,3,4\nb,1,2,3,4\n").table;
    const after = read("b,1,2,3,5\n\na,1,2,3,4\n").table;
    expect(after.textOf("a")).toBe(before.textOf("a"));
    expect(after.textOf("b")).not.toBe(before.textOf("b"));
    expect(after.linesOf("a")).toEqual([3]);
    expect(before.textOf("c")).toBe("");
  });
});
