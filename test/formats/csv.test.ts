import { expect, test } from "vitest";
import { linesOf, splitCells } from "../../src/formats/csv.ts";

test("lines keep their numbers across blank ones, CRLF and a byte order mark", () => {
  const text = "\ufeffa,b\r\n\r\n  \nc,d\ne,f";
  const lines = [...linesOf(text)].map(({ number, start, end }) => [number, text.slice(start, end)]);
  expect(lines).toEqual([
    [1, "a,b"],
    [4, "c,d"],
    [5, "e,f"],
  ]);
  expect([...linesOf("")]).toEqual([]);
});

test("cells may be quoted, hold commas and doubled quotes, and be empty", () => {
  expect(splitCells("a, b ,,c")).toEqual(["a", "b", "", "c"]);
  expect(splitCells('"x, y",1,"say ""a"""')).toEqual(["x, y", "1", 'say "a"']);
  expect(splitCells('a,"b"')).toEqual(["a", "b"]);
  expect(splitCells('a,""')).toEqual(["a", ""]);
});

test("a quote that is not closed, or text after a closed one, is no row", () => {
  expect(splitCells('a,"b')).toBeUndefined();
  expect(splitCells('a,"b"c,d')).toBeUndefined();
});
