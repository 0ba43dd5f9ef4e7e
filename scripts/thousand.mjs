/**
 * A long run: many cases, one in twenty of them broken on purpose. Checks that every sound case is
 * right, that every broken one is named with its cause, that memory stays flat, and compares the
 * pace with that of single cases:
 *
 *   share = sum over the sound cases of what one of the kind takes by itself ÷ workers ÷ time of the run
 *
 * The time of the run holds all else: listing, starting the workers, their first cases, the broken
 * cases, locks, and the end where one worker is idle. What a case takes by itself is the median of
 * seven in a warm process, once with the whole machine to itself and once with one core, which is
 * what a worker has when there are as many of them as cores: a process by itself lets a second core
 * compile, collect and read ahead.
 *
 *   npm run test:thousand [-- --cases 1000 --workers 2]
 *
 * Small phantoms and, where PLEURA_DATA has them, real scans. Each case is a folder of links.
 */
import { execFileSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { makePhantom } from "pleura";
import { prepAll, prepCase, writePhantom } from "pleura/node";
import { DATA } from "./lib/paths.mjs";

const { values } = parseArgs({
  options: { cases: { type: "string", default: "1000" }, workers: { type: "string", default: "" } },
});
const COUNT = Number(values.cases);
const WORKERS = Number(values.workers) || availableParallelism();
/** One case in so many is broken; one in so many is a real scan. */
const BROKEN_EVERY = 20;
const REAL_EVERY = 50;
/** Cases after which memory may not grow, and by how much it may still waver. */
const WARM = 50;
const WAVER = 1.1;

const scratch = mkdtempSync(join(tmpdir(), "pleura-thousand-"));
try {
  await main();
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

async function main() {
  const sound = await makeSound();
  const real = realScans();
  const broken = makeBroken(sound[0].folder);
  const expected = await singles([...sound, ...real]);
  const onOneCore = await pinned(() => singles([...sound, ...real]));
  const cases = new Map();
  for (let i = 0; i < COUNT; i++) {
    const kind = pickKind(i, { sound, real, broken });
    const name = `case-${String(i).padStart(4, "0")}`;
    linkCase(kind.folder, join(scratch, "cases", name));
    cases.set(name, kind);
  }

  const memory = [];
  const cpuBefore = cpuSeconds();
  const report = await prepAll([join(scratch, "cases")], {
    out: join(scratch, "out"),
    workers: WORKERS,
    onCase: () => memory.push([residentMegabytes("self"), ...childrenOf("self").map(residentMegabytes)]),
  });

  const wrong = report.cases.filter((result) => !isRight(result, cases.get(result.case), expected));
  for (const { case: name, status, failure } of wrong)
    console.log(`WRONG ${name}: ${status} ${failure?.message ?? ""}`);
  const flat = memoryIsFlat(memory);
  const alone = (what, measured) =>
    [...cases.values()].reduce((sum, kind) => sum + (measured.get(kind)?.[what] ?? 0), 0);
  console.log(`${report.cases.length} cases, ${WORKERS} workers: ${report.done} done, ${report.failed} failed`);
  console.log(`by cause: ${JSON.stringify(report.failures)}`);
  const seconds = report.milliseconds / 1000;
  compare("time, a single case having all cores", seconds, alone("seconds", expected) / WORKERS);
  if (onOneCore) compare("time, a single case having one core", seconds, alone("seconds", onOneCore) / WORKERS);
  // Where other programs run too, this is the figure to go by.
  compare("processor time", cpuSeconds() - cpuBefore, alone("cpuSeconds", onOneCore ?? expected));
  if (report.cases.length !== COUNT || wrong.length > 0 || !flat) process.exitCode = 1;
}

function compare(what, run, alone) {
  const share = ((alone / run) * 100).toFixed(0);
  console.log(`${what}: ${run.toFixed(1)} s; the sound cases one by one ${alone.toFixed(1)} s, ${share} %`);
}

async function makeSound() {
  const options = [
    { size: 64, slices: 24, spacing: [8, 5, 5], seed: 1 },
    { size: 96, slices: 40, spacing: [5, 3.4, 3.4], seed: 2 },
    { size: [64, 80], slices: 30, spacing: [7, 4.5, 4.5], seed: 3, nodules: 0 },
  ];
  const kinds = [];
  for (const [i, option] of options.entries()) {
    const folder = join(scratch, `sound-${i}`);
    await writePhantom(makePhantom(option), folder);
    kinds.push({ folder });
  }
  return kinds;
}

function realScans() {
  const folders = ["lidc-idri-0001", "lung-dx-a0002"].map((name) => join(DATA, "data", name));
  return folders.filter((folder) => existsSync(folder)).map((folder) => ({ folder }));
}

/** Five ways to be broken, each with the code that has to name it. */
function makeBroken(sound) {
  const folder = (name) => {
    mkdirSync(join(scratch, name));
    return join(scratch, name);
  };
  const files = readdirSync(sound).filter((name) => name.endsWith(".dcm"));
  const empty = folder("empty");
  const text = folder("text");
  writeFileSync(join(text, "readme.txt"), "not a scan\n");
  const single = folder("single");
  copyFileSync(join(sound, files[0]), join(single, files[0]));
  const gap = folder("gap");
  for (const file of files) if (file !== files[9]) copyFileSync(join(sound, file), join(gap, file));
  const cut = folder("cut");
  for (const file of files) copyFileSync(join(sound, file), join(cut, file));
  truncateSync(join(cut, files[5]), 4000);
  return [
    { folder: empty, code: "no-dicom" },
    { folder: text, code: "no-dicom" },
    { folder: single, code: "single-slice" },
    { folder: gap, code: "inconsistent-series" },
    { folder: cut, code: "truncated" },
  ];
}

function pickKind(i, { sound, real, broken }) {
  if (i % BROKEN_EVERY === BROKEN_EVERY - 1) return broken[Math.floor(i / BROKEN_EVERY) % broken.length];
  if (real.length > 0 && i % REAL_EVERY === 0) return real[(i / REAL_EVERY) % real.length];
  return sound[i % sound.length];
}

function linkCase(from, to) {
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync(from, { withFileTypes: true }))
    symlinkSync(join(from, entry.name), join(to, entry.name));
}

/** What each sound kind gives by itself, and the medians of what it takes, code compiled. */
async function singles(kinds) {
  const expected = new Map();
  for (const kind of kinds) {
    const out = join(scratch, "single-out");
    const runs = [];
    for (let i = 0; i < 7; i++) {
      const [began, cpuBegan] = [performance.now(), cpuSeconds()];
      await prepCase(kind.folder, { out, name: "one", force: true });
      runs.push({ seconds: (performance.now() - began) / 1000, cpuSeconds: cpuSeconds() - cpuBegan });
    }
    const median = (what) => runs.map((run) => run[what]).sort((x, y) => x - y)[3];
    const clean = readFileSync(join(out, "one_clean.npy"));
    expected.set(kind, { clean, seconds: median("seconds"), cpuSeconds: median("cpuSeconds") });
  }
  return expected;
}

/** Does something with one core for all threads of this process; gives nothing where that cannot be asked for. */
async function pinned(during) {
  const allow = (cores) => execFileSync("taskset", ["-acp", cores, String(process.pid)], { stdio: "ignore" });
  const before = /Cpus_allowed_list:\s*(\S+)/.exec(proc("self/status"))?.[1];
  try {
    allow(before.split(/[-,]/)[0]);
  } catch {
    return undefined;
  }
  try {
    return await during();
  } finally {
    allow(before);
  }
}

function isRight(result, kind, expected) {
  if (kind.code !== undefined) return result.status === "failed" && result.failure.code === kind.code;
  if (result.status !== "done") return false;
  return readFileSync(join(scratch, "out", `${result.case}_clean.npy`)).equals(expected.get(kind).clean);
}

/** Whether each process's highest memory of the last third is that of the time before, give or take. */
function memoryIsFlat(samples) {
  if (samples.length < 4 * WARM) return true;
  const peak = (from, to) => Math.max(...samples.slice(from, to).flat());
  const sum = (from, to) => Math.max(...samples.slice(from, to).map((all) => all.reduce((a, b) => a + b)));
  const third = Math.floor((samples.length - WARM) / 3);
  const early = [peak(WARM, WARM + third), sum(WARM, WARM + third)];
  const late = [peak(-third), sum(-third)];
  console.log(`memory: largest process ${early[0]} → ${late[0]} MB, all together ${early[1]} → ${late[1]} MB`);
  return late.every((value, i) => value <= early[i] * WAVER);
}

/** Processor time of this process and, on Linux, of the children that have ended. */
function cpuSeconds() {
  const { user, system } = process.cpuUsage();
  const fields = proc("self/stat").split(") ").at(-1).split(" ");
  const ticks = Number(fields[13] ?? 0) + Number(fields[14] ?? 0);
  return (user + system) / 1e6 + ticks / 100;
}

function residentMegabytes(pid) {
  return Math.round(Number(/VmRSS:\s*(\d+)/.exec(proc(`${pid}/status`))?.[1] ?? 0) / 1000);
}

function childrenOf(pid) {
  return proc(`${pid}/task/${process.pid}/children`).trim().split(" ").filter(Boolean);
}

function proc(path) {
  try {
    return readFileSync(`/proc/${path}`, "latin1");
  } catch {
    return "";
  }
}
