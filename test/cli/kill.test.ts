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

let pleura: BuiltCli;
let root: string;
let scans: string;
let undisturbed: Map<string, string>;
/** What a run takes that nobody disturbs, milliseconds. */
let whole: number;

beforeAll(async () => {
  pleura = await buildCli();
  root = await mkdtemp(join(tmpdir(), "pleura-kill-"));
  scans = join(root, "scans");
  await writeScans(scans, 8);
  const began = performance.now();
  await pleura.run("prep", scans, "--out", join(root, "undisturbed"), "--workers", "2");
  whole = performance.now() - began;
  undisturbed = await contentsOf(join(root, "undisturbed"));
  expect([...undisturbed.keys()].filter((name) => name.endsWith("_clean.npy")).length).toBe(8);
}, 60_000);
afterAll(async () => {
  await rm(root, { recursive: true, force: true });
});

/**
 * Kills, at a random moment, the whole run, its parent or one worker, and waits until the parent is gone.
 *
 * @returns whether there was still something to be killed
 */
async function disturb(out: string, random: () => number): Promise<boolean> {
  const child = pleura.start("prep", scans, "--out", out, "--workers", "2");
  const gone = new Promise((resolve) => child.once("close", resolve));
  await Promise.race([pause(random() * whole), gone]);
  const pid = child.pid as number;
  const target = [-pid, pid, pick(workersOf(pid), random) ?? pid][Math.floor(random() * 3)] as number;
  const wasThere = child.exitCode === null && kill(target);
  await gone;
  return wasThere;
}

function kill(pid: number): boolean {
  try {
    return process.kill(pid, "SIGKILL");
  } catch {
    // It has ended meanwhile.
    return false;
  }
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
    for (let kills = 0; kills < KILLS; ) {
      if (await disturb(out, random)) kills++;
      const now = await completed(out);
      for (const [name, time] of before) expect([name, now.get(name)]).toEqual([name, time]);
      before = now;
      if (before.size === 8 || kills % 5 === 0) await settle();
    }
    expect(finished).toBeGreaterThan(0);
  },
);
