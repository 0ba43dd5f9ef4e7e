import { expect, test } from "vitest";
import { shownName } from "../../src/node/shown-name.ts";

test.each([
  ["plain", Buffer.from("IM 1.dcm"), "IM 1.dcm"],
  ["UTF-8", Buffer.from("Müller 肺"), "Müller 肺"],
  ["Latin-1", Buffer.from("M\xfcller", "latin1"), "M\\xfcller"],
  ["bytes of both", Buffer.concat([Buffer.from("ü"), Buffer.from([0xff, 0x1b])]), "\\xc3\\xbc\\xff\\x1b"],
])("a name of %s is shown", (_, name, shown) => {
  expect(shownName(name)).toBe(shown);
});
