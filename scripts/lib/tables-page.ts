import { TABLE_COLUMNS } from "../../src/case/case-table.ts";

/** The columns of `--csv` as a table of Markdown; docs/TABLES.md holds it, see `test/case/case-table.test.ts`. */
export function columnsTable(): string {
  const rows = TABLE_COLUMNS.map(({ name, unit, meaning }) => `| \`${name}\` | ${unit} | ${meaning} |`);
  return ["| column | unit | meaning |", "|---|---|---|", ...rows].join("\n");
}
