import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ERRORS, FINDINGS, REASONS } from "../../scripts/lib/codes.ts";
import { codesPage } from "../../scripts/lib/codes-page.ts";
import { QUALITY_RULES } from "../../src/quality/rules.ts";

const ROOT = join(import.meta.dirname, "../..");

test("docs/CODES.md is made from the codes", async () => {
  await expect(codesPage()).toMatchFileSnapshot(join(ROOT, "docs/CODES.md"));
});

test("every code that an error or a finding is made with has cause and cure", () => {
  const sources = readdirSync(join(ROOT, "src"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => readFileSync(join(ROOT, "src", file), "utf8"));
  const used = (pattern: RegExp): string[] => [
    ...new Set(sources.flatMap((text) => Array.from(text.matchAll(pattern), ([, code]) => code!))),
  ];
  const errors = used(/new PleuraError\(\s*"([a-z-]+)"/g);
  const findings = used(/code: "([a-z-]+)",\s*severity: (?!"string")/g);
  expect(errors.length).toBeGreaterThan(30);
  expect(findings.length).toBeGreaterThan(20);
  expect(errors.filter((code) => !Object.hasOwn(ERRORS, code))).toEqual([]);
  expect(findings.filter((code) => !Object.hasOwn(FINDINGS, code))).toEqual([]);
  expect(QUALITY_RULES.map(({ code }) => code).filter((code) => !Object.hasOwn(REASONS, code))).toEqual([]);
});

test("cause and cure are sentences that break no table", () => {
  for (const { cause, cure } of [ERRORS, FINDINGS, REASONS].flatMap((entries) => Object.values(entries))) {
    for (const text of [cause, cure]) expect(text).toMatch(/^[A-Z`][^|\n]+\.$/);
  }
});
