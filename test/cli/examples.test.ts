import { execFile, execFileSync } from "node:child_process";
import { chmod, mkdir, mkdtemp, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { contentsOf, writeScans } from "../helpers/batch-scans.ts";
import { type BuiltCli, buildCli } from "../helpers/built-cli.ts";

/** Jobs of an array, in place of the fifty of the examples. */
const JOBS = 3;
const DOCS = join(import.meta.dirname, "../../docs");

let pleura: BuiltCli;
let root: string;
let scans: string;
let out: string;
let undisturbed: Map<string, string>;

beforeAll(async () => {
  pleura = await buildCli();
  root = await mkdtemp(join(tmpdir(), "pleura-examples-"));
  scans = join(root, "scans");
  await writeScans(scans, 6);
  await pleura.run("prep", scans, "--out", join(root, "undisturbed"));
  undisturbed = await contentsOf(join(root, "undisturbed"));
  // Where `npm install pleura` puts it.
  await mkdir(join(root, "node_modules/.bin"), { recursive: true });
  await symlink(join(pleura.folder, "cli.js"), join(root, "node_modules/.bin/pleura"));
  await chmod(join(pleura.folder, "cli.js"), 0o755);
}, 60_000);
afterAll(async () => {
  await rm(root, { recursive: true, force: true });
});
beforeEach(async () => {
  out = await mkdtemp(join(root, "out-"));
});

/** Runs a line of shell where pleura is installed; resolves with its exit status. */
function shell(line: string, variables: Readonly<Record<string, string>> = {}): Promise<number | null> {
  const path = [join(root, "node_modules/.bin"), process.env["PATH"]].join(delimiter);
  const env = { ...process.env, PATH: path, SCANS: scans, OUT: out, ...variables };
  return new Promise((resolve) => {
    const child = execFile("bash", ["-c", line], { cwd: root, env }, () => resolve(child.exitCode));
  });
}

/** The shards' statuses: one holds the case that is no scan. */
const ONE_FAILED = [0, 0, 1];

test("the SLURM array does all cases", async () => {
  const script = join(DOCS, "examples/slurm.sh");
  const statuses: (number | null)[] = [];
  for (let task = 1; task <= JOBS; task++) {
    statuses.push(await shell(script, { SLURM_ARRAY_TASK_ID: `${task}`, SLURM_ARRAY_TASK_COUNT: `${JOBS}` }));
  }
  expect(statuses.sort()).toEqual(ONE_FAILED);
  expect(await contentsOf(out)).toEqual(undisturbed);
});

test("the indexed Kubernetes job does all cases", async () => {
  const job = await readFile(join(DOCS, "examples/kubernetes.yaml"), "utf8");
  const [, completions] = /completions: (\d+)/.exec(job) ?? [];
  const [, args = ""] = /args: \['([^']+)'\]/.exec(job) ?? [];
  expect(args).toContain(`/${completions}"`);
  const line = args.replace("/scans", scans).replace("/prepared", out).replace(`/${completions}"`, `/${JOBS}"`);
  const statuses: (number | null)[] = [];
  for (let index = 0; index < JOBS; index++) statuses.push(await shell(line, { JOB_COMPLETION_INDEX: `${index}` }));
  expect(statuses.sort()).toEqual(ONE_FAILED);
  expect(await contentsOf(out)).toEqual(undisturbed);
});

function has(program: string): boolean {
  try {
    execFileSync(program, ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

test.skipIf(!has("parallel"))("GNU parallel does all cases", async () => {
  const docs = await readFile(join(DOCS, "BATCH.md"), "utf8");
  const [, line = ""] = /```\n(parallel .+)\n```/.exec(docs) ?? [];
  const fewer = line.replaceAll("8", `${JOBS}`).replace("npx ", "");
  // The status is the number of jobs that failed.
  expect(await shell(fewer.replace("/archive/scans", scans).replace("/data/prepared", out))).toBe(1);
  expect(await contentsOf(out)).toEqual(undisturbed);
});
