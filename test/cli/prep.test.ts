import { copyFile, cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { CaseManifest } from "../../src/case/manifest.ts";
import { decodeNpy } from "../../src/formats/npy.ts";
import type { RunReport } from "../../src/node/run-report.ts";
import { type BuiltCli, buildCli } from "../helpers/built-cli.ts";

const OUTPUTS = (name: string) => [`${name}.json`, `${name}_clean.npy`, `${name}_label.npy`, `${name}_lungs.nii.gz`];
/** A small patient, for the sake of time. */
const SMALL = ["--size", "96", "--slices", "24", "--spacing", "8,3.4,3.4"];

let pleura: BuiltCli;
let root: string;
let out: string;

beforeAll(async () => {
  pleura = await buildCli();
  root = await mkdtemp(join(tmpdir(), "pleura-cli-"));
  await pleura.run("phantom", join(root, "good/chest"), ...SMALL);
  await pleura.run(
    "phantom",
    join(root, "good/wide chest"),
    "--size",
    "100x120",
    "--slices",
    "24",
    "--spacing",
    "8,3.4,3.4",
    "--seed",
    "2",
  );
  await pleura.run("phantom", join(root, "bad/abdomen"), ...SMALL, "--no-lungs");
  await mkdir(join(root, "bad/empty"));
  await mkdir(join(root, "bad/single"));
  await copyFile(join(root, "good/chest/IMG0012.dcm"), join(root, "bad/single/IMG0012.dcm"));
  await mkdir(join(root, "bad/text"));
  await writeFile(join(root, "bad/text/readme.txt"), "not a scan\n");
}, 60_000);
afterAll(async () => {
  await rm(root, { recursive: true, force: true });
});
beforeEach(async () => {
  out = await mkdtemp(join(root, "out-"));
});

/** What lies in a folder; the records of failures, in `.pleura`, aside. */
const list = async (folder: string) => (await readdir(folder)).filter((name) => name !== ".pleura").sort();
const manifestOf = async (name: string) =>
  JSON.parse(await readFile(join(out, `${name}.json`), "utf8")) as CaseManifest;

describe("a run over good and bad cases", () => {
  test("finishes the good ones, names what is wrong with the others, and leaves nothing of those", async () => {
    const report = join(root, "reports/run.json");
    const inputs = [join(root, "good"), join(root, "bad")];
    const { status, stdout, stderr } = await pleura.run("prep", ...inputs, "--out", out, "--report", report);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^cases {8}6 in .*\ndone {9}2\nfailed {7}4 {2}\(no-dicom 2, .*\)\nslowest {6}\w+ /m);

    const lines = stdout.trimEnd().split("\n");
    expect(lines.map((line) => line.split("  ").slice(0, 2))).toEqual([
      ["chest", "done"],
      ["wide_chest", "done"],
      ["abdomen", "failed"],
      ["empty", "failed"],
      ["single", "failed"],
      ["text", "failed"],
    ]);
    expect(await list(out)).toEqual([...OUTPUTS("chest"), ...OUTPUTS("wide_chest")].sort());

    const run = JSON.parse(await readFile(report, "utf8")) as RunReport;
    expect(run).toMatchObject({ done: 2, skipped: 0, failed: 4, remaining: 0 });
    expect(run.failures).toEqual({ "no-dicom": 2, "no-lungs": 1, "single-slice": 1 });
    const failures = run.cases.flatMap((one) => (one.status === "failed" ? [one] : []));
    expect(failures.map((one) => [one.case, one.failure.code, one.failure.stage])).toEqual([
      ["abdomen", "no-lungs", "select"],
      ["empty", "no-dicom", "read"],
      ["single", "single-slice", "read"],
      ["text", "no-dicom", "read"],
    ]);
    for (const { case: name, failure } of failures) {
      const line = lines.find((text) => text.startsWith(`${name}  `));
      expect(line).toContain(failure.stage);
      expect(line).toContain(failure.measured);
      expect(line).toContain(failure.limit);
    }
  });

  test("gives the same files from one process and from two", async () => {
    const other = await mkdtemp(join(root, "out-"));
    await pleura.run("prep", join(root, "good"), "--out", out, "--workers", "1");
    await pleura.run("prep", join(root, "good"), "--out", other, "--workers", "2");
    for (const name of OUTPUTS("chest").concat(OUTPUTS("wide_chest"))) {
      if (name.endsWith(".json")) continue;
      expect((await readFile(join(out, name))).equals(await readFile(join(other, name)))).toBe(true);
    }
  });
});

describe("what a case leaves", () => {
  test("arrays that numpy reads, and a manifest that says how they came to be", async () => {
    const { status } = await pleura.run("prep", join(root, "good/wide chest"), "--out", out);
    expect(status).toBe(0);
    const manifest = await manifestOf("wide_chest");
    const clean = decodeNpy(await readFile(join(out, "wide_chest_clean.npy")));
    expect(clean).toMatchObject({ dtype: "uint8", shape: [1, ...manifest.geometry.shape] });
    const label = decodeNpy(await readFile(join(out, "wide_chest_label.npy")));
    expect(label).toEqual({ dtype: "int64", shape: [1, 4], data: new BigInt64Array(4) });
    expect(manifest).toMatchObject({ case: "wide_chest", profile: "grt123", input: { files: 24, skipped: 0 } });
    expect(manifest.geometry.original.shape).toEqual([24, 100, 120]);
    expect(Object.keys(manifest.milliseconds)).toEqual([
      "read",
      "binarize",
      "select",
      "fill",
      "separate",
      "hull",
      "prepare",
      "quality",
      "write",
      "total",
    ]);
  });

  test("every stage's mask too, when asked for", async () => {
    await pleura.run("prep", join(root, "good/chest"), "--out", out, "--stages");
    const stages = ["binary", "body", "filled", "lung1", "lung2", "dilated1", "dilated2"];
    expect(await list(out)).toEqual([...OUTPUTS("chest"), ...stages.map((stage) => `chest_${stage}.nii.gz`)].sort());
  });

  test("no name, birth date or id of the patient, and no path", async () => {
    const report = join(out, "run.json");
    const { stdout, stderr } = await pleura.run(
      "prep",
      join(root, "good"),
      "--out",
      out,
      "--report",
      report,
      "--verbose",
    );
    const texts = [stdout, stderr];
    for (const name of await list(out)) if (name.endsWith(".json")) texts.push(await readFile(join(out, name), "utf8"));
    for (const text of texts) {
      expect(text).not.toMatch(/Phantom\^Chest|phantom-\d/);
      expect(text).not.toContain(root);
    }
  });
});

test("a process that dies costs its own case only", async () => {
  const cases = join(root, "some die");
  for (const name of ["a", "doomed", "z"]) await cp(join(root, "good/chest"), join(cases, name), { recursive: true });
  const dieReadingDoomed = `
    import fs from "node:fs";
    import { syncBuiltinESMExports } from "node:module";
    const open = fs.openSync;
    fs.openSync = (path, ...rest) => {
      if (String(path).includes("doomed/IMG")) process.kill(process.pid, "SIGKILL");
      return open(path, ...rest);
    };
    syncBuiltinESMExports();`;
  vi.stubEnv("NODE_OPTIONS", `--import data:text/javascript,${encodeURIComponent(dieReadingDoomed)}`);
  const { status, stdout, stderr } = await pleura.run("prep", cases, "--out", out);
  vi.unstubAllEnvs();
  expect(status).toBe(1);
  expect(stdout.split("\n").map((line) => line.split("  ").slice(0, 2).join(" "))).toEqual([
    "a done",
    "doomed failed",
    "z done",
    "",
  ]);
  expect(stdout).toMatch(/doomed {2}failed {2}read: .*SIGKILL/);
  expect(stderr).toMatch(/^doomed: retrying in a new process after read: .*SIGKILL/);
  expect(stderr).toContain("retried      1");
  expect(await list(out)).toEqual([...OUTPUTS("a"), ...OUTPUTS("z")]);
});

test("a finished case is skipped, and done again by force", async () => {
  const run = async (...flags: string[]) => {
    const { stdout } = await pleura.run("prep", join(root, "good/chest"), "--out", out, ...flags);
    return stdout.split("  ")[1];
  };
  expect(await run()).toBe("done");
  expect(await run()).toBe("skipped");
  expect(await run("--force")).toBe("done");
});

describe("standard output and error", () => {
  test("quiet prints failed cases only", async () => {
    const { status, stdout, stderr } = await pleura.run(
      "prep",
      join(root, "good/chest"),
      join(root, "bad/text"),
      "--out",
      out,
      "--quiet",
    );
    expect([status, stdout.split("\n").length - 1, stderr]).toEqual([1, 1, ""]);
    expect(stdout).toMatch(/^text {2}failed/);
  });

  test("verbose names the stages on standard error", async () => {
    const { stderr } = await pleura.run("prep", join(root, "good/chest"), "--out", out, "--verbose");
    const lines = stderr.trim().split("\n");
    // Such coarse slices blur the lungs' edges, which is told besides.
    expect(lines.at(-1)).toMatch(/^chest: doubtful lung-outside /);
    expect(lines.slice(0, -1)).toEqual(
      ["read", "binarize", "select", "fill", "separate", "hull", "prepare", "quality", "write"].map(
        (stage) => `chest: ${stage}`,
      ),
    );
  });
});

test("--min-quality fails a case whose lungs are judged worse, and keeps its files apart", async () => {
  const scan = join(root, "good/chest");
  const strict = await pleura.run("prep", scan, "--out", out, "--min-quality", "good");
  expect(strict.status).toBe(1);
  expect(strict.stdout).toMatch(/^chest {2}failed {2}quality: the lungs are doubtful: .*rejected\/chest_lungs.nii.gz/);
  const kept = ["chest.json", "chest_clean.npy", "chest_label.npy", "chest_lungs.nii.gz"];
  expect((await readdir(join(out, "rejected"))).sort()).toEqual(kept);
  expect((await readdir(out)).filter((name) => name.startsWith("chest"))).toEqual([]);
  expect((await pleura.run("prep", scan, "--out", out, "--min-quality", "doubtful")).stdout).toMatch(/^chest {2}done/);
  expect((await readdir(out)).filter((name) => name.startsWith("chest")).sort()).toEqual(kept);
  expect(await readdir(join(out, "rejected"))).toEqual([]);
  // What is done is good enough for who asks for less, and for nobody who asks for more.
  expect((await pleura.run("prep", scan, "--out", out)).stdout).toMatch(/^chest {2}skipped/);
  expect((await pleura.run("prep", scan, "--out", out, "--min-quality", "good")).status).toBe(1);
});

describe("wrong usage ends with status 2", () => {
  test.each<[string, () => string[]]>([
    ["no output folder", () => ["prep", root]],
    ["no input", () => ["prep", "--out", out]],
    ["an input that is not there", () => ["prep", join(root, "nowhere"), "--out", out]],
    ["an input that is a file", () => ["prep", join(root, "bad/text/readme.txt"), "--out", out]],
    ["no worker", () => ["prep", join(root, "good"), "--out", out, "--workers", "0"]],
    ["an unknown profile", () => ["prep", join(root, "good"), "--out", out, "--profile", "other"]],
    ["quiet and verbose", () => ["prep", join(root, "good"), "--out", out, "--quiet", "--verbose"]],
    ["an unknown option", () => ["prep", join(root, "good"), "--out", out, "--threads", "2"]],
    ["an unknown command", () => ["prepare", join(root, "good")]],
    ["no command", () => []],
    ["a phantom without an extent", () => ["phantom", join(out, "p"), "--slices", "1"]],
    ["a phantom among other files", () => ["phantom", join(root, "bad/text")]],
  ])("%s", async (_, args) => {
    const { status, stdout, stderr } = await pleura.run(...args());
    expect(status).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).not.toBe("");
    expect(await list(out)).toEqual([]);
  });

  test("help and version do not", async () => {
    for (const args of [["--help"], ["prep", "--help"], ["--version"]]) {
      expect(await pleura.run(...args)).toMatchObject({ status: 0, stderr: "" });
    }
  });
});

describe("a run that is ended early", () => {
  const ended = async (signal: NodeJS.Signals, cases: string) => {
    const child = pleura.start("prep", join(root, cases), "--out", out, "--verbose");
    await new Promise((resolve) => child.stderr?.once("data", resolve));
    // To the whole group, as a terminal does with Ctrl-C.
    process.kill(-(child.pid as number), signal);
    return new Promise<number | null>((resolve) => child.once("close", resolve));
  };

  test.each<[NodeJS.Signals, string]>([
    ["SIGINT", "good"],
    ["SIGTERM", "good"],
    ["SIGINT", "good/chest"],
  ])("by %s in %s leaves nothing half-written", async (signal, cases) => {
    expect(await ended(signal, cases)).toBe(130);
    const left = await list(out);
    expect(left.filter((name) => name.startsWith("."))).toEqual([]);
    for (const name of ["chest", "wide_chest"]) {
      const files = left.filter((file) => file.startsWith(name));
      expect([0, 4]).toContain(files.length);
    }
  });
});
