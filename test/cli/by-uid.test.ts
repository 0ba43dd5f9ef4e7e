import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { CaseManifest } from "../../src/case/manifest.ts";
import { all, niftiFile, put, putSeries, SLICES, seriesFiles, uidsOf, zipped } from "../helpers/archive.ts";
import { type BuiltCli, buildCli } from "../helpers/built-cli.ts";

let pleura: BuiltCli;
let root: string;
let scans: string;
let out: string;

beforeAll(async () => {
  pleura = await buildCli();
  root = mkdtempSync(join(tmpdir(), "pleura-by-"));
}, 60_000);
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});
beforeEach(() => {
  const folder = mkdtempSync(join(root, "case-"));
  scans = join(folder, "scans");
  out = join(folder, "out");
});

const run = (...args: string[]) => pleura.run("prep", ...args, "--out", out, "--log", "json");
const prep = async (...args: string[]) => {
  const { stdout, stderr } = await run(...args);
  const events = stdout
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));
  return {
    ends: events.map((one) => [one.case, one.status, one.failure?.code].filter(Boolean).join(" ")).sort(),
    stderr,
  };
};
const digits = (uid: string) => createHash("sha256").update(uid).digest("hex").slice(0, 12);
const studyName = (patient: string, study = 1) => `study-${digits(uidsOf({ patient, study }).study)}`;
const seriesName = (patient: string, study = 1, series = 1) =>
  `series-${digits(uidsOf({ patient, study, series }).series)}`;
const cleanOf = (name: string) => readFileSync(join(out, `${name}_clean.npy`));

/** Two studies of P1 spread over folders and an archive, P2 among them, a scout, and what is no scan. */
const spread = () => {
  putSeries(join(scans, "x"), { patient: "P1", slices: all(12), nameOf: (k) => `a${k}` });
  putSeries(join(scans, "x"), { patient: "P2", slices: all(16), nameOf: (k) => `b${k}` });
  putSeries(join(scans, "y/deep"), { patient: "P1", slices: all(SLICES).slice(12) });
  put(scans, [["z.zip", zipped(seriesFiles({ patient: "P2", slices: all(SLICES).slice(16) }))]]);
  putSeries(join(scans, "y/second"), { patient: "P1", study: 2 });
  putSeries(join(scans, "y"), {
    patient: "P1",
    series: 9,
    slices: [0],
    elements: { ImageType: "ORIGINAL\\PRIMARY\\LOCALIZER" },
  });
  put(scans, [
    ["y/notes.txt", "text"],
    ["y/mask.nii", niftiFile()],
  ]);
};

describe("--by", () => {
  test("study gathers each study over all folders and archives, and says what it leaves out", async () => {
    spread();
    const { ends, stderr } = await prep(scans, "--by", "study");
    const names = [studyName("P1"), studyName("P1", 2), studyName("P2")];
    expect(ends).toEqual(names.map((name) => `${name} done`).sort());
    putSeries(join(root, "whole/P1"), { patient: "P1" });
    await pleura.run("prep", join(root, "whole/P1"), "--out", join(root, "whole/out"));
    const whole = readFileSync(join(root, "whole/out/P1_clean.npy"));
    for (const name of names) expect(cleanOf(name).equals(whole)).toBe(true);
    expect(stderr).toContain("left out: 1 image files, which have no study: give them as inputs of their own");
    expect((await prep(scans, "--by", "study")).ends).toEqual(names.map((name) => `${name} skipped`).sort());
    // A file of P2 has no part in the studies of P1.
    putSeries(join(scans, "x"), { patient: "P2", series: 2, slices: [0], nameOf: () => "new" });
    expect((await prep(scans, "--by", "study")).ends).toEqual(
      [`${studyName("P1")} skipped`, `${studyName("P1", 2)} skipped`, `${studyName("P2")} done`].sort(),
    );
  });

  test("series makes a case of each series that can be a scan, and counts the others", async () => {
    spread();
    const names = [seriesName("P1"), seriesName("P1", 2), seriesName("P2")];
    const { ends, stderr } = await prep(scans, "--by", "series");
    expect(ends).toEqual(names.map((name) => `${name} done`).sort());
    expect(stderr).toContain("left out: 1 series that cannot be a scan (1 images)");
    const shards = await Promise.all([1, 2, 3].map((i) => run(scans, "--by", "series", "--shard", `${i}/3`)));
    expect(shards.flatMap(({ stdout }) => stdout.split("\n").filter(Boolean)).length).toBe(3);
  });

  test("keeps every UID and patient out of what is written", async () => {
    spread();
    await prep(scans, "--by", "study", "--all-series", "--report", join(out, "run.json"));
    const { stdout } = await pleura.run("status", out);
    const written = [stdout];
    for (const name of [".pleura/headers.json", "run.json"]) {
      try {
        written.push(readFileSync(join(out, name), "utf8"));
      } catch {
        // Few headers are not kept.
      }
    }
    for (const text of written) expect(text).not.toMatch(/1\.2\.826|Name\^|"P1"|P2\b/);
  });

  test("an input of which no case takes anything fails by name, and so does a mixed series", async () => {
    putSeries(join(scans, "P1"), { patient: "P1" });
    put(join(scans, "texts"), [["notes.txt", "text"]]);
    const shots = [1, 2].map((i) => ({ patient: `P${i}`, nameOf: (k: number) => `${i}-${k}` }));
    const same = { StudyInstanceUID: "1.2.3", SeriesInstanceUID: "1.2.3.4" };
    for (const shot of shots) putSeries(join(scans, "mixed"), { ...shot, elements: same });
    const inputs = ["P1", "texts", "mixed"].map((name) => join(scans, name));
    expect((await prep(...inputs, "--by", "study")).ends).toEqual(
      [`${studyName("P1")} done`, `study-${digits("1.2.3")} failed several-patients`, "texts failed no-case"].sort(),
    );
  });
});

describe("--by together with --series and --all-series", () => {
  const both = () => {
    for (const [i, series] of [2, 5].entries()) {
      putSeries(join(scans, "P1"), { patient: "P1", series, nameOf: (k) => `${i}-${k}` });
      putSeries(join(scans, "P2"), { patient: "P2", series, nameOf: (k) => `${i}-${k}` });
    }
  };

  test("all series of each study, named after it; by series that is what is done anyway", async () => {
    both();
    const names = ["P1", "P2"].flatMap((patient) => [2, 5].map((number) => `${studyName(patient)}_${number} done`));
    expect((await prep(scans, "--by", "study", "--all-series")).ends).toEqual(names.sort());
    const series = ["P1", "P2"].flatMap((patient) => [2, 5].map((n) => `${seriesName(patient, 1, n)} done`)).sort();
    expect((await prep(scans, "--by", "series", "--all-series")).ends).toEqual(series);
  });

  test("one series of each study, or only the cases of that series", async () => {
    both();
    expect((await prep(scans, "--by", "study", "--series", "5")).ends).toEqual(
      ["P1", "P2"].map((patient) => `${studyName(patient)} done`).sort(),
    );
    const manifest = JSON.parse(readFileSync(join(out, `${studyName("P1")}.json`), "utf8")) as CaseManifest;
    expect(manifest.parameters.read).toMatchObject({ series: "5", only: { by: "study" } });
    const { ends, stderr } = await prep(scans, "--by", "series", "--series", "5");
    expect(ends).toEqual(["P1", "P2"].map((patient) => `${seriesName(patient, 1, 5)} done`).sort());
    expect(stderr).toContain("left out: 2 series that --series does not name");
    const { series } = uidsOf({ patient: "P1", series: 5 });
    expect((await prep(scans, "--by", "series", "--series", series)).ends).toEqual([
      `${seriesName("P1", 1, 5)} skipped`,
    ]);
    const none = await run(scans, "--by", "series", "--series", "77");
    expect([none.status, none.stderr]).toEqual([
      2,
      expect.stringContaining("no images of the series that was asked for"),
    ]);
  });
});

describe("--names", () => {
  const names = (text: string) => {
    const path = join(scans, "../names.csv");
    writeFileSync(path, text);
    return ["--names", path];
  };

  test("names folders and files by their names, studies and series by their UIDs, with or without a heading", async () => {
    for (const patient of ["P 1", "P2"]) putSeries(join(scans, patient), { patient });
    put(scans, [["1.3.6.1.nii", niftiFile()]]);
    const { ends } = await prep(scans, ...names("000,P 1\n0,P2\n7,1.3.6.1\n"));
    expect(ends).toEqual(["0 done", "000 done", "7 done"]);
    const uids = ["P 1", "P2"].map((patient) => uidsOf({ patient }));
    const list = names(`seriesuid,id\r\n${uids[0]!.series},"a"\r\n\r\n"${uids[1]!.series}",b\r\nunknown,c\r\n`);
    const bySeries = await prep(scans, "--by", "series", ...list);
    expect(bySeries.ends).toEqual(["a done", "b done"]);
    expect(bySeries.stderr).toMatch(/names\.csv: 1 keys are none of these cases: line 5/);
    const byStudy = await prep(scans, "--by", "study", ...names(`x,${uids[0]!.study}\ny,${studyName("P2")}\n`));
    expect(byStudy.ends).toEqual(["x done", "y done"]);
  });

  test.each([
    [
      "a case without a name, with the keys that fit none",
      "id,key\na,P1\nb,P3\n",
      /no name for 1 cases; keys that are none of the cases: line 3/,
    ],
    ["a name twice, whatever its case", "a,P1\nA,P2\n", /lines 1, 2: the name "a" stands there twice/],
    ["a key twice", "a,P1\nb,P1\n", /lines 1, 2: the key "P1" stands there twice/],
    ["a line with one value", "a,P1\nb\n", /line 2: expected two values/],
    ["a line with three", "a,P1\nb,P2,more\n", /line 2: expected two values/],
    ["an open quote", 'a,P1\n"b,P2\n', /line 2: expected two values/],
    ["a name that is none", "a,P1\n../b,P2\n", /line 2: "..\/b" cannot begin the name of a file/],
    ["names that share a file", "a,P1\na_preview,P2\n", /would write the same file, as cases "a" and "a_preview"/],
  ])("refuses %s before anything is done", async (_, text, message) => {
    for (const patient of ["P1", "P2"]) putSeries(join(scans, patient), { patient });
    const { status, stdout, stderr } = await run(scans, ...names(text));
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(message);
  });
});
