import { readFileSync } from "node:fs";
import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { contentsOf, writeScans } from "../helpers/batch-scans.ts";
import { type BuiltCli, buildCli } from "../helpers/built-cli.ts";
import { seeded } from "../helpers/random.ts";

/** `npm run test:kill` asks for 100. */
const KILLS = Number(process.env["PLEURA_KILLS"] ?? 5);
/** A run of the scans takes about so long. */
const LONGEST_MS = 1500;

let pleura: BuiltCli;
let root: string;
let scans: string;
let undisturbed: Map<string, string>;

beforeAll(async () => {
  pleura = buildCli();
  root = await mkdtemp(join(tmpdir(), "pleura-kill-"));
  scans = join(root, "scans");
  await writeScans(scans, 8);
  await pleura.run("prep", scans, "--out", join(root, "undisturbed"));
  undisturbed = await contentsOf(join(root, "undisturbed"));
  expect([...undisturbed.keys()].filter((name) => name.endsWith("_clean.npy")).length).toBe(8);
}, 60_000);
afterAll(async () => {
  pleura.remove();
  await rm(root, { recursive: true, force: true });
});

/** Kills, at a random moment, the whole run, its parent or one worker; resolves when the parent is gone. */
async function disturb(out: string, random: () => number): Promise<void> {
  const child = pleura.start("prep", scans, "--out", out, "--workers", "2");
  const gone = new Promise((resolve) => child.once("close", resolve));
  await Promise.race([pause(random() * LONGEST_MS), gone]);
  const pid = child.pid as number;
  const target = [-pid, pid, pick(workersOf(pid), random)][Math.floor(random() * 3)];
  try {
    if (target !== undefined) process.kill(target, "SIGKILL");
  } catch {
    // It was done before.
  }
  await gone;
}

function workersOf(pid: number): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, "latin1").trim().split(" ").filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

function pick<T>(items: readonly T[], random: () => number): T | undefined {
  return items[Math.floor(random() * items.length)];
}

/** When each complete case was completed. */
async function completed(out: string): Promise<Map<string, number>> {
  const times = new Map<string, number>();
  for (const name of await readdir(out).catch(() => [])) {
    if (name.endsWith(".json")) times.set(name, (await stat(join(out, name))).mtimeMs);
  }
  return times;
}

test.skipIf(process.platform !== "linux")(
  `after each of ${KILLS} kills the same command completes what is missing, and nothing twice`,
  { timeout: 30_000 + KILLS * 10_000 },
  async () => {
    const random = seeded(20260721);
    let out = await mkdtemp(join(root, "out-"));
    let finished = 0;
    let before = new Map<string, number>();
    const settle = async () => {
      const { status } = await pleura.run("prep", scans, "--out", out, "--workers", "2");
      expect(status).toBe(1);
      for (const [name, time] of before) expect([name, (await stat(join(out, name))).mtimeMs]).toEqual([name, time]);
      expect(await contentsOf(out)).toEqual(undisturbed);
      finished++;
      out = await mkdtemp(join(root, "out-"));
      before = new Map();
    };
    for (let kill = 0; kill < KILLS; kill++) {
      await disturb(out, random);
      const now = await completed(out);
      for (const [name, time] of before) expect([name, now.get(name)]).toEqual([name, time]);
      before = now;
      if (before.size === 8 || kill % 5 === 4) await settle();
    }
    expect(finished).toBeGreaterThan(0);
  },
);
