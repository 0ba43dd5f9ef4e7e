import { appendFile, cp, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { RunReport } from "../../src/node/run-report.ts";
import { contentsOf, writeScans } from "../helpers/batch-scans.ts";
import { type BuiltCli, buildCli, type Outcome } from "../helpers/built-cli.ts";
import { CTRL_C, CTRL_C_TWICE, HANG, whenDoomedIsRead } from "../helpers/misbehave.ts";
import { mountSmallDisk } from "../helpers/small-disk.ts";

let pleura: BuiltCli;
let root: string;
let scans: string;
let names: string[];
let out: string;
let undisturbed: Map<string, string>;

beforeAll(async () => {
  pleura = await buildCli();
  root = await mkdtemp(join(tmpdir(), "pleura-batch-"));
  scans = join(root, "scans");
  names = await writeScans(scans, 6);
  await pleura.run("prep", scans, "--out", join(root, "undisturbed"));
  undisturbed = await contentsOf(join(root, "undisturbed"));
}, 60_000);
afterAll(async () => {
  await rm(root, { recursive: true, force: true });
});
beforeEach(async () => {
  out = await mkdtemp(join(root, "out-"));
});
afterEach(() => {
  vi.unstubAllEnvs();
});

const prep = (...flags: string[]) => pleura.run("prep", scans, "--out", out, ...flags);
const linesWith = (status: string, ...outcomes: Outcome[]) =>
  outcomes.flatMap(({ stdout }) => stdout.split("\n").filter((line) => line.split("  ")[1] === status));
const caseNames = (lines: string[]) => lines.map((line) => line.split("  ")[0]).sort();

describe("several processes", () => {
  test("four on one folder do each case once, and each of them ends when all are done", async () => {
    const outcomes = await Promise.all([1, 2, 3, 4].map(() => prep("--workers", "1")));
    expect(outcomes.map(({ status }) => status)).toEqual([1, 1, 1, 1]);
    expect(caseNames(linesWith("done", ...outcomes))).toEqual(names);
    for (const outcome of outcomes) {
      expect(caseNames([...linesWith("done", outcome), ...linesWith("skipped", outcome)])).toEqual(names);
    }
    expect(await contentsOf(out)).toEqual(undisturbed);
  });

  test("shards are disjoint and complete", async () => {
    const outcomes: Outcome[] = [];
    for (let i = 1; i <= 7; i++) outcomes.push(await prep("--shard", `${i}/7`));
    expect(caseNames(linesWith("done", ...outcomes))).toEqual(names);
    expect(linesWith("skipped", ...outcomes)).toEqual([]);
    expect(linesWith("failed", ...outcomes).length).toBe(1);
    expect(await contentsOf(out)).toEqual(undisturbed);
  });
});

describe("a case that asks for too much costs itself only", () => {
  test.each([
    ["time", "timed-out", ["--timeout", "4s"], HANG],
    ["memory", "out-of-memory", ["--memory", "400M"], `globalThis.hoard = Buffer.alloc(1e9, 1); ${HANG}`],
  ])("%s", async (_, code, flags, misbehave) => {
    const cases = join(root, `too much ${code}`);
    for (const name of ["a", "doomed", "z"]) await cp(join(scans, "case-01"), join(cases, name), { recursive: true });
    whenDoomedIsRead(misbehave);
    const report = join(root, `${code}.json`);
    const { status, stderr } = await pleura.run("prep", cases, "--out", out, "--report", report, ...flags);
    expect(status).toBe(1);
    const run = JSON.parse(await readFile(report, "utf8")) as RunReport;
    expect(run).toMatchObject({ done: 2, failed: 1, retried: 1, failures: { [code]: 1 } });
    expect(run.cases[1]).toMatchObject({ case: "doomed", attempts: 2, failure: { code, stage: "read" } });
    expect(stderr).toContain("doomed: retrying in a new process");
    expect((await readdir(out)).filter((name) => name.startsWith("doomed") || name.startsWith(".pleura-"))).toEqual([]);
    expect(await readdir(join(out, ".pleura"))).toEqual(["doomed.failed.json"]);
  });
});

describe("Ctrl-C", () => {
  let cases: string;
  let whole: Map<string, string>;
  beforeAll(async () => {
    cases = join(root, "interrupted");
    for (const name of ["a", "doomed", "y", "z"]) {
      await cp(join(scans, "case-01"), join(cases, name), { recursive: true });
    }
    await pleura.run("prep", cases, "--out", join(root, "whole"));
    whole = await contentsOf(join(root, "whole"));
  });

  /** Runs with a group of processes of its own, to which a case sends Ctrl-C while it is read. */
  const interrupted = async (misbehave: string) => {
    whenDoomedIsRead(misbehave);
    const child = pleura.start("prep", cases, "--out", out, "--workers", "1");
    vi.unstubAllEnvs();
    let stderr = "";
    child.stderr?.on("data", (data: Buffer) => {
      stderr += data.toString();
    });
    const status = await new Promise<number | null>((resolve) => child.once("close", resolve));
    return { status, stderr };
  };
  const again = () => pleura.run("prep", cases, "--out", out);

  test("finishes the cases that run and begins no other; the same command does the rest", async () => {
    const { status, stderr } = await interrupted(CTRL_C);
    expect(status).toBe(130);
    expect(stderr).toMatch(/done {9}2\nnot begun {4}2\n/);
    expect((await readdir(out)).filter((name) => name.endsWith(".json"))).toEqual(["a.json", "doomed.json"]);
    expect(caseNames(linesWith("skipped", await again()))).toEqual(["a", "doomed"]);
    expect(await contentsOf(out)).toEqual(whole);
  });

  test("twice stops at once and leaves nothing half-written", async () => {
    const { status, stderr } = await interrupted(CTRL_C_TWICE);
    expect(status).toBe(130);
    expect(stderr).toContain("the run was ended");
    expect((await readdir(out)).filter((name) => !name.startsWith("a"))).toEqual([]);
    await again();
    expect(await contentsOf(out)).toEqual(whole);
  });
});

describe("what is done", () => {
  const status = async (...args: string[]) => {
    const { stdout, status } = await pleura.run("status", out, ...args);
    return { lines: stdout.trimEnd().split("\n"), status };
  };

  test("status tells done, stale, failed and missing", async () => {
    expect((await status(scans)).lines.at(-1)).toBe("0 done, 0 stale, 0 failed, 7 missing");
    await prep("--report", join(out, "report.json"));
    await appendFile(join(out, "case-03_clean.npy"), "more");
    await rm(join(out, "case-05.json"));
    expect(await status(scans)).toEqual({
      lines: [
        "case-03  stale  other outputs",
        "case-05  missing",
        expect.stringMatching(/^no-scan {2}failed {2}read: There is no DICOM file here/),
        "4 done, 1 stale, 1 failed, 1 missing",
      ],
      status: 1,
    });
    // Without the inputs nobody knows what is missing.
    expect((await status()).lines.at(-1)).toBe("4 done, 1 stale, 1 failed, 0 missing");
    expect((await status(scans, "--fill-gaps")).lines.at(-1)).toBe("0 done, 5 stale, 1 failed, 1 missing");
    // Other parameters do not mix with what is there, and that is said.
    const { stderr } = await prep("--fill-gaps");
    expect(stderr).toMatch(/\ndone {9}6 {2}\(again, because of other parameters 5\)\n/);
    expect((await status(scans)).lines.at(-1)).toBe("0 done, 6 stale, 1 failed, 0 missing");
    await prep();
    expect(await status(join(scans, "case-01"))).toEqual({
      lines: ["1 done, 0 stale, 0 failed, 0 missing"],
      status: 0,
    });
  });

  test("verify goes by the bytes of what is read and written", async () => {
    const scan = join(root, "verified");
    await cp(join(scans, "case-01"), scan, { recursive: true });
    const slice = join(scan, "IMG0003.dcm");
    const run = async (...flags: string[]) => {
      const { stdout } = await pleura.run("prep", scan, "--out", out, "--log", "json", ...flags);
      const { status, stale } = JSON.parse(stdout) as { status: string; stale?: string };
      return stale === undefined ? status : `${status}: ${stale}`;
    };
    expect(await run("--verify")).toBe("done");
    expect(await run("--verify")).toBe("skipped");
    await utimes(slice, 1, 1);
    expect(await run("--verify")).toBe("skipped");

    const bytes = await readFile(slice);
    bytes[bytes.length - 1]! ^= 1;
    await writeFile(slice, bytes);
    await utimes(slice, 1, 1);
    expect(await run("--verify")).toBe("done: input");

    const mask = join(out, "verified_lungs.nii.gz");
    const { size } = await stat(mask);
    await writeFile(mask, Buffer.alloc(size));
    expect(await run()).toBe("skipped");
    expect((await status(scan, "--verify")).lines).toEqual([
      "verified  stale  other outputs",
      "0 done, 1 stale, 0 failed, 0 missing",
    ]);
    expect(await run("--verify")).toBe("done: outputs");
  });
});

test("--log json gives one object a case", async () => {
  const { stdout } = await prep("--log", "json");
  const events = stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as { case: string; status: string });
  expect(events.map((event) => event.case).sort()).toEqual([...names, "no-scan"]);
  expect(events.find((event) => event.case === "no-scan")).toMatchObject({
    status: "failed",
    failure: { code: "no-dicom", stage: "read" },
  });
  expect(events.find((event) => event.case === "case-01")).toMatchObject({
    status: "done",
    lungs: { separated: true },
  });
});

describe("a disk that takes no more", async () => {
  const disk = await mountSmallDisk(12);
  afterAll(() => disk?.remove());

  // Where no disk can be mounted the next test shows the same; so this one is not even skipped there.
  if (disk !== undefined) {
    test("is named, leaves no part of a file, and the run goes on when there is room", async () => {
      const folder = join(disk.folder, "out");
      const full = await pleura.run("prep", scans, "--out", folder);
      expect(full.status).toBe(1);
      expect(full.stdout).toMatch(/case-06 {2}failed {2}write: .*ENOSPC.*make room/);
      const finished = caseNames(linesWith("done", full));
      expect(finished.length).toBeGreaterThan(0);
      const whole = [...undisturbed.keys()].map((path) => path.slice(1));
      const outputs = (await readdir(folder)).filter((name) => name !== ".pleura");
      expect(outputs.sort()).toEqual(whole.filter((name) => finished.includes(name.slice(0, "case-01".length))).sort());

      await disk.makeRoom();
      const resumed = await pleura.run("prep", scans, "--out", folder);
      expect(caseNames(linesWith("skipped", resumed))).toEqual(finished);
      expect(await contentsOf(folder)).toEqual(undisturbed);
    });
  }

  test.skipIf(process.platform === "win32")(
    "a file that may not grow so large is named and leaves no part",
    async () => {
      const limited = await pleura.runUnder('trap "" XFSZ; ulimit -f 40; exec "$0" "$@"', "prep", scans, "--out", out);
      expect(limited.status).toBe(1);
      expect(linesWith("failed", limited).length).toBe(names.length + 1);
      expect(limited.stdout).toMatch(/case-01 {2}failed {2}write: .*EFBIG.*ulimit -f/);
      expect(await readdir(out)).toEqual([".pleura"]);
      expect((await readdir(join(out, ".pleura"))).filter((name) => !name.endsWith(".failed.json"))).toEqual([]);
      await prep();
      expect(await contentsOf(out)).toEqual(undisturbed);
    },
  );
});
