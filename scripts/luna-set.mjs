/**
 * A whole LUNA16-shaped set in one command: many small scans with masks and annotations, some of
 * these broken on purpose. The run is stopped on the way and taken up again; then every case is
 * checked, every trouble has to be named with its lines, and a change of one row has to redo one case.
 *
 *   npm run build && npm run test:luna [-- --cases 888]
 */
import { spawn } from "node:child_process";
import { linkSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { deflateSync } from "node:zlib";
import { decodeNpy, makePhantom, segmentLungs } from "pleura";
import { ROOT } from "./lib/paths.mjs";

const { values } = parseArgs({ options: { cases: { type: "string", default: "888" } } });
const COUNT = Number(values.cases);
/** Different scans; the others are links to them. */
const KINDS = 6;
/** Voxels of a phantom are said to be this small, so that clean is small too; mm. */
const SPACING = [1.6, 0.9, 0.9];
const CLI = join(ROOT, "dist/cli.js");

const root = mkdtempSync(join(tmpdir(), "pleura-luna-"));
const out = join(root, "out");
const problems = [];
try {
  await main();
} finally {
  rmSync(root, { recursive: true, force: true });
}
for (const problem of problems) console.log(`WRONG  ${problem}`);
console.log(problems.length === 0 ? "\nAll as it should be." : `\n${problems.length} problems.`);
if (problems.length > 0) process.exitCode = 1;

async function main() {
  const kinds = Array.from({ length: KINDS }, (_, i) => makeKind(i));
  const uids = Array.from({ length: COUNT }, (_, i) => `1.3.6.1.4.1.14519.5.2.1.6279.6001.${100000 + i}`);
  for (const [i, uid] of uids.entries()) writeScan(uid, kinds[i % KINDS], i % 3 === 1);
  const table = makeTable(uids, kinds);
  writeFileSync(join(root, "annotations.csv"), table.text);

  const args = [
    "prep",
    "subset0",
    "--profile",
    "luna16",
    "--lungs",
    "seg-lungs",
    "--nodules",
    "annotations.csv",
    "--out",
    out,
  ];
  const stopped = await run(args, Math.ceil(COUNT / 8));
  check(stopped.status === 130, `a stopped run ends with 130, not ${stopped.status}`);
  const before = manifests();
  check(before > 0 && before < COUNT, `${before} cases were done when it was stopped`);

  const began = performance.now();
  const whole = await run([...args, "--report", "run.json"]);
  const seconds = (performance.now() - began) / 1000;
  const report = JSON.parse(readFileSync(join(root, "run.json"), "utf8"));
  const { done, skipped, failed } = report;
  console.log(
    `${COUNT} cases: ${skipped} were done before it was stopped, ${done} done and ${failed} failed in ${seconds.toFixed(1)} s`,
  );
  console.log(
    whole.stderr
      .split("\n")
      .filter((line) => /^(cases|done|skipped|failed|nodules|findings) /.test(line))
      .join("\n"),
  );
  check(whole.status === 1, `a run with failed cases ends with 1, not ${whole.status}`);
  check(skipped >= before, `${skipped} of ${before} finished cases were skipped`);
  check(done + skipped === COUNT - table.broken.size, `${done} + ${skipped} of ${COUNT} cases are done`);
  for (const one of report.cases) {
    const reason = table.broken.get(one.case);
    if (one.status !== "failed") check(reason === undefined, `${one.case} has broken rows and is ${one.status}`);
    else check(reason?.test(one.failure.message) === true, `${one.case}: ${one.failure.message}`);
  }
  for (const [uid, rows] of table.labels) {
    const { shape, dtype, data } = decodeNpy(readFileSync(join(out, `${uid}_label.npy`)));
    const isRight =
      rows === 0 ? dtype === "int64" && data.every((v) => v === 0n) : dtype === "float64" && shape[0] === rows;
    check(isRight, `${uid}: a label of ${dtype} (${shape}), wanted ${rows} rows`);
  }
  for (const [uid, code] of table.findings) {
    const { findings } = JSON.parse(readFileSync(join(out, `${uid}.json`), "utf8"));
    check(
      findings.some((one) => one.code === code && /line/.test(one.measured)),
      `${uid}: no finding ${code}`,
    );
  }
  check(
    report.nodules.unused[0].lines === table.unusedLines,
    `unused lines ${report.nodules.unused[0].lines}, wanted ${table.unusedLines}`,
  );

  const changed = table.text.replace(/^(.*,)([\d.]+)$/m, (_, head, diameter) => `${head}${Number(diameter) + 0.5}`);
  writeFileSync(join(root, "annotations.csv"), changed);
  await run([...args, "--report", "run.json"]);
  const again = JSON.parse(readFileSync(join(root, "run.json"), "utf8"));
  check(again.done === 1 && again.stale.nodules === 1, `one row was changed and ${again.done} cases were done again`);
  const checked = await run(["check-labels", out]);
  console.log(checked.stdout.split("\n").slice(-12).join("\n").trimEnd());
}

function check(isRight, problem) {
  if (!isRight) problems.push(problem);
}

function manifests() {
  return readdirSync(out).filter((name) => /^[\d.]+\.json$/.test(name)).length;
}

/** Runs the command line; with a number, ends it by Ctrl-C once that many cases are done. */
function run(args, stopAfter = Number.POSITIVE_INFINITY) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [CLI, ...args], { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
    let [stdout, stderr, isStopped] = ["", "", false];
    child.stderr.on("data", (text) => (stderr += text));
    child.stdout.on("data", (text) => {
      stdout += text;
      if (isStopped || stdout.split("\n").length <= stopAfter) return;
      isStopped = true;
      child.kill("SIGINT");
    });
    child.on("close", (status) => resolve({ status, stdout, stderr }));
  });
}

function makeKind(seed) {
  const phantom = makePhantom({ size: 80, slices: 40, spacing: [8, 4.48, 4.48], seed, nodules: 3 });
  const { lung1, lung2 } = segmentLungs(phantom);
  const [first, second] = [lung1.toBytes(3), lung2.toBytes(4)];
  const labels = first.map((v, i) => v + second[i]);
  const files = { raw: join(root, `${seed}.raw`), zraw: join(root, `${seed}.zraw`) };
  writeFileSync(files.raw, new Uint8Array(phantom.voxels.buffer, phantom.voxels.byteOffset, phantom.voxels.byteLength));
  writeFileSync(files.zraw, deflateSync(labels));
  const origin = [-40, -35, -200 + seed];
  const nodules = phantom.truth.nodules.map(({ centre, diameter }) => {
    const index = [0, 1, 2].map((i) => (centre[i] - phantom.affine[4 * i + 3]) / phantom.affine[4 * i + (2 - i)]);
    return { index, diameter: (diameter * SPACING[1]) / 4.48 };
  });
  return { shape: phantom.shape, files, origin, nodules };
}

/** The two images of a scan; `flip` has only the directions of a reversed one, over the same voxels. */
function writeScan(uid, { shape, files, origin }, flip) {
  for (const [folder, type, data] of [
    ["subset0", "MET_SHORT", "raw"],
    ["seg-lungs", "MET_UCHAR", "zraw"],
  ]) {
    mkdirSync(join(root, folder), { recursive: true });
    linkSync(files[data], join(root, folder, `${uid}.${data}`));
    const lines = {
      ObjectType: "Image",
      NDims: 3,
      BinaryData: "True",
      BinaryDataByteOrderMSB: "False",
      CompressedData: data === "zraw" ? "True" : "False",
      TransformMatrix: flip ? "-1 0 0 0 -1 0 0 0 1" : "1 0 0 0 1 0 0 0 1",
      Offset: origin.join(" "),
      ElementSpacing: [...SPACING].reverse().join(" "),
      DimSize: [...shape].reverse().join(" "),
      ElementType: type,
      ElementDataFile: `${uid}.${data}`,
    };
    const text = Object.entries(lines)
      .map(([name, value]) => `${name} = ${value}\n`)
      .join("");
    writeFileSync(join(root, folder, `${uid}.mhd`), text);
  }
}

/** Annotations of every scan, with troubles, and what has to become of them. */
function makeTable(uids, kinds) {
  const rows = ["seriesuid,coordX,coordY,coordZ,diameter_mm"];
  const [labels, broken, findings, unused] = [new Map(), new Map(), new Map(), []];
  for (const [i, uid] of uids.entries()) {
    const { nodules, origin } = kinds[i % KINDS];
    const sign = i % 3 === 1 ? -1 : 1;
    const count = i % 4;
    for (const { index, diameter } of nodules.slice(0, count)) {
      const [x, y, z] = index.map((at, axis) => origin[axis] + (axis === 2 ? 1 : sign) * at * SPACING[2 - axis]);
      rows.push(`${uid},${x},${y},${z},${diameter}`);
    }
    labels.set(uid, count);
    const trouble = i % 37 === 5 ? ["NaN", "columns", "outside", "duplicate"][Math.floor(i / 37) % 4] : undefined;
    if (trouble === "NaN") rows.push(`${uid},nan,0,0,5`);
    if (trouble === "columns") rows.push(`${uid},1,2`);
    if (trouble === "NaN" || trouble === "columns") {
      const reason = trouble === "NaN" ? "x is no number" : "3 columns instead of 5";
      broken.set(uid, new RegExp(`line ${rows.length}: ${reason}`));
      labels.delete(uid);
    }
    if (trouble === "outside") rows.push(`${uid},${origin[0]},${origin[1]},${origin[2] + 999},5`);
    if (trouble === "duplicate")
      rows.push(
        `${uid},${origin[0] + 30},${origin[1] + 20},${origin[2] + 30},5`,
        `${uid},${origin[0] + 30},${origin[1] + 20},${origin[2] + 30},5`,
      );
    if (trouble === "outside") findings.set(uid, "nodule-outside-scan");
    if (trouble === "duplicate") findings.set(uid, "duplicate-nodules");
    if (trouble === "outside" || trouble === "duplicate") labels.set(uid, count + (trouble === "outside" ? 1 : 2));
    if (i % 300 === 7) {
      rows.push(`9.${i},1,2,3,4`);
      unused.push(rows.length);
    }
  }
  // Rows of cases that failed are not used either.
  for (const [i, row] of rows.entries()) if (broken.has(row.split(",")[0])) unused.push(i + 1);
  unused.sort((a, b) => a - b);
  return { text: `${rows.join("\n")}\n`, labels, broken, findings, unusedLines: lineRanges(unused) };
}

function lineRanges(lines) {
  const ranges = [];
  for (const line of lines) {
    if (ranges.length > 0 && line === ranges.at(-1)[1] + 1) ranges.at(-1)[1] = line;
    else ranges.push([line, line]);
  }
  const shown = ranges.slice(0, 12).map(([a, b]) => (a === b ? `${a}` : `${a}-${b}`));
  const left = ranges.slice(12).reduce((sum, [a, b]) => sum + b - a + 1, 0);
  return `${shown.join(", ")}${left > 0 ? ` and ${left} more` : ""}`;
}
