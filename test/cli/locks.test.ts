import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, watch } from "node:fs";
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { CaseResult } from "../../src/node/prep-options.ts";
import type { RunReport } from "../../src/node/run-report.ts";
import { writeScans } from "../helpers/batch-scans.ts";
import { type BuiltCli, buildCli } from "../helpers/built-cli.ts";
import { endedWithin, ORDINARY_USER } from "../helpers/ended-within.ts";

/** Much more than two small cases take, on a busy machine too. */
const LATE_S = 60;

let pleura: BuiltCli;
let root: string;
let scans: string;
let out: string;

beforeAll(async () => {
  pleura = await buildCli();
  root = await mkdtemp(join(tmpdir(), "pleura-locks-"));
  await chmod(root, 0o755);
  scans = join(root, "scans");
  await writeScans(scans, 2);
  await rm(join(scans, "no-scan"), { recursive: true });
}, 60_000);
afterAll(async () => {
  await rm(root, { recursive: true, force: true });
});
beforeEach(async () => {
  out = await mkdtemp(join(root, "out-"));
  await chmod(out, 0o777);
});

const lock = () => join(out, ".pleura/case-01.lock");
/** Makes what stands in the way, by whom tests run as. */
const put = async (make: () => Promise<unknown> | unknown) => {
  await mkdir(join(out, ".pleura"), { mode: 0o777 });
  await chmod(join(out, ".pleura"), 0o777);
  await make();
};
const prep = (input: string, ...flags: string[]) =>
  endedWithin(LATE_S, pleura, ["prep", input, "--out", out, ...flags], ORDINARY_USER);

describe("a lock that cannot be read fails its case, with the reason, and no other", {
  timeout: 2 * LATE_S * 1000,
}, () => {
  test.each<[string, () => Promise<unknown> | unknown, RegExp]>([
    [
      "that belongs to another user",
      async () => {
        await writeFile(lock(), "{}");
        await chmod(lock(), process.getuid?.() === 0 ? 0o600 : 0);
      },
      /a file of user \d+ with mode \d+, EACCES/,
    ],
    ["that is a link to nowhere", () => symlink(join(root, "nowhere"), lock()), /a symbolic link .*, ELOOP/],
    ["that is a link to itself", () => symlink("case-01.lock", lock()), /a symbolic link .*, ELOOP/],
    ["that is a folder", () => mkdir(lock()), /a folder .*, expected a file but found a folder/],
    ["that is a pipe", () => execFileSync("mkfifo", ["-m", "666", lock()]), /expected a file but found a pipe/],
  ])("one %s", async (_, make, reason) => {
    await put(make);
    const report = join(out, "report");
    const { status, stdout } = await prep(scans, "--report", report);
    expect(status).toBe(1);
    expect(stdout).toMatch(/^case-01 {2}failed {2}write: .*case-01\.lock: The lock of this case cannot be read/);
    expect(stdout).toMatch(/^case-02 {2}done/m);
    const run = JSON.parse(await readFile(report, "utf8")) as RunReport;
    expect(run.failures).toEqual({ "lock-unusable": 1 });
    expect(run.cases[0]).toMatchObject({ failure: { measured: expect.stringMatching(reason) } });
    expect((await readdir(out)).filter((name) => name.startsWith(".pleura-"))).toEqual([]);
    // A lone case runs in the process that was called.
    expect(await prep(join(scans, "case-01"))).toMatchObject({ status: 1 });
  });

  test.each<[string, () => Promise<unknown>]>([
    ["a link to nowhere", () => symlink(join(root, "nowhere"), join(out, ".pleura"))],
    ["a file", () => writeFile(join(out, ".pleura"), "")],
  ])("and so does %s in place of the folder of locks", async (_, make) => {
    await make();
    const { status, stdout } = await prep(scans);
    expect(status).toBe(1);
    expect(stdout.match(/failed {2}write: .*cannot write here/g)?.length).toBe(2);
  });

  test("status does not wait for a pipe either", async () => {
    await put(() => execFileSync("mkfifo", ["-m", "666", join(out, ".pleura/case-01.failed.json")]));
    execFileSync("mkfifo", ["-m", "666", join(out, "case-02.json")]);
    expect(await endedWithin(LATE_S, pleura, ["status", out, scans])).toMatchObject({
      status: 1,
      stdout: expect.stringContaining("1 stale, 0 failed, 1 missing"),
    });
  });
});

test("a run that waits for another machine's case ends at SIGTERM", { timeout: 2 * LATE_S * 1000 }, async () => {
  await put(() => writeFile(lock(), JSON.stringify({ host: `not-${hostname()}`, pid: 1, started: "1" })));
  const child = pleura.start("prep", scans, "--out", out, "--workers", "1", "--log", "json");
  // The first case is held, so the line of the second one says that the first is waited for.
  await once(child.stdout as Readable, "data");
  child.kill("SIGTERM");
  expect(await once(child, "close")).toEqual([130, null]);
});

test("so does a run of a single case, at the first signal", { timeout: 2 * LATE_S * 1000 }, async () => {
  await put(() => writeFile(lock(), JSON.stringify({ host: `not-${hostname()}`, pid: 1, started: "1" })));
  // A run that looks at the lock of another machine asks the disk for its clock, by a file beside the lock.
  const looks = watch(join(out, ".pleura"));
  const child = pleura.start("prep", join(scans, "case-01"), "--out", out);
  await once(looks, "change");
  looks.close();
  child.kill("SIGTERM");
  expect(await once(child, "close")).toEqual([130, null]);
});

describe("names of cases", () => {
  test("that are too long for a file fail their case", { timeout: 2 * LATE_S * 1000 }, async () => {
    const cases = join(root, "long");
    await cp(join(scans, "case-01"), join(cases, "x".repeat(240)), { recursive: true });
    await cp(join(scans, "case-01"), join(cases, "y".repeat(200)), { recursive: true });
    const { status, stdout } = await endedWithin(LATE_S, pleura, ["prep", cases, "--out", out, "--stages"]);
    expect(status).toBe(1);
    expect(stdout).toContain("measured: 240 bytes; limit: 200 bytes");
    expect(stdout).toMatch(/^y{200} {2}done/m);
  });

  test("are checked by prepCase before anything is read or written", { timeout: 2 * LATE_S * 1000 }, () => {
    const script = `
      import { prepCase } from ${JSON.stringify(join(pleura.folder, "node.js"))};
      const [folder, out, names] = JSON.parse(process.argv[1]);
      const results = [];
      for (const name of names) results.push(await prepCase(folder, { out, name }));
      console.log(JSON.stringify(results));`;
    const names = ["no/such", "../outside", "..", ".hidden", "-x", "", "a\\b", "a\u0000b", "a b", "x".repeat(201), 7];
    const args = JSON.stringify([join(scans, "case-01"), join(out, "inner"), names]);
    const stdout = execFileSync(process.execPath, ["--input-type=module", "-e", script, args], {
      timeout: LATE_S * 1000,
      killSignal: "SIGKILL",
    });
    const results = JSON.parse(String(stdout)) as CaseResult[];
    const codes = results.map((one) => one.status === "failed" && one.failure.code);
    expect(codes).toEqual(names.map(() => "invalid-option"));
    expect(existsSync(join(out, "inner"))).toBe(false);
  });
});
