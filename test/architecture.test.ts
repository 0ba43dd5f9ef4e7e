import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { expect, test } from "vitest";

const SRC = join(import.meta.dirname, "../src");

/** What the files of a folder of src may import from, beside their own folder and src itself: docs/ARCHITECTURE.md. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  readFileSync(join(import.meta.dirname, "../docs/ARCHITECTURE.md"), "utf8")
    .split("\n")
    .map((line) => /^\| `(\w+)\/` \|.*\|([^|]*)\|$/.exec(line))
    .filter((row) => row !== null)
    .map(([, folder, list]) => [folder!, ["", ...list!.split(",").map((name) => name.trim())]]),
);
/** Folders in which Node, or the page, may be used. */
const PLATFORM = ["node", "browser", "session", "queue", "cli"];

const files = readdirSync(SRC, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"));

function folderOf(file: string): string {
  const [first, ...rest] = file.split("/");
  return rest.length === 0 ? "" : (first ?? "");
}

function importsOf(file: string): string[] {
  const text = readFileSync(join(SRC, file), "utf8");
  return [...text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*"([^"]+)"/g)].map((match) => match[1] ?? "");
}

test("docs/ARCHITECTURE.md lists every folder of src, and no other", () => {
  const folders = new Set(files.map(folderOf).filter((folder) => folder !== ""));
  expect(Object.keys(MAY_IMPORT).sort()).toEqual([...folders].sort());
});

test("no folder may import one that may import it, over whatever detour", () => {
  const reached = (from: string, seen = new Set<string>()): Set<string> => {
    for (const to of MAY_IMPORT[from] ?? []) {
      if (to === "" || seen.has(to)) continue;
      seen.add(to);
      reached(to, seen);
    }
    return seen;
  };
  expect(Object.keys(MAY_IMPORT).filter((folder) => reached(folder).has(folder))).toEqual([]);
});

test("no files import each other in a circle", () => {
  const imported = new Map(
    files.map((file) => [
      file,
      importsOf(file)
        .filter((path) => path.startsWith("."))
        .map((path) => relative(SRC, join(SRC, dirname(file), path))),
    ]),
  );
  const done = new Set<string>();
  const circles: string[] = [];
  const visit = (file: string, way: readonly string[]): void => {
    const at = way.indexOf(file);
    if (at >= 0) circles.push([...way.slice(at), file].join(" → "));
    if (at >= 0 || done.has(file)) return;
    for (const next of imported.get(file) ?? []) visit(next, [...way, file]);
    done.add(file);
  };
  for (const file of files) visit(file, []);
  expect(circles).toEqual([]);
});

test("imports point from the command line down to the volume, never up", () => {
  const wrong = files.flatMap((file) => {
    const from = folderOf(file);
    return importsOf(file)
      .filter((path) => path.startsWith("."))
      .map((path) => relative(SRC, join(SRC, dirname(file), path)))
      .filter((target) => folderOf(target) !== from && from !== "" && !MAY_IMPORT[from]?.includes(folderOf(target)))
      .map((target) => `${file} → ${target}`);
  });
  expect(wrong).toEqual([]);
});

test("the files of src itself import nothing of its folders; only the entry point does", () => {
  const atRoot = files.filter((file) => folderOf(file) === "" && file !== "index.ts");
  const upward = (file: string): string[] =>
    importsOf(file).filter((path) => path.startsWith(".") && folderOf(relative(SRC, join(SRC, path))) !== "");
  expect(atRoot.flatMap((file) => upward(file).map((path) => `${file} → ${path}`))).toEqual([]);
});

test("the core imports nothing of Node", () => {
  const wrong = files
    .filter((file) => !PLATFORM.includes(folderOf(file)))
    .flatMap((file) =>
      importsOf(file)
        .filter((path) => path.startsWith("node:"))
        .map((path) => `${file} → ${path}`),
    );
  expect(wrong).toEqual([]);
});

test("what runs in a page imports nothing of Node", () => {
  const wrong = files
    .filter((file) => ["browser", "session"].includes(folderOf(file)))
    .flatMap((file) => importsOf(file).filter((path) => path.startsWith("node:")));
  expect(wrong).toEqual([]);
});
