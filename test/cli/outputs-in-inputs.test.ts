import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { put, putSeries } from "../helpers/archive.ts";
import { type BuiltCli, buildCli } from "../helpers/built-cli.ts";

let pleura: BuiltCli;
let root: string;
let scans: string;

beforeAll(async () => {
  pleura = await buildCli();
  root = mkdtempSync(join(tmpdir(), "pleura-in-out-"));
}, 60_000);
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});
beforeEach(() => {
  scans = mkdtempSync(join(root, "scans-"));
  for (const patient of ["P1", "P2"]) putSeries(join(scans, patient), { patient });
});

const prep = async (input: string, out: string, ...flags: string[]) => {
  const { status, stdout, stderr } = await pleura.run("prep", input, "--out", out, "--log", "json", ...flags);
  const events = stdout
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));
  const ends = events.map((one) => [one.case, one.status, one.stale].filter(Boolean).join(" ")).sort();
  return { status, ends, stderr };
};

describe("an output folder among the inputs", () => {
  test.each([
    ["equal to a case folder", "P1", "P1", ["P1"]],
    ["inside a case folder", "P1", "P1/out", ["P1"]],
    ["above a case folder", "P1", ".", ["P1"]],
    ["equal to the folder of all cases", ".", ".", ["P1", "P2"]],
    ["one of the case folders", ".", "P2", ["P1", "P2"]],
    ["inside the folder of all cases", ".", "prepared", ["P1", "P2"]],
    ["inside one of several", ".", "P1/a/b", ["P1", "P2"]],
  ])("%s: every case is done, once", async (_, input, out, names) => {
    const paths = [join(scans, input), join(scans, out)] as const;
    const reports = ["--html", "--report", join(scans, out, "run.json"), "--stages"];
    expect((await prep(...paths, ...reports)).ends).toEqual(names.map((name) => `${name} done`));
    expect((await prep(...paths, ...reports)).ends).toEqual(names.map((name) => `${name} skipped`));
    expect((await prep(...paths)).ends).toEqual(names.map((name) => `${name} skipped`));
    const status = await pleura.run("status", paths[1], paths[0]);
    expect(status.stdout).toBe(`${names.length} done, 0 stale, 0 failed, 0 missing\n`);
    // For a run that writes elsewhere all of that is no input either.
    const other = mkdtempSync(join(root, "other-"));
    expect((await prep(paths[0], other)).ends).toEqual(names.map((name) => `${name} done`));
    for (const name of names) {
      const clean = `${name}_clean.npy`;
      expect(readFileSync(join(other, clean)).equals(readFileSync(join(paths[1], clean)))).toBe(true);
    }
  });

  test("results alone are no case, and that is said; given as the input, they are a failed one", async () => {
    await prep(join(scans, "P1"), join(scans, "results"));
    const other = mkdtempSync(join(root, "other-"));
    const { ends, stderr } = await prep(scans, other);
    expect(ends).toEqual(["P1 done", "P2 done"]);
    expect(stderr).toMatch(/results: skipped: results of pleura/);
    const { status, stdout } = await pleura.run("prep", join(scans, "results"), "--out", other);
    expect([status, stdout]).toEqual([
      1,
      expect.stringMatching(/^results {2}failed {2}.*There is no scan in this input/),
    ]);
    const metadata = join(scans, "P3");
    put(metadata, [["scan.json", "{}"]]);
    expect((await prep(metadata, other)).ends).toEqual(["P3 failed"]);
  });

  test("prep . --out . works, or fails with a reason", async () => {
    const here = async (folder: string) => {
      const { status, stdout } = await pleura.runUnder(`cd '${folder}' && exec "$0" "$@"`, "prep", ".", "--out", ".");
      return [status, stdout.split("  ").slice(0, 2).join(" ")];
    };
    expect(await here(join(scans, "P1"))).toEqual([0, "P1 done"]);
    expect(await here(join(scans, "P1"))).toEqual([0, "P1 skipped"]);
    mkdirSync(join(scans, "empty"));
    expect(await here(join(scans, "empty"))).toEqual([1, "empty failed"]);
  });
});

describe("collisions are found before the first case begins", () => {
  const refused = async (message: RegExp, ...flags: string[]) => {
    const out = join(scans, "../out-of-collisions");
    const { status, stderr } = await pleura.run("prep", scans, "--out", out, ...flags);
    expect(status).toBe(2);
    expect(stderr).toMatch(message);
    expect(existsSync(out)).toBe(false);
    return out;
  };

  test("of names, whatever their case, and of one case's files with another's", async () => {
    putSeries(join(scans, "p1_PREVIEW"), { patient: "P3" });
    await refused(/would write the same file, as cases "P1" and "p1_PREVIEW"/);
    rmSync(join(scans, "p1_PREVIEW"), { recursive: true });
    putSeries(join(scans, "p2"), { patient: "P4" });
    await refused(/would both be written as case "p2"/);
  });

  test("of reports with outputs, with each other and with inputs", async () => {
    const out = join(scans, "../out-of-collisions");
    await refused(/--report is a file of the case "P1"/, "--report", join(out, "p1.json"));
    await refused(
      /--html is the file of --report too/,
      "--html",
      join(root, "r.html"),
      "--report",
      join(root, "R.html"),
    );
    await refused(/--report lies among the files of the case "P1"/, "--report", join(scans, "P1/IMG0001.dcm"));
  });

  test("of a report with the manifest of an earlier case", async () => {
    const out = mkdtempSync(join(root, "out-"));
    await prep(join(scans, "P1"), out);
    const { status, stderr } = await pleura.run(
      "prep",
      join(scans, "P2"),
      "--out",
      out,
      "--report",
      join(out, "P1.json"),
    );
    expect([status, stderr]).toEqual([2, expect.stringContaining("is the manifest of an earlier case")]);
  });

  test("a case of another run keeps its manifest, which bears the name of this one's preview", async () => {
    const out = mkdtempSync(join(root, "out-"));
    putSeries(join(scans, "P1_preview"), { patient: "P3" });
    await prep(join(scans, "P1_preview"), out);
    const manifest = readFileSync(join(out, "P1_preview.json"), "utf8");
    expect((await prep(join(scans, "P1"), out)).ends).toEqual(["P1 done"]);
    const { stderr } = await prep(join(scans, "P1"), out, "--html");
    expect((await pleura.run("prep", join(scans, "P1"), "--out", out, "--html", "--force")).stdout).toMatch(
      /^P1 {2}failed {2}write: \S*P1_preview\.json/,
    );
    expect(stderr).toBe("");
    expect(readFileSync(join(out, "P1_preview.json"), "utf8")).toBe(manifest);
    expect(readdirSync(out).filter((name) => name.startsWith("P1_preview_")).length).toBe(3);
    writeFileSync(join(scans, "P1_preview/notes.txt"), "text");
  });
});
