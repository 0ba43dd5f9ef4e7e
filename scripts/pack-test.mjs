/**
 * Installs the tarball of `npm pack` into an empty folder, as a user would, and tries what is
 * promised there: the command line, the page that it serves, the four entry points at run time, and
 * their types in a strict TypeScript file under both ways of resolving modules; that what a page
 * may import asks for nothing of Node's; and that the installation is small and runs no scripts.
 */
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { installTarball } from "./lib/install-tarball.mjs";
import { ROOT } from "./lib/paths.mjs";

const folder = installTarball();
const run = (command, args) => {
  console.log(`$ ${[command, ...args].join(" ")}`);
  execFileSync(command, args, { cwd: folder, stdio: "inherit" });
};

const CONSUMER = `
import { type BitVolume, type Lungs, prepare, segmentLungs, type Volume } from "pleura";
import { prepAll, readSeries } from "pleura/node";
import * as browser from "pleura/browser";
import { Connection, type Port, PROFILES, serveSession } from "pleura/worker";

const volume: Volume = await readSeries("scan/");
const lungs: Lungs = segmentLungs(volume);
const first: BitVolume = lungs.lung1;
const clean: Uint8Array = prepare(volume, lungs).clean.voxels;
const report = await prepAll(["scans"], { out: "prepared" });
for (const one of report.cases) {
  if (one.status === "failed") console.log(one.failure.stage, one.failure.measured, one.failure.limit);
}
console.log(first.count(), clean.length, Object.keys(browser));
const { port1, port2 } = new MessageChannel();
serveSession(port1 satisfies Port);
const session = new Connection(port2, ({ stage, done }) => console.log(stage, done));
const summary = await session.call("phantom", { slices: 48 }).then(() => session.call("run", PROFILES.grt123));
console.log(summary.lungs.rightMl);
// @ts-expect-error a volume is not a mask
first satisfies Volume;
`;

/** What runs in the consumer's folder: every entry point is there, and a session answers. */
const SESSION = `
import "pleura";
import "pleura/node";
import "pleura/browser";
import { Connection, PROFILES, serveSession } from "pleura/worker";

const { port1, port2 } = new MessageChannel();
serveSession(port1);
const session = new Connection(port2, () => {});
await session.call("phantom", { size: 128, slices: 48, spacing: [7, 2.8, 2.8] });
const { lungs } = await session.call("run", PROFILES.grt123);
console.log("A session found", Math.round(lungs.totalMl), "mL");
port1.close();
`;

/** Starts `pleura view` and looks at what it serves. */
async function tryView() {
  console.log("$ pleura view scan --no-open");
  const cli = join(folder, "node_modules/pleura/dist/cli.js");
  const view = spawn(process.execPath, [cli, "view", "scan", "--no-open"], {
    cwd: folder,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(view, "exit");
  try {
    const url = String((await once(view.stdout, "data"))[0]).trim();
    const page = await (await fetch(url)).text();
    const Authorization = `Bearer ${new URLSearchParams(new URL(url).hash.slice(1)).get("token")}`;
    const [, script] = /src="([^"]+\.js)"/.exec(page) ?? [];
    for (const path of [script, "service-worker.js", "scan/index.json", "scan/0"]) {
      const { status } = await fetch(new URL(path, url), { headers: { Authorization } });
      if (status !== 200) throw new Error(`pleura view answers ${status} for ${path}`);
    }
  } finally {
    view.kill("SIGINT");
  }
  const [status] = await ended;
  if (status !== 0) throw new Error(`pleura view ended with ${status}`);
}

const STRICT = {
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noEmit: true,
  target: "ES2022",
  lib: ["ES2023", "DOM"],
  types: ["node"],
  typeRoots: [join(ROOT, "node_modules/@types")],
  skipLibCheck: false,
};

/** Refuses an entry point for pages when it, or a file that it loads, imports a module of Node's. */
function checkForPages(entry) {
  const folderOfDist = join(folder, "node_modules/pleura/dist");
  const files = new Set([entry]);
  for (const file of files) {
    const text = readFileSync(join(folderOfDist, file), "utf8");
    for (const [, from] of text.matchAll(/(?:from|import|import\()\s*"([^"]+)"/g)) {
      if (from.startsWith("node:")) throw new Error(`${entry} loads ${file}, which imports ${from}`);
      if (from.startsWith("./")) files.add(from.slice(2));
    }
  }
}

/** What an installation may take, MB. */
const INSTALL_LIMIT_MB = 25;

/** Refuses an installation that is large, or whose packages run scripts when they are installed. */
function checkInstallation() {
  const modules = join(folder, "node_modules");
  let bytes = 0;
  for (const path of readdirSync(modules, { recursive: true })) {
    const file = statSync(join(modules, path));
    if (file.isFile()) bytes += file.size;
  }
  const megabytes = bytes / 1e6;
  console.log(`Installed ${megabytes.toFixed(1)} MB, at most ${INSTALL_LIMIT_MB} MB`);
  if (megabytes > INSTALL_LIMIT_MB) throw new Error(`an installation takes ${megabytes.toFixed(1)} MB`);
  const { packages } = JSON.parse(readFileSync(join(folder, "package-lock.json"), "utf8"));
  const withScripts = Object.keys(packages).filter((path) => packages[path].hasInstallScript);
  if (withScripts.length > 0) throw new Error(`install scripts: ${withScripts.join(", ")}`);
}

/** The queue's libraries are not installed with pleura: a command of the queue says which to install. */
function checkQueueHint() {
  const { status, stderr } = spawnSync("npx", ["pleura", "queue", "status", "--redis", "redis://127.0.0.1:1"], {
    cwd: folder,
    encoding: "utf8",
  });
  if (status === 0 || !/npm install bullmq@/.test(stderr)) throw new Error(`queue status says: ${stderr}`);
}

try {
  checkInstallation();
  checkQueueHint();
  run("npx", ["pleura", "phantom", "scan", "--size", "128", "--slices", "48", "--spacing", "7,2.8,2.8"]);
  run("npx", ["pleura", "prep", "scan", "--out", "prepared"]);
  const made = readdirSync(join(folder, "prepared")).sort().join(" ");
  const expected = "scan.json scan_clean.npy scan_label.npy scan_lungs.nii.gz";
  if (made !== expected) throw new Error(`prep left ${made}, not ${expected}`);
  for (const entry of ["index.js", "browser.js", "worker.js"]) checkForPages(entry);
  await tryView();
  writeFileSync(join(folder, "session.mjs"), SESSION);
  run(process.execPath, ["session.mjs"]);
  writeFileSync(join(folder, "consumer.ts"), CONSUMER);
  for (const [module, moduleResolution] of [
    ["NodeNext", "NodeNext"],
    ["ESNext", "Bundler"],
  ]) {
    const config = { compilerOptions: { ...STRICT, module, moduleResolution }, files: ["consumer.ts"] };
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
    run(process.execPath, [join(ROOT, "node_modules/typescript/bin/tsc"), "-p", "tsconfig.json"]);
  }
  console.log("The packed tarball installs, runs and type-checks.");
} finally {
  rmSync(folder, { recursive: true, force: true });
}
