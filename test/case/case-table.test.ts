import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { columnsTable } from "../../scripts/lib/tables-page.ts";
import { TABLE_COLUMNS, tableHeader, tableRow } from "../../src/case/case-table.ts";
import { splitCells } from "../../src/formats/csv.ts";

const PAGE = join(import.meta.dirname, "../../docs/TABLES.md");

test("docs/TABLES.md names every column", async () => {
  const page = await readFile(PAGE, "utf8");
  const before = page.slice(0, page.indexOf("## Columns"));
  await expect(`${before}## Columns\n\n${columnsTable()}\n`).toMatchFileSnapshot(PAGE);
});

describe("a line of the table", () => {
  test("has a cell for each column, empty ones where a case failed", () => {
    const row = tableRow({ case: "x", status: "failed", failure: "no-dicom" });
    expect(splitCells(row)).toEqual(["x", "failed", "no-dicom", ...Array(TABLE_COLUMNS.length - 3).fill("")]);
    expect(splitCells(tableHeader())!.length).toBe(TABLE_COLUMNS.length);
    expect(new Set(TABLE_COLUMNS.map(({ name }) => name)).size).toBe(TABLE_COLUMNS.length);
  });

  test.each([
    ['a "b", c', '"a ""b"", c"'],
    ["=1+1", "'=1+1"],
    ["+a", "'+a"],
    ["@a", "'@a"],
    ["plain-1.2", "plain-1.2"],
  ])("writes %j as %j", (name, cell) => {
    expect(tableRow({ case: name, status: "done" }).startsWith(`${cell},done,`)).toBe(true);
  });
});
