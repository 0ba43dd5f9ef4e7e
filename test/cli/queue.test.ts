import { access, cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { casesOf } from "../../src/node/cases/plan-cases.ts";
import { makePhantom } from "../../src/phantom/phantom.ts";
import { addCases } from "../../src/queue/add-cases.ts";
import { parseRedisUrl } from "../../src/queue/address.ts";
import { caseJob } from "../../src/queue/case-job.ts";
import { withQueue } from "../../src/queue/case-queue.ts";
import { type QueueCounts, queueCounts } from "../../src/queue/queue-status.ts";
import { putSeries } from "../helpers/archive.ts";
import { contentsOf, writeScans } from "../helpers/batch-scans.ts";
import { type BuiltCli, buildCli } from "../helpers/built-cli.ts";
import { dicomFile, words } from "../helpers/dicom.ts";
import { HANG, SIGTERM_PARENT, whenDoomedIsRead } from "../helpers/misbehave.ts";
import { type QueueWorker, startWorker } from "../helpers/queue-worker.ts";
import { PASSWORD, REDIS_SERVER, startRedis, type TestRedis } from "../helpers/redis.ts";

let pleura: BuiltCli;
let root: string;
let scans: string;
let out: string;
let redis: TestRedis;
let workers: QueueWorker[] = [];

beforeAll(async () => {
  if (REDIS_SERVER === undefined) return;
  pleura = await buildCli();
  root = await mkdtemp(join(tmpdir(), "pleura-queue-"));
  scans = join(root, "scans");
  await writeScans(scans, 4);
  redis = await startRedis();
}, 60_000);
afterAll(async () => {
  if (REDIS_SERVER === undefined) return;
  await redis.remove();
  await rm(root, { recursive: true, force: true });
});
beforeEach(async () => {
  if (REDIS_SERVER === undefined) return;
  out = await mkdtemp(join(root, "out-"));
  await redis.clear();
});
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const worker of workers) worker.signal("SIGKILL");
  await Promise.all(workers.map(({ ended }) => ended));
  workers = [];
});

const queue = (command: string, ...args: string[]) => pleura.run("queue", command, ...args, "--redis", redis.url);
/** What `queue add` does, without the start of a process. */
const add = async (input: string) => {
  const jobs = (await casesOf([input], { out })).map((one) => caseJob(one, out, {}));
  await withQueue(parseRedisUrl(redis.url), (all) => addCases(all, jobs, () => undefined));
};
const counts = (): Promise<QueueCounts> => withQueue(parseRedisUrl(redis.url), queueCounts);
const work = (...flags: string[]) => {
  const worker = startWorker(pleura, redis.url, "--workers", "1", "--root", root, ...flags);
  workers.push(worker);
  return worker;
};
/** Resolves when a worker has said how so many cases ended. */
const ended = (worker: QueueWorker, count: number) => worker.seen(new RegExp(`(?:^\\S+ {2}.*\\n){${count}}`, "m"));
const outcomes = (stdout: string) =>
  stdout
    .trimEnd()
    .split("\n")
    .map((line) => line.split("  ").slice(0, 2).join(" "));

describe.skipIf(REDIS_SERVER === undefined)("a queue in Redis", () => {
  test("add makes one job a case, whatever was there before", async () => {
    const all = ["case-01", "case-02", "case-03", "case-04", "no-scan"];
    const each = (outcome: string) => all.map((name) => `${name} ${outcome}`);
    const adding = async (...flags: string[]) => {
      const { stdout } = await queue("add", scans, "--out", out, ...flags);
      return outcomes(stdout);
    };
    expect(await adding()).toEqual(each("added"));
    expect(await adding("--fill-gaps")).toEqual(each("changed"));
    expect(await adding("--fill-gaps")).toEqual(each("queued"));
    expect(await counts()).toMatchObject({ waiting: 5 });

    const worker = work();
    await ended(worker, 5);
    await vi.waitFor(async () =>
      expect(await counts()).toEqual({ waiting: 0, active: 0, held: 0, failed: 1, done: 4 }),
    );
    await rm(join(out, "case-02_clean.npy"));
    expect(await adding("--fill-gaps")).toEqual([
      "case-01 done",
      "case-02 added",
      "case-03 done",
      "case-04 done",
      "no-scan added",
    ]);
    await ended(worker, 7);
    expect(outcomes(worker.stdout).slice(5).sort()).toEqual(["case-02 done", "no-scan failed"]);
    expect((await readdir(out)).includes("case-02_clean.npy")).toBe(true);
  });

  test("a failed case keeps its cause, and is done when it is put right and retried", async () => {
    const cases = join(root, "to be mended");
    await cp(join(scans, "case-01"), join(cases, "gap"), { recursive: true });
    await rm(join(cases, "gap/IMG0010.dcm"));
    await mkdir(join(cases, "empty"));
    await add(cases);
    const worker = work();
    await ended(worker, 2);
    await vi.waitFor(async () => expect(await counts()).toMatchObject({ failed: 2 }));
    const { stdout } = await queue("failed", "--json");
    const listed = JSON.parse(stdout) as { case: string }[];
    expect(listed.find((one) => one.case === "gap")).toMatchObject({
      folder: join(cases, "gap"),
      out,
      failure: { code: "inconsistent-series", stage: "read", measured: expect.any(String), limit: expect.any(String) },
    });
    expect((await queue("failed")).stdout).toMatch(/^empty {2}failed {2}read: There is no DICOM file here/m);

    await cp(join(scans, "case-01/IMG0010.dcm"), join(cases, "gap/IMG0010.dcm"));
    expect(await queue("retry", "gap")).toEqual({ status: 0, stdout: "gap  added\n", stderr: "" });
    await worker.seen(/^gap {2}done/m);
    await vi.waitFor(async () => expect(await counts()).toMatchObject({ failed: 1, done: 1 }));
    expect(await queue("retry", "gap")).toMatchObject({ status: 1, stderr: "gap: no failed case has this name\n" });
    expect((await queue("retry")).stdout).toBe("empty  added\n");
  });

  test("drain takes out what waits", async () => {
    await add(scans);
    expect((await queue("drain")).stdout).toBe("5 taken out\n");
    expect((await queue("status")).stdout).toBe("0 waiting, 0 active, 0 held, 0 failed, 0 done\n");
    expect(JSON.parse((await queue("status", "--json")).stdout)).toEqual(await counts());
  });

  test("SIGTERM finishes the case that runs and takes no other", async () => {
    const doomed = join(root, "doomed");
    await cp(join(scans, "case-01"), doomed, { recursive: true });
    await add(doomed);
    await add(scans);
    whenDoomedIsRead(SIGTERM_PARENT);
    const worker = work();
    expect(await worker.ended).toBe(0);
    expect(outcomes(worker.stdout)).toEqual(["doomed done"]);
    expect(await counts()).toMatchObject({ waiting: 5, active: 0, done: 1 });
  });

  test.each([
    ["after the grace", ["--grace", "0.1s"], 0],
    ["at the second SIGTERM", [], 130],
  ])("%s the case that runs goes back to the queue, and nothing of it is written", async (_, flags, status) => {
    const doomed = join(root, "doomed");
    await cp(join(scans, "case-01"), doomed, { recursive: true });
    await add(doomed);
    whenDoomedIsRead(HANG);
    const worker = work(...flags);
    await worker.seen(/doomed: read/);
    // The stage is told before the lock is taken, and without a lock there would be nothing to clear away.
    await vi.waitFor(() => access(join(out, ".pleura/doomed.lock")));
    worker.signal("SIGTERM");
    await worker.seen(/stopping/);
    if (status !== 0) worker.signal("SIGTERM");
    expect(await worker.ended).toBe(status);
    expect(await counts()).toMatchObject({ waiting: 1, active: 0, failed: 0, done: 0 });
    expect(await readdir(out)).toEqual([]);
  });

  test("a plain prep may work on the same folder", async () => {
    await pleura.run("prep", scans, "--out", join(root, "local"));
    await add(scans);
    const worker = work();
    const prep = pleura.run("prep", scans, "--out", out, "--workers", "1");
    await ended(worker, 5);
    const { stdout } = await prep;
    const done = [...outcomes(worker.stdout), ...outcomes(stdout)].filter((line) => line.endsWith(" done"));
    expect(done.sort()).toEqual(["case-01 done", "case-02 done", "case-03 done", "case-04 done"]);
    await vi.waitFor(async () => expect(await counts()).toMatchObject({ held: 0, active: 0, failed: 1, done: 4 }));
    worker.signal("SIGTERM");
    await worker.ended;
    expect(await contentsOf(out)).toEqual(await contentsOf(join(root, "local")));
  });

  test("metrics are Prometheus's, for this machine only", async () => {
    await add(scans);
    const worker = work("--metrics", "0");
    const [, url = ""] = await worker.seen(/metrics at (http:\/\/127\.0\.0\.1:\d+\/metrics)/);
    await ended(worker, 5);
    await vi.waitFor(async () => expect(await counts()).toMatchObject({ active: 0 }));
    const response = await fetch(url);
    expect(response.headers.get("content-type")).toContain("text/plain; version=0.0.4");
    const text = await response.text();
    const value = (name: string) =>
      Number(
        text
          .split("\n")
          .find((line) => line.startsWith(`${name} `))
          ?.split(" ")
          .at(-1),
      );
    expect(value('pleura_cases_total{status="done"}')).toBe(4);
    expect(value('pleura_failures_total{code="no-dicom",stage="read"}')).toBe(1);
    expect(value("pleura_case_duration_seconds_count")).toBe(4);
    expect(value('pleura_stage_duration_seconds_count{stage="separate"}')).toBe(4);
    expect(value('pleura_queue_jobs{state="done"}')).toBe(4);
    expect(value("pleura_queue_up")).toBe(1);
    expect(value("pleura_case_processes_resident_memory_bytes")).toBeGreaterThan(1e7);
    expect(text).not.toMatch(/case-0|no-scan|pleura-queue/);
    expect((await fetch(new URL("/", url))).status).toBe(404);

    await redis.kill();
    await worker.seen(/lost redis/);
    const without = await (await fetch(url)).text();
    await redis.restart();
    expect(without).toContain("pleura_queue_up 0");
    expect(without).not.toContain("pleura_queue_jobs{");
    await worker.seen(/is back/);
  });

  test("cases follow the rules of prep: a study is named by a hash, and what is refused fails with its cause", async () => {
    const cases = join(root, "by uid");
    for (const study of [1, 2]) putSeries(join(cases, "both", `${study}`), { patient: "id-4712", study });
    putSeries(join(cases, "one"), { patient: "id-4713" });
    const worker = work();
    expect(outcomes((await queue("add", cases, "--out", out)).stdout)).toEqual(["both added", "one added"]);
    await worker.seen(/^both {2}failed {2}read: The images belong to several studies/m);
    await worker.seen(/^one {2}done/m);
    const byStudy = await queue("add", cases, "--out", out, "--by", "study", "--fill-gaps");
    const names = outcomes(byStudy.stdout).map((line) => line.split(" ")[0]!);
    expect(names.length).toBe(3);
    for (const name of names) {
      expect(name).toMatch(/^study-[0-9a-f]{12}$/);
      await worker.seen(new RegExp(`^${name} {2}done`, "m"));
    }
    const written = await redis.written();
    expect(written).toContain("several-studies");
    for (const secret of ["1.2.826", "id-471", "IMG0001"]) expect(written).not.toContain(secret);
  });

  test("nothing of the patient gets into Redis", async () => {
    const cases = join(root, "named");
    for (const name of ["sound", "gap"]) await writeNamed(join(cases, name));
    await rm(join(cases, "gap/slice-9.dcm"));
    await add(cases);
    await ended(work(), 2);
    await vi.waitFor(async () => expect(await counts()).toMatchObject({ done: 1, failed: 1 }));
    const written = await redis.written();
    expect(written).toContain(join(cases, "sound"));
    expect(written).toContain("inconsistent-series");
    for (const secret of ["Lovelace", "Ada", "id-4711", "18151210"]) expect(written).not.toContain(secret);
    const image = await readFile(join(cases, "sound/slice-0.dcm"));
    expect(image.includes("Lovelace^Ada") && image.includes("id-4711") && image.includes("18151210")).toBe(true);
  });
});

describe.skipIf(REDIS_SERVER === undefined)("a Redis that cannot be used is named, and its password is not", () => {
  const where = () => `127.0.0.1:${redis.port}`;

  test.each([
    ["a wrong password", () => `redis://:not-this-one@${where()}`, "WRONGPASS"],
    ["no password", () => `redis://${where()}`, "NOAUTH"],
    ["nobody there", () => "redis://:not-this-one@127.0.0.1:1", "ECONNREFUSED"],
  ])("%s", async (_, url, reason) => {
    const error = (await withQueue(parseRedisUrl(url()), queueCounts).catch((error: unknown) => error)) as Error;
    expect(error).toMatchObject({ code: "queue-unavailable", stage: "queue", hint: expect.any(String) });
    expect(error.message).toMatch(/^queue: redis:\/\/127\.0\.0\.1:\d+\/0 cannot be used \(measured: /);
    expect(error.message).toContain(reason);
    expect(inspect(error, { depth: 9 })).not.toContain("not-this-one");
  });

  test.each([
    [1, "one that refuses it", () => `redis://:not-this-one@${where()}`, "WRONGPASS"],
    [
      2,
      "no address",
      () => "redis://:not-this@one/x@host",
      "Expected redis://[[user]:password@]host[:port][/database]",
    ],
  ])("a command ends with %i: %s", async (status, _, url, reason) => {
    const ended = await pleura.run("queue", "status", "--redis", url());
    expect(ended).toMatchObject({ status, stdout: "" });
    expect(ended.stderr).toContain(reason);
    expect(ended.stderr).not.toContain("not-this");
  });

  test("a worker's lines do not show it either, while Redis goes and comes, and it ends without one", async () => {
    vi.stubEnv("PLEURA_REDIS", redis.url);
    const { stdout } = await pleura.run("queue", "status");
    expect(stdout).toBe("0 waiting, 0 active, 0 held, 0 failed, 0 done\n");
    const worker = work();
    await worker.seen(/waiting for cases/);
    await redis.kill();
    await worker.seen(/lost redis/);
    await redis.restart();
    await worker.seen(/is back/);
    await redis.kill();
    worker.signal("SIGTERM");
    expect(await worker.ended).toBe(0);
    await redis.restart();
    const said = worker.stdout + worker.stderr;
    expect(said).not.toContain(PASSWORD);
    expect(said).not.toContain(encodeURIComponent(PASSWORD));
  });
});

test.skipIf(REDIS_SERVER === undefined)("rediss:// is encrypted, by an authority that is trusted", async () => {
  const secure = await startRedis({ tls: true });
  try {
    const status = () => pleura.run("queue", "status", "--redis", secure.url);
    const stranger = await status();
    expect(stranger.status).toBe(1);
    expect(stranger.stderr).toMatch(/self-signed certificate.*NODE_EXTRA_CA_CERTS/);
    vi.stubEnv("NODE_EXTRA_CA_CERTS", secure.certificate);
    expect((await status()).stdout).toMatch(/^0 waiting/);
    await pleura.run("queue", "add", join(scans, "case-01"), "--out", out, "--redis", secure.url);
    const worker = startWorker(pleura, secure.url, "--workers", "1", "--root", root);
    workers.push(worker);
    await worker.seen(/^case-01 {2}done/m);
  } finally {
    await secure.remove();
  }
});

/** Writes a small scan of a patient with name, number and birth date. */
async function writeNamed(folder: string): Promise<void> {
  const { voxels, shape, spacing } = makePhantom({ size: 64, slices: 24, spacing: [8, 5, 5], seed: 1 });
  const [slices, rows, columns] = shape;
  await mkdir(folder, { recursive: true });
  for (let k = 0; k < slices; k++) {
    const file = dicomFile({
      PatientName: "Lovelace^Ada",
      PatientID: "id-4711",
      PatientBirthDate: "18151210",
      InstanceNumber: k + 1,
      ImagePositionPatient: [0, 0, k * spacing[0]],
      Rows: rows,
      Columns: columns,
      PixelSpacing: [spacing[1], spacing[2]],
      PixelData: words(voxels.subarray(k * rows * columns, (k + 1) * rows * columns)),
    });
    await writeFile(join(folder, `slice-${k}.dcm`), file);
  }
}
