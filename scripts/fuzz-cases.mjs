/**
 * Damages whole cases at random and prepares them with `prepAll`, the function behind `pleura prep`.
 *
 *   npm run fuzz:cases -- [--count 2000] [--seed 1] [--only <attempt>] [--cli 20]
 *
 * A series of 30 slices, as DICOM files, as a .zip, as NIfTI and as MetaImage, loses slices, is cut, swapped, doubled,
 * retagged, moved, or has bits flipped. What may come of it: an error; a finding that the undamaged case has not; or the same
 * volume, lungs and place as without damage. Anything else is silent. What nothing in the data can tell
 * (`UNDETECTABLE` in scripts/lib/fuzz-damages.mjs) is counted apart. A sample, `--cli`, also goes through the
 * command line, which has to end in the same way.
 *
 * Exit status 1 when a detectable damage was silent, when an error had no known code, or when the command line
 * ended otherwise. The same seed and attempt give the same damage.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { PleuraError } from "pleura";
import { prepAll } from "pleura/node";
import { damage } from "./lib/fuzz-damages.mjs";
import { undamagedForms } from "./lib/fuzz-forms.mjs";
import { ROOT } from "./lib/paths.mjs";

const { values: flags } = parseArgs({
  options: {
    count: { type: "string", default: "2000" },
    seed: { type: "string", default: "1" },
    only: { type: "string" },
    cli: { type: "string", default: "20" },
  },
});
const [count, seed] = [Number(flags.count), Number(flags.seed)];
const OUTCOMES = ["error", "finding", "same", "undetectable", "silent"];

/** Gives integers from 0 to n - 1; each attempt has a sequence of its own (mulberry32). */
function randomOf(attempt) {
  let state = (Math.imul(seed, 0x9e3779b1) ^ Math.imul(attempt + 1, 0x85ebca6b)) >>> 0;
  return (n) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * n);
  };
}

const folder = mkdtempSync(join(tmpdir(), "pleura-fuzz-cases-"));
const OUT = join(folder, "out");

function writeCase(files) {
  for (const [name, bytes] of files) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, bytes);
  }
}

function clear() {
  for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true, force: true });
}

/** What the finished cases in the output folder are: digests of what a network reads, and their findings. */
function results() {
  const manifests = existsSync(OUT) ? readdirSync(OUT).filter((name) => /^[^.].*(?<!\.failed)\.json$/.test(name)) : [];
  return manifests.map((name) => {
    const manifest = JSON.parse(readFileSync(join(OUT, name), "utf8"));
    const hash = createHash("sha256").update(JSON.stringify(manifest.geometry));
    for (const file of Object.keys(manifest.outputs).sort()) {
      if (/_(clean\.npy|lungs\.nii\.gz)$/.test(file)) hash.update(readFileSync(join(OUT, file)));
    }
    const findings = manifest.findings.map(({ code, measured }) => `${code}: ${measured}`);
    return { case: name.slice(0, -".json".length), digest: hash.digest("hex"), findings };
  });
}

/** How a damaged case ended, beside the undamaged one. */
function outcomeOf(error, done, undamaged) {
  if (error !== undefined) return "error";
  if (done.some(({ findings }) => findings.some((finding) => !undamaged.findings.includes(finding)))) return "finding";
  return done.length === 1 && done[0].digest === undamaged.digest ? "same" : "silent";
}

/** Prepares what is in the folder. */
async function prepare(input) {
  let error;
  try {
    const report = await prepAll([join(folder, input)], { out: OUT, workers: 1 });
    const failed = report.cases.find(({ status }) => status === "failed");
    if (failed !== undefined) error = failed.failure ?? failed;
  } catch (cause) {
    if (!(cause instanceof PleuraError)) throw cause;
    error = { code: cause.code, message: cause.message };
  }
  return { error, done: results() };
}

/** How `pleura prep` ends with the same files. */
function throughCommandLine(input, undamaged) {
  rmSync(OUT, { recursive: true, force: true });
  const cli = join(ROOT, "dist/cli.js");
  const { status } = spawnSync(process.execPath, [cli, "prep", join(folder, input), "--out", OUT, "--quiet"]);
  return outcomeOf(status === 0 ? undefined : { code: status }, results(), undamaged);
}

const table = {};
const bad = [];
const reasons = {};
const began = performance.now();
try {
  const forms = await undamagedForms();
  const undamaged = new Map();
  for (const form of forms) {
    writeCase(form.files);
    const { error, done } = await prepare(form.input);
    if (error !== undefined || done.length !== 1)
      throw new Error(`${form.name} cannot be prepared undamaged: ${error}`);
    undamaged.set(form, done[0]);
    clear();
  }
  const attempts = flags.only === undefined ? Array.from({ length: count }, (_, i) => i) : [Number(flags.only)];
  const sampled = Math.max(1, Math.floor(attempts.length / Math.max(1, Number(flags.cli))));
  for (const attempt of attempts) {
    const random = randomOf(attempt);
    const form = forms[random(forms.length)];
    const { kind, what, files, undetectable } = damage(form, random);
    writeCase(files);
    const before = undamaged.get(form);
    const { error, done } = await prepare(form.input);
    const outcome = outcomeOf(error, done, before);
    const counted = outcome === "silent" && undetectable !== undefined ? "undetectable" : outcome;
    table[kind] ??= Object.fromEntries(OUTCOMES.map((name) => [name, 0]));
    table[kind][counted]++;
    const line = `--seed ${seed} --only ${attempt}: ${form.name}, ${kind}, ${what}`;
    if (counted === "undetectable") reasons[undetectable] = (reasons[undetectable] ?? 0) + 1;
    if (counted === "silent") bad.push(`silent     ${line}`);
    if (error?.code === "crashed") bad.push(`crashed    ${line}: ${error.message}`);
    if (Number(flags.cli) > 0 && attempt % sampled === 0) {
      const other = throughCommandLine(form.input, before);
      if (other !== outcome) bad.push(`cli        ${line}: ${other} in place of ${outcome}`);
    }
    if (flags.only !== undefined) {
      console.log(line, counted, error ?? done.map(({ findings }) => findings), before.findings);
    }
    clear();
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

const total = Object.fromEntries(
  OUTCOMES.map((name) => [name, Object.values(table).reduce((sum, row) => sum + row[name], 0)]),
);
console.table({ ...Object.fromEntries(Object.entries(table).sort()), all: total });
for (const [reason, n] of Object.entries(reasons)) console.log(`undetectable: ${n} × ${reason}`);
for (const line of bad) console.log(line);
console.log(
  `${Object.values(total).reduce((sum, n) => sum + n, 0)} damages, seed ${seed}, ${((performance.now() - began) / 1000).toFixed(0)} s`,
);
process.exitCode = bad.length > 0 ? 1 : 0;
