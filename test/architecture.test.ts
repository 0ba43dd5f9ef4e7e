import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { expect, test } from "vitest";

const SRC = join(import.meta.dirname, "../src");

/** What the files of a folder of src may import from, beside their own folder; "" is src itself. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  volume: ["", "simd"],
  simd: [""],
  ops: ["", "volume", "simd"],
  lungs: ["", "volume", "simd", "ops"],
  prepare: ["", "volume", "simd", "ops", "lungs"],
  pipeline: ["", "volume", "ops", "lungs", "prepare", "dicom"],
  dicom: ["", "volume", "simd"],
  dicomweb: ["", "dicom"],
  formats: ["", "volume", "simd", "ops"],
  phantom: ["", "volume", "dicom"],
  surface: ["", "volume", "ops"],
  masks: ["", "volume", "ops", "lungs"],
  nodules: ["", "volume", "prepare", "dicom", "formats"],
  case: ["", "pipeline", "volume", "lungs", "prepare", "dicom", "formats", "masks", "nodules"],
  steps: ["", "pipeline", "volume", "ops", "lungs", "prepare"],
  report: ["", "volume", "surface"],
  node: [
    "",
    "pipeline",
    "volume",
    "simd",
    "ops",
    "lungs",
    "prepare",
    "dicom",
    "dicomweb",
    "formats",
    "phantom",
    "surface",
    "report",
    "masks",
    "nodules",
    "case",
  ],
  browser: [
    "",
    "pipeline",
    "volume",
    "ops",
    "lungs",
    "prepare",
    "dicom",
    "formats",
    "phantom",
    "surface",
    "report",
    "case",
  ],
  worker: [
    "",
    "pipeline",
    "volume",
    "ops",
    "lungs",
    "prepare",
    "dicom",
    "formats",
    "phantom",
    "surface",
    "nodules",
    "case",
    "steps",
    "browser",
  ],
  queue: ["", "pipeline", "case", "dicomweb", "node"],
  cli: ["", "pipeline", "case", "dicomweb", "masks", "nodules", "node", "phantom", "report", "queue"],
};
/** Folders in which Node, or the page, may be used. */
const PLATFORM = ["node", "browser", "worker", "queue", "cli"];

const files = readdirSync(SRC, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"));

function folderOf(file: string): string {
  const [first, ...rest] = file.split("/");
  return rest.length === 0 ? "" : (first ?? "");
}

function importsOf(file: string): string[] {
  const text = readFileSync(join(SRC, file), "utf8");
  return [...text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*"([^"]+)"/g)].map((match) => match[1] ?? "");
}

test("every folder of src has a place in the import direction", () => {
  expect([...new Set(files.map(folderOf))].filter((folder) => folder !== "" && !(folder in MAY_IMPORT))).toEqual([]);
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
    .filter((file) => ["browser", "worker"].includes(folderOf(file)))
    .flatMap((file) => importsOf(file).filter((path) => path.startsWith("node:")));
  expect(wrong).toEqual([]);
});
