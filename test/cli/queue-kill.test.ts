import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { parseRedisUrl } from "../../src/queue/address.ts";
import { withQueue } from "../../src/queue/case-queue.ts";
import { queueCounts } from "../../src/queue/queue-status.ts";
import { contentsOf, writeScans } from "../helpers/batch-scans.ts";
import { type BuiltCli, buildCli } from "../helpers/built-cli.ts";
import { type QueueWorker, startWorker } from "../helpers/queue-worker.ts";
import { REDIS_SERVER, startRedis, type TestRedis } from "../helpers/redis.ts";

/** `npm run test:queue` asks for 40. */
const KILLS = Number(process.env["PLEURA_KILLS"] ?? 2);
const SCANS = 6 + 5 * KILLS;

let pleura: BuiltCli;
let root: string;
let redis: TestRedis;
const workers: QueueWorker[] = [];

beforeAll(async () => {
  if (REDIS_SERVER === undefined) return;
  pleura = buildCli();
  root = await mkdtemp(join(tmpdir(), "pleura-queue-kill-"));
  redis = await startRedis();
}, 60_000);
afterEach(async () => {
  for (const worker of workers) worker.signal("SIGKILL");
  await Promise.all(workers.map(({ ended }) => ended));
});
afterAll(async () => {
  if (REDIS_SERVER === undefined) return;
  pleura.remove();
  await redis.remove();
  await rm(root, { recursive: true, force: true });
});

const start = () => {
  const worker = startWorker(pleura, redis.url, "--workers", "1", "--lock", "2s");
  workers.push(worker);
  return worker;
};

/** Kills a worker in the middle of a case; gives the case. */
async function killBusy(worker: QueueWorker): Promise<string> {
  const cases = [...worker.stderr.matchAll(/^(\S+): binarize$/gm)].length;
  const busy = worker.seen(new RegExp(`(?:^\\S+: binarize$[^]*){${cases + 1}}`, "m"));
  await Promise.race([
    busy,
    worker.ended.then((status) => Promise.reject(new Error(`ended with ${status}: ${worker.stderr}`))),
  ]);
  worker.signal("SIGKILL");
  await worker.ended;
  return [...worker.stderr.matchAll(/^(\S+): binarize$/gm)].at(-1)?.[1] as string;
}

async function untilAllEnded(): Promise<void> {
  for (;;) {
    const { waiting, active, held } = await withQueue(parseRedisUrl(redis.url), queueCounts);
    if (waiting + active + held === 0) return;
    await pause(100);
  }
}

test.skipIf(REDIS_SERVER === undefined)(
  `two workers, ${KILLS} kills of workers and of Redis in turn: all is done, as by a local run, and nothing twice but what was killed`,
  { timeout: 120_000 + KILLS * 20_000 },
  async () => {
    const scans = join(root, "scans");
    const names = await writeScans(scans, SCANS);
    await pleura.run("prep", scans, "--out", join(root, "local"));
    const out = join(root, "out");
    await pleura.run("queue", "add", scans, "--out", out, "--redis", redis.url);
    const killed: string[] = [];
    let [first, second] = [start(), start()];
    for (let kill = 0; kill < KILLS; kill++) {
      if (kill % 2 === 0) {
        killed.push(await killBusy(first));
        [first, second] = [second, start()];
      } else {
        // One that starts without Redis does not stay.
        for (const worker of [first, second]) await worker.seen(/waiting for cases/);
        await redis.kill();
        await pause(300);
        await redis.restart();
      }
    }
    await untilAllEnded();
    first.signal("SIGTERM");
    second.signal("SIGTERM");
    expect(await Promise.all([first.ended, second.ended])).toEqual([0, 0]);
    expect(await withQueue(parseRedisUrl(redis.url), queueCounts)).toMatchObject({ failed: 1, done: names.length });
    expect(await contentsOf(out)).toEqual(await contentsOf(join(root, "local")));
    const begun = workers.flatMap(({ stderr }) => [...stderr.matchAll(/^(\S+): binarize$/gm)].map((match) => match[1]));
    for (const name of names) {
      const times = begun.filter((one) => one === name).length;
      expect([name, times]).toEqual([name, expect.toSatisfy((n: number) => n >= 1 && n <= 1 + count(killed, name))]);
    }
  },
);

function count(names: readonly string[], name: string): number {
  return names.filter((one) => one === name).length;
}
