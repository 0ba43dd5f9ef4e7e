import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { describe, expect, test } from "vitest";

const SRC = join(import.meta.dirname, "../src");

/** Names that an entry point exports, types included, in the order of the alphabet. */
function exportedNames(entry: string): string[] {
  const path = join(SRC, entry);
  const source = ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.ESNext);
  return source.statements
    .flatMap((statement) => {
      if (!ts.isExportDeclaration(statement)) throw new Error(`${entry} holds something else than exports`);
      const { exportClause } = statement;
      if (exportClause === undefined || !ts.isNamedExports(exportClause)) {
        throw new Error(`${entry} exports without naming what`);
      }
      return exportClause.elements.map((element) => element.name.text);
    })
    .sort();
}

describe("the exported names change on purpose only", () => {
  test.each(["index.ts", "node/index.ts", "browser/index.ts", "session/index.ts"])("%s", (entry) => {
    expect(exportedNames(entry)).toMatchSnapshot();
  });
});
