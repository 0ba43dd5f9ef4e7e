import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { casesOf } from "../../src/node/cases/plan-cases.ts";
import { addCases } from "../../src/queue/add-cases.ts";
import { parseRedisUrl } from "../../src/queue/address.ts";
import { caseJob } from "../../src/queue/case-job.ts";
import { withQueue } from "../../src/queue/case-queue.ts";
import { queueCounts } from "../../src/queue/queue-status.ts";
import { contentsOf, writeScans } from "../helpers/batch-scans.ts";
import { type BuiltCli, buildCli } from "../helpers/built-cli.ts";
import { type QueueWorker, startWorker } from "../helpers/queue-worker.ts";
import { REDIS_SERVER, startRedis, type TestRedis } from "../helpers/redis.ts";

/** `npm run test:queue` asks for 40. */
const KILLS = Number(process.env["PLEURA_KILLS"] ?? 2);
/** Cases that are added before each kill. */
const BATCH = 4;

let pleura: BuiltCli;
let root: string;
let redis: TestRedis;
const workers: QueueWorker[] = [];

beforeAll(async () => {
  if (REDIS_SERVER === undefined) return;
  pleura = await buildCli();
  root = await mkdtemp(join(tmpdir(), "pleura-queue-kill-"));
  redis = await startRedis();
}, 60_000);
afterEach(async () => {
  for (const worker of workers) worker.signal("SIGKILL");
  await Promise.all(workers.map(({ ended }) => ended));
});
afterAll(async () => {
  if (REDIS_SERVER === undefined) return;
  await redis.remove();
  await rm(root, { recursive: true, force: true });
});

const start = () => {
  const worker = startWorker(pleura, redis.url, "--workers", "1", "--lock", "2s", "--root", root);
  workers.push(worker);
  return worker;
};

/** Adds cases and gives the worker that is the first to be in the middle of one. */
async function addAndFindBusy(
  inputs: readonly string[],
  out: string,
  alive: readonly QueueWorker[],
): Promise<QueueWorker> {
  const busy = Promise.race(alive.map((worker) => worker.next(/^\S+: binarize$/m).then(() => worker)));
  const died = Promise.race(alive.map(({ ended }) => ended)).then(() =>
    Promise.reject(new Error("a worker has ended")),
  );
  await withQueue(parseRedisUrl(redis.url), async (queue) => {
    const jobs = (await casesOf(inputs, { out })).map((one) => caseJob(one, out, {}));
    await addCases(queue, jobs, () => undefined);
  });
  return Promise.race([busy, died]);
}

/** What a folder holds, but for what tells of copies: that depends on which cases were queued together, and which came first. */
async function withoutCopies(folder: string): Promise<Map<string, string>> {
  const contents = [...(await contentsOf(folder))];
  return new Map(contents.map(([name, text]) => [name, text.replace(/\{"code":"copied-scan"[^}]*\}/, "")]));
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
    const names = await writeScans(scans, BATCH * KILLS);
    await pleura.run("prep", scans, "--out", join(root, "local"));
    const out = join(root, "out");
    const killed: (string | undefined)[] = [];
    let alive = [start(), start()];
    for (let kill = 0; kill < KILLS; kill++) {
      const batch = names.slice(kill * BATCH, (kill + 1) * BATCH);
      if (kill === 0) batch.push("no-scan");
      // One that starts without Redis does not stay.
      for (const worker of alive) await worker.seen(/waiting for cases/);
      const busy = await addAndFindBusy(
        batch.map((name) => join(scans, name)),
        out,
        alive,
      );
      if (kill % 2 === 0) {
        busy.signal("SIGKILL");
        await busy.ended;
        killed.push(begun([busy]).at(-1));
        alive = [...alive.filter((worker) => worker !== busy), start()];
      } else {
        await redis.kill();
        await pause(300);
        await redis.restart();
      }
    }
    await untilAllEnded();
    for (const worker of alive) worker.signal("SIGTERM");
    expect(await Promise.all(alive.map(({ ended }) => ended))).toEqual([0, 0]);
    expect(await withQueue(parseRedisUrl(redis.url), queueCounts)).toMatchObject({ failed: 1, done: names.length });
    expect(await withoutCopies(out)).toEqual(await withoutCopies(join(root, "local")));
    const times = (list: readonly unknown[], name: string) => list.filter((one) => one === name).length;
    const all = begun(workers);
    for (const name of names) {
      const again = times(all, name) - 1;
      expect([name, again]).toEqual([name, expect.toBeOneOf(killed.includes(name) ? [0, times(killed, name)] : [0])]);
    }
  },
);

/** Names of the cases that were begun, once for each time. */
function begun(by: readonly QueueWorker[]): (string | undefined)[] {
  return by.flatMap(({ stderr }) => [...stderr.matchAll(/^(\S+): binarize$/gm)].map((match) => match[1]));
}
