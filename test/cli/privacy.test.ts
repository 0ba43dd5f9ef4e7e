import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { Queue } from "bullmq";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { QUEUE_NAME } from "../../src/queue/case-queue.ts";
import { type BuiltCli, buildCli, type Outcome } from "../helpers/built-cli.ts";
import { writePlanted } from "../helpers/planted-scans.ts";
import { startWorker } from "../helpers/queue-worker.ts";
import { REDIS_SERVER, startRedis } from "../helpers/redis.ts";

const UID = "1.2.826.0.1.4242424242";
/** Whatever was planted. */
const PLANTED = /zzyzx|quentin|19610704|4242424242/i;

let pleura: BuiltCli;
let root: string;
let scans: string;
let cases: { done: string[]; failed: string[] };
let count: number;
/** A folder with one of the cases, for its own folder has but a sub-folder. */
let cut: string;

beforeAll(async () => {
  pleura = await buildCli();
  root = await mkdtemp(join(tmpdir(), "pleura-privacy-"));
  scans = join(root, "scans");
  await mkdir(scans);
  cases = await writePlanted(scans, { mark: "Zzyzx", fileMark: "zzyzx-8675", uid: UID });
  count = (await readdir(scans)).length;
  cut = join(root, "one");
  await cp(join(scans, "cut"), join(cut, "cut"), { recursive: true });
}, 60_000);
afterAll(async () => {
  await rm(root, { recursive: true, force: true });
});

/** What there is to read in a folder, and the names of its files, by path. */
async function textsIn(folder: string): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    texts.set(`name of ${path}`, path.slice(folder.length));
    if (!entry.isFile()) continue;
    const bytes = await readFile(path);
    texts.set(path, (entry.name.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("latin1"));
  }
  return texts;
}

function refusePlanted(texts: ReadonlyMap<string, string>): void {
  for (const [where, text] of texts) {
    const found = PLANTED.exec(text);
    if (found === null) continue;
    throw new Error(
      `${where} holds what was planted: …${text.slice(Math.max(0, found.index - 200), found.index + 60)}`,
    );
  }
}

function saidBy(name: string, { stdout, stderr }: Outcome): [string, string][] {
  return [
    [`standard output of ${name}`, stdout],
    [`standard error of ${name}`, stderr],
  ];
}

describe("text of the input", () => {
  test("is in nothing that prep, status, inspect and render write or send", { timeout: 240_000 }, async () => {
    const out = join(root, "out");
    const prep = (...flags: string[]) => pleura.run("prep", scans, "--out", out, "--workers", "2", ...flags);
    const report = join(out, "report.json");
    const texts = new Map<string, string>();
    const keep = async (name: string, ...args: string[]) => {
      const outcome = await pleura.run(...args);
      for (const [where, text] of saidBy(name, outcome)) texts.set(where, text);
      return outcome;
    };
    const first = await prep("--html", "--stages", "--verify", "--verbose", "--report", report);
    for (const [where, text] of saidBy("prep", first)) texts.set(where, text);
    const outcomes = new Map(
      first.stdout
        .trimEnd()
        .split("\n")
        .map((line) => line.split("  ") as [string, string]),
    );
    expect(outcomes.size).toBe(count);
    for (const name of cases.done) expect([name, outcomes.get(name)]).toEqual([name, "done"]);
    for (const name of cases.failed) expect([name, outcomes.get(name)]).toEqual([name, "failed"]);
    for (const [where, text] of await textsIn(out)) texts.set(where, text);
    for (const [where, text] of saidBy("prep as JSON", await prep("--log", "json", "--report", report)))
      texts.set(where, text);
    const series = ["--series", "99", "--out", join(root, "out-series")];
    await keep("prep --series", "prep", scans, ...series);
    for (const [where, text] of await textsIn(join(root, "out-series"))) texts.set(where, text);
    await keep("status", "status", out);
    await keep("status --json", "status", out, scans, "--json");
    for (const name of await readdir(scans)) {
      await Promise.all([
        keep(`inspect ${name}`, "inspect", join(scans, name)),
        keep(`inspect ${name} --json`, "inspect", join(scans, name), "--json"),
      ]);
    }
    for (const name of ["cut", "syntax", "zip-cut", "frames", "nrrd-type.nrrd", "mha-data.mhd"]) {
      const { status } = await keep(`render ${name}`, "render", join(scans, name), "--out", join(root, "picture.png"));
      expect(status).toBe(1);
    }
    expect(texts.size).toBeGreaterThan(100);
    refusePlanted(texts);
    // What it is called instead.
    expect(texts.get("standard output of prep")).toMatch(/^cut {2}failed {2}read: file \d+ of 24 \(#[\da-f]{6}\): /m);
    expect(texts.get("standard output of prep")).toMatch(
      /^zip-cut {2}failed {2}read: file \d+ of 24 in file 1 of 1 \(#[\da-f]{6}\): /m,
    );
  });

  test("names files only where that is asked for", { timeout: 60_000 }, async () => {
    const out = join(root, "out-names");
    const { stdout } = await pleura.run("prep", cut, "--out", out, "--keep-file-names");
    expect(stdout).toContain("zzyzx-8675/7-zzyzx-8675.dcm");
    expect(await readFile(join(out, ".pleura/cut.failed.json"), "utf8")).toContain("7-zzyzx-8675.dcm");
    const inspected = await pleura.run("inspect", join(scans, "sound"), "--json", "--keep-file-names");
    expect(inspected.stdout).toContain("zzyzx-8675.txt");
    expect(inspected.stdout).toContain(UID);
  });

  test.skipIf(REDIS_SERVER === undefined)(
    "is in nothing that the queue holds or says",
    { timeout: 240_000 },
    async () => {
      const out = join(root, "out-queue");
      const redis = await startRedis();
      const client = new Redis(redis.url);
      const run = (command: string, ...args: string[]) => pleura.run("queue", command, ...args, "--redis", redis.url);
      try {
        const texts = new Map<string, string>();
        for (const [where, text] of saidBy("add", await run("add", scans, "--out", out, "--stages", "--preview")))
          texts.set(where, text);
        const worker = startWorker(pleura, redis.url, "--root", root, "--metrics", "0", "--workers", "2");
        const [, url = ""] = await worker.seen(/metrics at (http\S+)/);
        await worker.seen(new RegExp(`(?:^\\S+ {2}(?:done|failed).*\\n){${count}}`, "m"));
        texts.set("metrics", await (await fetch(url)).text());
        for (const command of [["failed"], ["failed", "--json"], ["status"], ["retry", "cut"]]) {
          for (const [where, text] of saidBy(command.join(" "), await run(...(command as [string, ...string[]]))))
            texts.set(where, text);
        }
        worker.signal("SIGTERM");
        await worker.ended;
        texts.set("standard output of work", worker.stdout).set("standard error of work", worker.stderr);
        // All that Redis holds, and all that it was ever told.
        for (const key of await client.keys("*")) texts.set(key, JSON.stringify(await dump(client, key)));
        texts.set("append-only file", await redis.written());
        for (const [where, text] of await textsIn(out)) texts.set(where, text);
        expect(texts.get("append-only file")).toMatch(/file \d+ of 24 in file 1 of 1/);
        expect(texts.size).toBeGreaterThan(50);
        refusePlanted(texts);
      } finally {
        client.disconnect();
        await redis.remove();
      }
    },
  );
});

async function dump(client: Redis, key: string): Promise<unknown> {
  switch (await client.type(key)) {
    case "hash":
      return client.hgetall(key);
    case "list":
      return client.lrange(key, 0, -1);
    case "zset":
      return client.zrange(key, 0, -1);
    case "set":
      return client.smembers(key);
    case "stream":
      return client.xrange(key, "-", "+");
    default:
      return client.get(key);
  }
}

const SCRIPT = ["/usr/bin/script", "/bin/script"].find((path) => existsSync(path));

describe.skipIf(SCRIPT === undefined)("a terminal", () => {
  /** Runs `pleura` in a terminal of its own and gives all that reaches it. */
  const onTerminal = (...args: string[]) =>
    new Promise<string>((resolve) => {
      const words = [process.execPath, join(pleura.folder, "cli.js"), ...args];
      const line = words.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ");
      execFile(SCRIPT as string, ["-qec", line, "/dev/null"], (_error, stdout) => resolve(stdout)).stdin?.end();
    });
  const EVIL = "\u001bqz\u009bqz\u0007qz\nqz";
  /** Any control character that was planted, before its letters. */
  const reached = (text: string) =>
    ["\u001b", "\u0007", "\u009b", "\n"].some((control) => text.includes(`${control}qz`));

  let evil: string;
  beforeAll(async () => {
    evil = join(root, "evil");
    await mkdir(evil);
    await writePlanted(evil, { mark: EVIL, fileMark: EVIL, uid: `1.2${EVIL.replace("\n", "")}` });
  }, 60_000);

  test("shows the person names of files", { timeout: 60_000 }, async () => {
    const said = await onTerminal("prep", cut, "--out", join(root, "out-terminal"));
    expect(said).toContain("7-zzyzx-8675.dcm: ");
    expect(await readFile(join(root, "out-terminal/.pleura/cut.failed.json"), "utf8")).not.toMatch(PLANTED);
    expect(await onTerminal("inspect", join(scans, "syntax"))).toContain(UID);
  });

  test("gets no control characters from an input, by any command", { timeout: 240_000 }, async () => {
    const out = join(root, "out-evil");
    const said = new Map<string, string>();
    const keep = async (...args: string[]) => said.set(JSON.stringify(args), await onTerminal(...args));
    await keep("prep", evil, "--out", out, "--workers", "2", "--report", join(out, "report.json"), "--html");
    const prepared = [...said.values()].join("");
    expect(prepared).toContain("\\u001bqz\\u009bqz");
    await keep("prep", evil, "--out", out, "--log", "json");
    await keep("prep", evil, "--out", join(root, "out-kept"), "--keep-file-names", "--quiet");
    // A record that somebody else has written.
    const failure = { code: EVIL, stage: EVIL, message: EVIL, file: EVIL };
    await writeFile(
      join(out, ".pleura/forged.failed.json"),
      JSON.stringify({ case: "forged", wanted: {}, failure, at: 1 }),
    );
    await keep("status", out);
    await keep("status", out, "--json");
    for (const name of await readdir(evil)) await keep("inspect", join(evil, name));
    await keep("inspect", join(evil, "sound"), "--json", "--keep-file-names");
    for (const name of ["cut", "nrrd-type.nrrd"])
      await keep("render", join(evil, name), "--out", join(root, "evil.png"));
    await keep("phantom", join(root, EVIL), "--slices", "2", "--size", "32");
    for (const command of ["prep", "status", "inspect", "render", "view", "phantom", "queue"])
      await keep(command, `--${EVIL.replace("\n", "")}`);
    await keep(EVIL.replace("\n", ""));
    await keep("view", join(root, `not-there${EVIL}`), "--no-open");
    await keep("inspect", join(root, `not-there${EVIL}`));
    for (const [command, text] of said) {
      if (reached(text)) throw new Error(`${command}: ${JSON.stringify(text)}`);
    }
  });

  test.skipIf(REDIS_SERVER === undefined)("gets none from the queue either", { timeout: 60_000 }, async () => {
    const redis = await startRedis();
    const connection = new Redis(redis.url, { maxRetriesPerRequest: null });
    const raw = new Queue(QUEUE_NAME, { connection });
    try {
      const options = { out: join(root, "out-q"), name: "known" };
      await raw.add(EVIL, { folder: EVIL, options: { ...options, name: EVIL } }, { jobId: EVIL });
      await raw.add(EVIL, { folder: join(evil, "cut"), options });
      const said = new Map<string, string>();
      const keep = async (...args: string[]) =>
        said.set(JSON.stringify(args), await onTerminal("queue", ...args, "--redis", redis.url));
      const worker = startWorker(pleura, redis.url, "--root", root, "--workers", "1");
      await worker.seen(/(?:^\S+ {2}failed.*\n){2}/m);
      worker.signal("SIGTERM");
      await worker.ended;
      said.set("work", worker.stdout + worker.stderr);
      const [id] = await raw.getRanges(["failed"], 0, 0);
      await connection.hset(raw.toKey(id as string), "failedReason", EVIL);
      await keep("failed");
      await keep("failed", "--json");
      await keep("status");
      await keep("add", evil, "--out", join(root, EVIL));
      await keep("retry", EVIL);
      await keep("retry");
      await keep("drain", "--failed");
      expect([...said.values()].join("")).toContain("\\u001bqz");
      for (const [command, text] of said) {
        if (reached(text)) throw new Error(`${command}: ${JSON.stringify(text)}`);
      }
    } finally {
      await raw.close();
      connection.disconnect();
      await redis.remove();
    }
  });
});
