import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { VERSION } from "../src/version.ts";

const ROOT = join(import.meta.dirname, "..");
const manifest = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
  readonly version: string;
  readonly engines: { readonly node: string };
};

test("the version that manifests name is the package's", () => {
  expect(VERSION).toBe(manifest.version);
});

/** What Node got after 20.0, and is easily taken for older. */
const SINCE = new Map<RegExp, number>([
  [/AbortSignal\.any\(/, 20.03],
  [/import\.meta\.(dirname|filename)/, 20.11],
  [/\.parentPath\b/, 20.12],
  [/process\.availableMemory\(/, 20.13],
  [/process\.getBuiltinModule\(/, 20.16],
  [/\.groupBy\(|\.withResolvers\(|Array\.fromAsync\(/, 22],
]);

test("the package asks for a Node that has all that it calls", () => {
  const [, major, minor] = /^>=(\d+)\.(\d+)$/.exec(manifest.engines.node)!;
  const least = Number(major) + Number(minor) / 100;
  const files = readdirSync(join(ROOT, "src"), { recursive: true, encoding: "utf8" }).filter((f) => f.endsWith(".ts"));
  expect(files.length).toBeGreaterThan(300);
  for (const file of files) {
    const source = readFileSync(join(ROOT, "src", file), "utf8");
    for (const [call, since] of SINCE) {
      if (since > least) expect(source, `${file} needs a newer Node`).not.toMatch(call);
    }
  }
});
