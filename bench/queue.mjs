/**
 * What the queue costs: the same cases by `pleura prep --workers 1` and by `pleura queue work
 * --workers 1`, in turn, each from the start of the process to its end.
 *
 *   npm run bench:queue [-- [--cases 40] [--runs 5] [<folder of one series>]]
 *
 * Starts a redis-server of its own. Without a folder: lidc-idri-0001 of PLEURA_DATA, or a phantom
 * of the same size; each case is a folder of links to it.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { createServer } from "node:net";
import { cpus, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { ROOT } from "../scripts/lib/paths.mjs";
import { defaultScan } from "./default-scan.mjs";
import { median, printTable, withSpread } from "./measure.mjs";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { cases: { type: "string", default: "40" }, runs: { type: "string", default: "5" } },
});
const COUNT = Number(values.cases);
const RUNS = Number(values.runs);
const CLI = join(ROOT, "dist/cli.js");
const scratch = mkdtempSync(join(tmpdir(), "pleura-bench-queue-"));
const port = await freePort();
const redis = spawn("redis-server", ["--port", port, "--bind", "127.0.0.1", "--appendonly", "yes", "--dir", scratch], {
  stdio: "ignore",
});
try {
  await bench(resolve(positionals[0] ?? (await defaultScan(scratch))));
} finally {
  redis.kill("SIGKILL");
  rmSync(scratch, { recursive: true, force: true });
}

async function bench(scan) {
  const cases = join(scratch, "cases");
  for (let i = 0; i < COUNT; i++) link(scan, join(cases, `case-${String(i).padStart(3, "0")}`));
  const figures = { local: [], queue: [], add: [] };
  for (let run = 0; run < RUNS; run++) {
    figures.local.push(await local(cases, join(scratch, "local")));
    figures.add.push(await add(cases, join(scratch, "queue")));
    figures.queue.push(await work());
    for (const out of ["local", "queue"]) rmSync(join(scratch, out), { recursive: true });
  }
  console.log(`${scan}, ${COUNT} cases, ${RUNS} runs of each in turn: median (range)`);
  console.log(`${cpus()[0].model}, ${cpus().length} cores, Node ${process.version}\n`);
  const row = (name, of, what) => [
    name,
    withSpread(
      of.map((run) => run[what]),
      2,
    ),
  ];
  printTable([
    ["", "seconds"],
    row("prep --workers 1, wall", figures.local, "wall"),
    row("queue work --workers 1, wall", figures.queue, "wall"),
    row("prep --workers 1, processor", figures.local, "cpu"),
    row("queue work --workers 1, processor", figures.queue, "cpu"),
    row("queue add, wall", figures.add, "wall"),
  ]);
  const least = (of, what) => Math.min(...of.map((run) => run[what]));
  const over = (pick, what) => `${((pick(figures.queue, what) / pick(figures.local, what) - 1) * 100).toFixed(1)} %`;
  const middle = (of, what) => median(of.map((run) => run[what]));
  console.log();
  printTable([
    ["overhead", "of the medians", "of the least"],
    ["wall", over(middle, "wall"), over(least, "wall")],
    ["processor", over(middle, "cpu"), over(least, "cpu")],
  ]);
}

function local(cases, out) {
  return timed(["prep", cases, "--out", out, "--workers", "1"]);
}

function add(cases, out) {
  return timed(["queue", "add", cases, "--out", out, "--redis", `redis://127.0.0.1:${port}`]);
}

/** A worker does not end by itself: it is told to when the last case is done. */
function work() {
  const where = ["--redis", `redis://127.0.0.1:${port}`, "--root", scratch];
  return timed(["queue", "work", ...where, "--workers", "1"], (child, lines) => {
    if (lines === COUNT) child.kill("SIGTERM");
  });
}

async function timed(args, onLine = () => undefined) {
  const [began, cpuBegan] = [performance.now(), processorSeconds()];
  const child = spawn(process.execPath, [CLI, ...args], { stdio: ["ignore", "pipe", "ignore"] });
  let lines = 0;
  child.stdout.on("data", (text) => {
    lines += text.toString().split("\n").length - 1;
    onLine(child, lines);
  });
  const [status] = await once(child, "close");
  if (status !== 0) throw new Error(`pleura ${args.join(" ")} ended with status ${status}`);
  return { wall: (performance.now() - began) / 1000, cpu: processorSeconds() - cpuBegan };
}

/** Processor time of the processes that were started and have ended, and of Redis. */
function processorSeconds() {
  const ticks = (pid, fields) => {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1").split(") ").at(-1).split(" ");
    return fields.reduce((sum, field) => sum + Number(stat[field]), 0);
  };
  return (ticks("self", [13, 14]) + ticks(redis.pid, [11, 12])) / 100;
}

function link(from, to) {
  mkdirSync(to, { recursive: true });
  for (const name of readdirSync(from)) symlinkSync(join(from, name), join(to, name));
}

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  return String(port);
}
