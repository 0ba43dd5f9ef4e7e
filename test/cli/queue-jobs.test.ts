import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Queue } from "bullmq";
import { Redis } from "ioredis";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { parseRedisUrl } from "../../src/queue/address.ts";
import { QUEUE_NAME, withQueue } from "../../src/queue/case-queue.ts";
import { queueCounts } from "../../src/queue/queue-status.ts";
import { writeScans } from "../helpers/batch-scans.ts";
import { type BuiltCli, buildCli } from "../helpers/built-cli.ts";
import { type QueueWorker, startWorker } from "../helpers/queue-worker.ts";
import { REDIS_SERVER, startRedis, type TestRedis } from "../helpers/redis.ts";

let pleura: BuiltCli;
let root: string;
let scans: string;
let out: string;
let redis: TestRedis;
let connection: Redis;
/** As somebody has it who can write to Redis, and needs nothing of pleura for it. */
let raw: Queue;
let workers: QueueWorker[] = [];

beforeAll(async () => {
  if (REDIS_SERVER === undefined) return;
  pleura = await buildCli();
  root = await mkdtemp(join(tmpdir(), "pleura-jobs-"));
  scans = join(root, "scans");
  await writeScans(scans, 1);
  redis = await startRedis();
  connection = new Redis(redis.url, { maxRetriesPerRequest: null });
  raw = new Queue(QUEUE_NAME, { connection });
}, 60_000);
afterAll(async () => {
  if (REDIS_SERVER === undefined) return;
  connection.disconnect();
  await redis.remove();
  await rm(root, { recursive: true, force: true });
});
beforeEach(async () => {
  if (REDIS_SERVER === undefined) return;
  out = await mkdtemp(join(root, "out-"));
  await redis.clear();
});
afterEach(async () => {
  for (const worker of workers) worker.signal("SIGKILL");
  await Promise.all(workers.map(({ ended }) => ended));
  workers = [];
});

const queue = (command: string, ...args: string[]) => pleura.run("queue", command, ...args, "--redis", redis.url);
const counts = () => withQueue(parseRedisUrl(redis.url), queueCounts);
const work = (...flags: string[]) => {
  const worker = startWorker(pleura, redis.url, "--workers", "1", "--lock", "4s", ...flags);
  workers.push(worker);
  return worker;
};
const until = (expected: object) =>
  vi.waitFor(async () => expect(await counts()).toMatchObject(expected), { timeout: 60_000, interval: 200 });
const sound = () => ({ folder: join(scans, "case-01"), options: { out, name: "case-01" } });
const failures = async () => {
  const { status, stdout } = await queue("failed", "--json");
  expect(status).toBe(0);
  return JSON.parse(stdout) as { case: string; folder?: string; failure: { code: string; message: string } }[];
};

describe.skipIf(REDIS_SERVER === undefined)("jobs that pleura has not made", { timeout: 120_000 }, () => {
  test("break no other, neither at the worker nor for failed, retry, status and add", async () => {
    const victim = join(root, "victim");
    await mkdir(victim, { recursive: true });
    await writeFile(join(victim, "notes.json"), "{}");
    const { options, folder } = sound();
    const bad: unknown[] = [
      null,
      [],
      "text",
      {},
      { folder },
      { folder, options: null },
      { folder, options: { ...options, name: "no/such" } },
      { folder, options: { ...options, name: "../victim/notes" } },
      { folder, options: { ...options, name: "\u001b[2J" } },
      { folder, options: { ...options, out: "relative" } },
      { folder, options: { ...options, out: `${out}/../victim` } },
      { folder: 7, options },
      { folder, options: { ...options, profile: "constructor" } },
      { folder, options: { ...options, series: "x".repeat(1000) } },
      { folder, options: { ...options, stages: "yes" } },
      { folder, options: { ...options, volumeMemory: {} } },
      { folder, options, forgiven: -1 },
    ];
    for (const data of bad) await raw.add("\u001b[31mname", data);
    await raw.add("x", {}, { jobId: "no JSON" });
    await connection.hset(raw.toKey("no JSON"), "data", "{not JSON");
    await raw.add("x", {}, { jobId: "no options" });
    await connection.hset(raw.toKey("no options"), "opts", "{not JSON");
    await raw.add("sound", sound());

    const worker = work("--root", out);
    await worker.seen(/^case-01 {2}done/m);
    await until({ waiting: 0, active: 0, failed: bad.length + 2, done: 1 });
    expect(await readdir(victim)).toEqual(["notes.json"]);

    const listed = await failures();
    expect(listed.length).toBe(bad.length + 2);
    expect(new Set(listed.map((one) => one.failure.code))).toEqual(new Set(["invalid-job"]));
    expect(listed.every((one) => /^job-[0-9a-f]{12}$/.test(one.case) && one.folder === undefined)).toBe(true);
    const said = worker.stdout + worker.stderr + (await queue("failed")).stdout;
    expect(said).not.toContain("\u001b");
    expect(said).not.toContain("not JSON");

    const retried = await queue("retry");
    expect(retried.status).toBe(1);
    expect(retried.stdout.match(/^job-\w+ {2}failed {2}this is not the job of a case/gm)?.length).toBe(bad.length + 2);
    expect((await queue("add", join(scans, "case-01"), "--out", out)).stdout).toBe(
      "case-01  done  its outputs stand\n",
    );
    expect((await queue("status")).stdout).toContain(`${bad.length + 2} failed`);
    expect((await queue("drain", "--failed")).stdout).toBe(`${bad.length + 2} taken out\n`);
    expect(await counts()).toMatchObject({ failed: 0, done: 1 });
  });

  test("neither does one whose reason or record was overwritten after it failed", async () => {
    await mkdir(join(scans, "no-scan"), { recursive: true });
    await queue("add", scans, "--out", out);
    await work("--root", out).seen(/^no-scan {2}failed/m);
    await until({ failed: 1, done: 1 });
    const [id] = await raw.getRanges(["failed"], 0, 0);
    for (const reason of ["null", "5", "{}", '{"code":1,"stage":2,"message":3}', "a text"]) {
      await connection.hset(raw.toKey(id as string), "failedReason", reason);
      expect(await failures()).toMatchObject([{ case: "no-scan", failure: { code: "crashed", stage: "queue" } }]);
    }
    await connection.hset(raw.toKey(id as string), "opts", "{");
    await connection.zadd(raw.toKey("failed"), Date.now(), "a string in place of a record");
    await connection.set(raw.toKey("a string in place of a record"), "x");
    expect((await failures()).map((one) => one.failure.code)).toEqual(["crashed", "crashed"]);
    expect((await queue("retry")).stdout.match(/not the job of a case/g)?.length).toBe(2);
  });
});

describe.skipIf(REDIS_SERVER === undefined)("a worker writes below its roots only", { timeout: 120_000 }, () => {
  test("and cannot be started without one, or with one that is not there", async () => {
    const none = await queue("work");
    expect(none.status).toBe(2);
    expect(none.stderr).toContain("required option '--root <dir>' not specified");
    const missing = await queue("work", "--root", join(root, "nowhere"));
    expect(missing).toMatchObject({ status: 2, stderr: expect.stringContaining("There is no such folder") });
  });

  test("whatever links lead elsewhere", async () => {
    const allowed = join(out, "allowed");
    const elsewhere = join(out, "elsewhere");
    await mkdir(join(allowed, "hidden"), { recursive: true });
    await mkdir(elsewhere);
    await writeFile(join(elsewhere, "case-01.json"), "{}");
    await symlink(elsewhere, join(allowed, "link"));
    await symlink(join(out, "not there yet"), join(allowed, "dangling"));
    await symlink(elsewhere, join(allowed, "hidden/.pleura"));
    await symlink(allowed, join(out, "alias"));
    const outs = {
      elsewhere: false,
      "allowed-too": false,
      "allowed/link": false,
      "allowed/link/deeper": false,
      "allowed/dangling": false,
      "allowed/dangling/deeper": false,
      "allowed/hidden": false,
      allowed: true,
      "allowed/new/deeper": true,
      "alias/other": true,
    };
    for (const path of Object.keys(outs)) {
      const { folder, options } = sound();
      await raw.add("case-01", { folder, options: { ...options, out: join(out, path) } });
    }
    work("--root", join(out, "alias"), "--root", join(root, "scans"));
    const allowedCount = Object.values(outs).filter(Boolean).length;
    await until({ waiting: 0, active: 0, failed: Object.keys(outs).length - allowedCount, done: allowedCount });
    const listed = await failures();
    expect(new Set(listed.map((one) => one.failure.code))).toEqual(new Set(["outside-root"]));
    expect(listed[0]?.failure.message).toMatch(/lies outside of where this worker may write.*--root/);
    expect(await readdir(elsewhere)).toEqual(["case-01.json"]);
    expect(await readFile(join(elsewhere, "case-01.json"), "utf8")).toBe("{}");
    expect(existsSync(join(out, "not there yet"))).toBe(false);
    for (const [path, isAllowed] of Object.entries(outs)) {
      if (isAllowed) expect(existsSync(join(out, path, "case-01_clean.npy"))).toBe(true);
    }
  });

  test("and reads below others only, where such are named", async () => {
    const { folder, options } = sound();
    await symlink(scans, join(out, "link"));
    await raw.add("case-01", { folder: join(out, "link/case-01"), options });
    await raw.add("other", { folder, options: { ...options, name: "other" } });
    const worker = work("--root", out, "--input-root", out);
    await until({ failed: 2 });
    expect((await failures()).map((one) => one.failure.code)).toEqual(["outside-root", "outside-root"]);
    expect(worker.stdout).toContain("lies outside of where this worker may read");
    worker.signal("SIGTERM");
    await worker.ended;
    expect((await queue("retry", "other")).stdout).toBe("other  added\n");
    await work("--root", out, "--input-root", scans).seen(/^other {2}done/m);
  });
});
