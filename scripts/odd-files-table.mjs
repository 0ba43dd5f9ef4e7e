/**
 * Reads every file of PLEURA_DATA's odd-files by itself, compares its pixels with what pydicom
 * or dcmtk make of it, and writes the table docs/ODD-FILES.md. Exit status 1 when a file that
 * others decode is read differently.
 *
 *   node scripts/odd-files-table.mjs
 *
 * Needs a Python with pydicom, and dcmtk for JPEG and JPEG-LS.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decodeNpy, memorySource, readScan } from "pleura";
import { build } from "tsdown";
import { runnerImport } from "vite";
import { filesBelow } from "./lib/files-below.mjs";
import { DATA, PYTHON, ROOT } from "./lib/paths.mjs";
import { run } from "./lib/tools.mjs";

/** Encodings that always lose something: here decoders may differ by rounding. */
const LOSSY = /\.4\.(50|51|81|91)$/;
/** Most that two decoders of a lossy stream may be apart, stored values. */
const ROUNDING = 2;

const folder = join(DATA, "data/odd-files");
const names = filesBelow(folder);
const internals = join(ROOT, "node_modules/.cache/odd-files");
const scratch = mkdtempSync(join(tmpdir(), "pleura-odd-"));
try {
  // Single images have no place in the public entry points, which know volumes only.
  const { bundleCodecs } = (await runnerImport(join(ROOT, "scripts/lib/bundle-codecs.ts"))).module;
  await build({
    config: false,
    cwd: ROOT,
    entry: { headers: "src/dicom/read-headers.ts", pixels: "src/dicom/pixels.ts" },
    outDir: internals,
    fixedExtension: false,
    dts: false,
    plugins: [bundleCodecs("inline")],
    logLevel: "silent",
  });
  const { readHeaders } = await import(join(internals, "headers.js"));
  const pixels = await import(join(internals, "pixels.js"));
  const paths = names.map((name) => join(folder, name));
  const others = JSON.parse(run(PYTHON, join(ROOT, "scripts/lib/decode-odd-files.py"), scratch, ...paths));
  const rows = [];
  for (const [i, name] of names.entries()) {
    const source = memorySource(name, readFileSync(paths[i]));
    const result = name.endsWith(".zip") ? await readWhole(source) : await readImage(source, others[i]);
    rows.push({ name, what: name.endsWith(".zip") ? "archive of CT slices" : others[i].what, ...result });
  }
  writeFileSync(join(ROOT, "docs/ODD-FILES.md"), page(rows));
  const wrong = rows.filter((row) => row.wrong);
  for (const { name, result } of wrong) console.log(`${name}: ${result}`);
  console.log(`${rows.length} files, ${wrong.length} read otherwise than by others.`);
  if (wrong.length > 0) process.exitCode = 1;

  /** The pixels of a single image beside those of another decoder. */
  async function readImage(source, other) {
    const { instances, skipped } = await readHeaders([source]);
    if (skipped.length > 0) return { result: `left aside: ${skipped[0].reason}` };
    const [image] = instances;
    try {
      pixels.checkPixels(image);
      const stored = new Int16Array(image.rows * image.columns);
      const { signed } = await pixels.readStored(image, stored);
      if (other.pixels === undefined) return { result: `read; others: ${other.failure}` };
      const expected = decodeNpy(readFileSync(join(scratch, other.pixels))).data;
      return compare(signed ? stored : new Uint16Array(stored.buffer), expected, other);
    } catch (error) {
      return refused(error);
    }
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
  rmSync(internals, { recursive: true, force: true });
}

async function readWhole(source) {
  try {
    const { shape } = await readScan([source]);
    return { result: `read: ${shape.join(" × ")}` };
  } catch (error) {
    return refused(error);
  }
}

function compare(values, expected, { decoder, syntax }) {
  if (values.length !== expected.length)
    return { result: `${values.length} pixels, ${decoder} has ${expected.length}`, wrong: true };
  let differing = 0;
  let largest = 0;
  for (let i = 0; i < values.length; i++) {
    const off = Math.abs(values[i] - expected[i]);
    if (off > 0) differing++;
    if (off > largest) largest = off;
  }
  if (differing === 0) return { result: `equal to ${decoder}'s pixels` };
  const share = ((100 * differing) / values.length).toFixed(2);
  const isRounding = LOSSY.test(syntax) && largest <= ROUNDING;
  return {
    result: `${share} % of the pixels up to ${largest} off ${decoder}'s${isRounding ? ", as lossy decoders round" : ""}`,
    wrong: !isRounding,
  };
}

function refused({ code, message, file }) {
  return { result: `\`${code}\`: ${message.replace(/^read: /, "").replace(`${file}: `, "")}` };
}

function page(rows) {
  const lines = [
    "# Odd files",
    "",
    "What the reader makes of files that other projects collected because they are odd: the pixels of a",
    "single image beside those that pydicom gives, for JPEG and JPEG-LS after dcmtk has taken the",
    "compression off. A file that is left aside, and a single slice, are no volume; alone in a folder they",
    "end in `no-dicom`, `no-image` or `single-slice`.",
    "",
    "This page is written by `node scripts/odd-files-table.mjs`.",
  ];
  let folderOfLast;
  for (const { name, what, result } of rows) {
    const [group, ...rest] = name.split("/");
    if (group !== folderOfLast)
      lines.push("", `## ${group}`, "", "| file | what it is | what is done |", "|---|---|---|");
    folderOfLast = group;
    lines.push(`| ${rest.join("/")} | ${what} | ${result} |`);
  }
  return `${lines.join("\n")}\n`;
}
