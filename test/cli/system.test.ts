import { chmod, cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { CaseManifest } from "../../src/case/manifest.ts";
import type { RunReport } from "../../src/node/run-report.ts";
import { writeScans } from "../helpers/batch-scans.ts";
import { type BuiltCli, buildCli } from "../helpers/built-cli.ts";
import { ORDINARY_USER } from "../helpers/ended-within.ts";

let pleura: BuiltCli;
let root: string;
let scans: string;
let out: string;
/** Outputs of the scans, to begin with. */
let finished: string;

beforeAll(async () => {
  pleura = await buildCli();
  root = await mkdtemp(join(tmpdir(), "pleura-system-"));
  await chmod(root, 0o755);
  scans = join(root, "scans");
  await writeScans(scans, 2);
  await rm(join(scans, "no-scan"), { recursive: true });
  finished = join(root, "finished");
  await pleura.run("prep", scans, "--out", finished);
}, 60_000);
afterAll(async () => {
  await rm(root, { recursive: true, force: true });
});
beforeEach(async () => {
  out = await mkdtemp(join(root, "out-"));
  await chmod(out, 0o777);
});

const asUser = (...args: string[]) => pleura.runUnder(ORDINARY_USER, ...args);
const manifestPath = (name = "case-01") => join(out, `${name}.json`);
const readManifest = async () => JSON.parse(await readFile(manifestPath(), "utf8")) as CaseManifest;
const failuresOf = async (report: string) =>
  (JSON.parse(await readFile(report, "utf8")) as RunReport).cases.map((one) => one.status === "failed" && one.failure);

describe("what the system refuses is typed, with what and where", { timeout: 120_000 }, () => {
  test("reading: a slice, a folder in a case, an input", async () => {
    const cases = join(root, "unreadable");
    for (const name of ["file", "folder", "sound"])
      await cp(join(scans, "case-01"), join(cases, name), { recursive: true });
    await chmod(join(cases, "file/IMG0003.dcm"), 0);
    await mkdir(join(cases, "folder/sub"), { mode: 0 });
    const report = join(out, "report");
    const { status, stdout } = await asUser("prep", cases, "--out", out, "--report", report, "--keep-file-names");
    expect(status).toBe(1);
    expect(stdout).toMatch(/^sound {2}done/m);
    const [file, folder] = await failuresOf(report);
    expect(file).toMatchObject({
      code: "damaged-files",
      measured: "1 file, the first of them cannot be read: EACCES: permission denied",
      file: expect.stringMatching(/IMG0003\.dcm$/),
    });
    expect(folder).toMatchObject({
      code: "damaged-files",
      measured: "1 file, the first of them cannot be read: a folder that cannot be opened",
      file: expect.stringMatching(/sub$/),
    });

    await chmod(cases, 0);
    for (const command of [
      ["prep", cases, "--out", out],
      ["inspect", cases],
      ["status", out, cases],
    ]) {
      const refused = await asUser(...command);
      expect(refused.status).toBe(1);
      expect(refused.stderr).toMatch(
        /^pleura: read: .*unreadable: cannot be read \(measured: EACCES: permission denied\)/,
      );
    }
    await chmod(cases, 0o755);
  });

  test("writing: an output folder, a report, a picture", async () => {
    const closed = join(out, "closed");
    await mkdir(closed, { mode: 0o555 });
    const report = join(out, "report");
    expect((await asUser("prep", scans, "--out", closed, "--report", report)).status).toBe(1);
    const typed = {
      code: "write-failed",
      stage: "write",
      measured: "EACCES: permission denied",
      hint: expect.any(String),
    };
    for (const failure of await failuresOf(report)) {
      expect(failure).toMatchObject({ ...typed, file: expect.stringContaining(closed) });
    }
    const picture = await asUser(
      "render",
      join(finished, "case-01"),
      "--size",
      "20",
      "--out",
      join(closed, "lungs.png"),
    );
    expect(picture.status).toBe(1);
    expect(picture.stderr).toContain(`write: ${join(closed, "lungs.png")}: cannot write here (measured: EACCES`);
    const reported = await asUser("prep", join(scans, "case-01"), "--out", out, "--report", join(closed, "report"));
    expect(reported.status).toBe(1);
    expect(reported.stderr).toContain(`write: ${join(closed, "report")}: cannot write here`);
  });

  test("status says that there is no such folder, or that it cannot be read", async () => {
    expect(await asUser("status", join(root, "nowhere"))).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("There is no such folder"),
    });
    await chmod(out, 0);
    const refused = await asUser("status", out);
    expect(refused.status).toBe(1);
    expect(refused.stderr).toContain("EACCES");
    await chmod(out, 0o777);
  });
});

test("a failure that is dated in the future keeps nobody from trying again", { timeout: 60_000 }, async () => {
  const scan = join(root, "mended");
  await cp(join(scans, "case-01"), scan, { recursive: true });
  const prep = () => pleura.run("prep", scan, "--out", out);
  await mkdir(join(out, "mended_clean.npy"), { recursive: true });
  await writeFile(join(out, "mended_clean.npy/in the way"), "");
  expect((await prep()).stdout).toMatch(/^mended {2}failed/);
  const path = join(out, ".pleura/mended.failed.json");
  const record = JSON.parse(await readFile(path, "utf8")) as { at: number };
  await writeFile(path, JSON.stringify({ ...record, at: Date.now() + 1e9 }));
  await rm(join(out, "mended_clean.npy"), { recursive: true });
  expect((await prep()).stdout).toMatch(/^mended {2}done/);
});

describe("a manifest", { timeout: 120_000 }, () => {
  beforeEach(() => cp(finished, out, { recursive: true }));
  const status = async (...args: string[]) => {
    const { stdout, stderr, status } = await pleura.run("status", out, ...args);
    expect(stderr).toBe("");
    return { lines: stdout.trimEnd().split("\n"), status };
  };

  const without = (key: keyof CaseManifest) => async () => {
    const { [key]: _, ...rest } = await readManifest();
    return JSON.stringify(rest);
  };
  test.each<[string, () => Promise<string>]>([
    ["without parameters", without("parameters")],
    ["without findings", without("findings")],
    ["without lungs", without("lungs")],
    ["without geometry", without("geometry")],
    ["without outputs", without("outputs")],
    ["without times", without("milliseconds")],
    ["that is empty", async () => ""],
    ["that is null", async () => "null"],
    ["that is a list", async () => "[]"],
    [
      "with impossible values",
      async () => JSON.stringify({ ...(await readManifest()), outputs: { "case-01_clean.npy": "x" } }),
    ],
    [
      "with parameters of nothing",
      async () => JSON.stringify({ ...(await readManifest()), parameters: { read: null } }),
    ],
  ])("%s is stale, and its case is done again", async (_, content) => {
    await writeFile(manifestPath(), await content());
    for (const inputs of [[], [scans]]) {
      expect(await status(...inputs)).toEqual({
        lines: ["case-01  stale  its manifest cannot be read", "1 done, 1 stale, 0 failed, 0 missing"],
        status: 1,
      });
    }
    const { stdout } = await pleura.run("prep", join(scans, "case-01"), "--out", out, "--log", "json");
    expect(JSON.parse(stdout)).toMatchObject({ case: "case-01", status: "done", stale: "manifest" });
    expect((await status(scans)).status).toBe(0);
  });

  test("and other files beside it are told apart", async () => {
    await writeFile(join(out, "report.json"), JSON.stringify({ cases: [] }));
    await writeFile(join(out, "notes.json"), "my own");
    await mkdir(join(out, ".pleura"), { recursive: true });
    await writeFile(join(out, ".pleura/x.failed.json"), '{"case":"x"}');
    await writeFile(join(out, ".pleura/..failed.json"), "{}");
    expect((await status()).lines).toEqual(["2 done, 0 stale, 0 failed, 0 missing"]);
  });

  test("of another version stands, whatever that has added", async () => {
    const manifest = await readManifest();
    await writeFile(manifestPath(), JSON.stringify({ ...manifest, version: "99.0.0", added: { later: true } }));
    expect((await pleura.run("prep", scans, "--out", out)).stdout).toMatch(/^case-01 {2}skipped.*\ncase-02 {2}skipped/);
  });

  test("from before a parameter was added stands", async () => {
    const manifest = await readManifest();
    const { margin: _, ...prepare } = manifest.parameters.prepare;
    await writeFile(manifestPath(), JSON.stringify({ ...manifest, parameters: { ...manifest.parameters, prepare } }));
    expect((await status(scans)).lines).toEqual(["2 done, 0 stale, 0 failed, 0 missing"]);
    await writeFile(
      manifestPath(),
      JSON.stringify({ ...manifest, parameters: { ...manifest.parameters, prepare: { ...prepare, margin: [1, 1] } } }),
    );
    expect((await status(scans)).lines[0]).toBe("case-01  stale  other parameters");
  });

  test("of another revision of the profile does not stand, and one without is of the first", async () => {
    const { revision, ...manifest } = await readManifest();
    expect(revision).toBe(2);
    for (const other of [manifest, { ...manifest, revision: 1 }, { ...manifest, revision: 3 }]) {
      await writeFile(manifestPath(), JSON.stringify(other));
      expect((await status(scans)).lines[0]).toBe("case-01  stale  other revision");
    }
    const { stderr } = await pleura.run("prep", scans, "--out", out);
    expect(stderr).toMatch(/\ndone {9}1 {2}\(again, because of other revision 1\)\n/);
    expect((await status(scans)).status).toBe(0);
  });
});

describe("output that nobody reads", { timeout: 120_000 }, () => {
  /** Runs with a reader that ends before anything is written. */
  const unread = async (...args: string[]) => {
    const said = join(out, "stderr");
    const code = join(out, "status");
    const { stdout } = await pleura.runUnder(`{ "$0" "$@" 2>${said}; echo $? >${code}; } | true`, ...args);
    expect(stdout).toBe("");
    return { status: Number(await readFile(code, "utf8")), stderr: await readFile(said, "utf8") };
  };

  test.each([
    [0, "status", () => [finished]],
    [1, "status", () => [finished, scans, "--fill-gaps"]],
    [0, "inspect", () => [scans]],
    [1, "inspect", () => [finished]],
    [0, "--help", () => []],
    [2, "prep", () => []],
  ] as const)("ends with %i and quietly: %s", async (expected, command, args) => {
    const { status, stderr } = await unread(command, ...args());
    expect(status).toBe(expected);
    expect(stderr).not.toMatch(/EPIPE|at |node:/);
  });

  test("does not keep prep from its work", async () => {
    const folder = join(out, "prepared");
    const { status, stderr } = await unread("prep", scans, "--out", folder, "--verbose");
    expect(status).toBe(0);
    expect(stderr).not.toContain("EPIPE");
    expect((await pleura.run("status", folder, scans)).status).toBe(0);
  });

  test("and neither do messages", async () => {
    const code = join(out, "status");
    const messages = `{ "$0" "$@" 2>&1 >/dev/null; echo $? >${code}; } | true`;
    await pleura.runUnder(messages, "prep", scans, "--out", join(out, "prepared"), "--verbose");
    expect(await readFile(code, "utf8")).toBe("0\n");
  });

  test.runIf(process.platform === "linux")("is an error where it cannot be written", async () => {
    const full = await pleura.runUnder('"$0" "$@" >/dev/full', "status", finished);
    expect(full.status).toBe(1);
    expect(full.stderr).toMatch(/^pleura: the output cannot be written: ENOSPC[^\n]*\n$/);
  });
});
