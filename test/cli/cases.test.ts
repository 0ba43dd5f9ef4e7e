import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { CaseManifest } from "../../src/case/manifest.ts";
import {
  all,
  dicomdir,
  gzipped,
  niftiFile,
  put,
  putSeries,
  SLICES,
  seriesFiles,
  snapshot,
  uidsOf,
  zipped,
} from "../helpers/archive.ts";
import { type BuiltCli, buildCli } from "../helpers/built-cli.ts";
import { goldenSeries } from "../helpers/dicom.ts";

let pleura: BuiltCli;
let root: string;
let scans: string;
let out: string;
/** Of a whole series in a folder of its own. */
let wholeClean: Buffer;

beforeAll(async () => {
  pleura = await buildCli();
  root = mkdtempSync(join(tmpdir(), "pleura-layouts-"));
  putSeries(join(root, "whole/one"), { patient: "P1" });
  await pleura.run("prep", join(root, "whole/one"), "--out", join(root, "whole/out"));
  wholeClean = readFileSync(join(root, "whole/out/one_clean.npy"));
}, 60_000);
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});
beforeEach(() => {
  const folder = mkdtempSync(join(root, "case-"));
  scans = join(folder, "scans");
  out = join(folder, "out");
});

/** What became of each case: `name status code`. */
const prep = async (...args: string[]) => {
  const flags = args.includes("--out") ? args : [...args, "--out", out];
  const { status, stdout, stderr } = await pleura.run("prep", ...flags, "--keep-file-names", "--log", "json");
  const events = stdout
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));
  const failures = new Map(events.flatMap((one) => (one.failure ? [[one.case, one.failure]] : [])));
  const ends = events.map((one) => [one.case, one.status, one.failure?.code].filter(Boolean).join(" ")).sort();
  return { status, ends, failures, stderr, events };
};
const manifestOf = (name: string) => JSON.parse(readFileSync(join(out, `${name}.json`), "utf8")) as CaseManifest;
const cleanOf = (name: string) => readFileSync(join(out, `${name}_clean.npy`));

describe("several patients or studies never become one case", () => {
  test("a folder of zips: each is a case", async () => {
    put(
      scans,
      ["P1", "P2"].map((patient) => [`${patient}.zip`, zipped(seriesFiles({ patient }))]),
    );
    const { status, ends } = await prep(scans);
    expect([status, ends]).toEqual([0, ["P1 done", "P2 done"]]);
    expect(cleanOf("P1").equals(wholeClean)).toBe(true);
  });

  test("a download root, given one level too high: refused, with the folders and the way on", async () => {
    for (const patient of ["P1", "P2", "P3"])
      putSeries(join(scans, "Collection", patient, "study/series"), { patient });
    mkdirSync(join(scans, "Other"));
    const { status, ends, failures } = await prep(scans);
    expect([status, ends]).toEqual([1, ["Collection failed several-patients", "Other failed no-dicom"]]);
    const { message, measured, folders, hint } = failures.get("Collection");
    expect(measured).toBe("3 patients");
    expect(folders).toEqual(["P1/study/series", "P2/study/series", "P3/study/series"]);
    expect(message).toContain("P1/study/series");
    expect(hint).toContain("--by study");
    expect((await prep(join(scans, "Collection"))).ends).toEqual(["P1 done", "P2 done", "P3 done"]);
  });

  test("patients mixed flat in one folder: refused when all headers are read, though first and last agree", async () => {
    const nameOf = (prefix: string) => (k: number) =>
      `${k === 0 || k === SLICES - 1 ? (k === 0 ? "0" : "z") : prefix}${k}`;
    putSeries(scans, { patient: "P1", nameOf: nameOf("a") });
    putSeries(scans, { patient: "P2", nameOf: (k) => `m${k}` });
    const { status, ends, failures } = await prep(scans);
    expect([status, ends]).toEqual([1, ["scans failed several-patients"]]);
    expect(failures.get("scans").measured).toBe("2 patients with 24, 24 CT images");
    expect((await prep(scans, "--series", uidsOf({ patient: "P1" }).series)).ends).toEqual(["scans done"]);
    expect(cleanOf("scans").equals(wholeClean)).toBe(true);
  });

  test("two studies of one patient: refused; a series by its UID is not ambiguous, a number that both have is", async () => {
    const shots = [1, 2].map((study) => ({ patient: "P1", study, series: 1 }));
    for (const shot of shots) putSeries(join(scans, "P1", `study ${shot.study}`), shot);
    putSeries(join(scans, "P2"), { patient: "P2" });
    const { status, ends, failures } = await prep(scans);
    expect([status, ends]).toEqual([1, ["P1 failed several-studies", "P2 done"]]);
    expect(failures.get("P1")).toMatchObject({ measured: "2 studies", folders: ["study 1", "study 2"] });
    expect((await prep(join(scans, "P1"), "--series", uidsOf(shots[1]!).series)).ends).toEqual([
      "study_1 failed not-found",
      "study_2 done",
    ]);
    const both = join(scans, "both");
    for (const [i, shot] of shots.entries()) putSeries(both, { ...shot, nameOf: (k) => `${i}-${k}` });
    expect((await prep(both, "--series", "1")).ends).toEqual(["both failed several-studies"]);
    expect((await prep(both, "--series", uidsOf(shots[1]!).series)).ends).toEqual(["both done"]);
  });

  test("reformats in a study of their own are left out with a finding: they are no second scan", async () => {
    putSeries(scans, { patient: "P1" });
    putSeries(scans, {
      patient: "P1",
      study: 2,
      slices: all(5),
      nameOf: (k) => `sagittal${k}`,
      elements: { ImageOrientationPatient: [0, 1, 0, 0, 0, -1] },
    });
    const { ends } = await prep(scans);
    expect(ends).toEqual(["scans done"]);
    expect(manifestOf("scans").findings.map(({ code }) => code)).toEqual(["left-out"]);
  });

  test("case folders with a stray file beside them: the others are done, the stray one fails by itself", async () => {
    for (const patient of ["P1", "P2"]) putSeries(join(scans, patient), { patient });
    putSeries(scans, { patient: "P9", slices: [3] });
    const { status, ends } = await prep(scans);
    expect([status, ends]).toEqual([1, ["P1 done", "P2 done", "scans failed single-slice"]]);
  });

  test("a zip and an image file beside case folders, and an image file beside DICOM, are cases of their own", async () => {
    putSeries(join(scans, "P1"), { patient: "P1" });
    put(scans, [
      ["P2.zip", zipped(seriesFiles({ patient: "P2" }))],
      ["P3.nii", niftiFile()],
      ["P4.tar.gz", "no zip"],
    ]);
    const { ends, stderr } = await prep(scans);
    expect(ends).toEqual(["P1 done", "P2 done", "P3 done"]);
    expect(stderr).toMatch(/not read: P4\.tar\.gz/);
    put(join(scans, "P1"), [["P5.nii", niftiFile()]]);
    expect((await prep(join(scans, "P1"))).ends).toEqual(["P1 skipped", "P5 done"]);
  });

  test("a folder with files and sub-folders of one study is one case; of several it is several", async () => {
    putSeries(scans, { patient: "P1", slices: all(12) });
    putSeries(join(scans, "more"), { patient: "P1", slices: all(SLICES).slice(12) });
    put(scans, [["rest.zip", zipped(seriesFiles({ patient: "P1", series: 2, slices: [0] }))]]);
    expect((await prep(scans)).ends).toEqual(["scans done"]);
    expect(cleanOf("scans").equals(wholeClean)).toBe(true);
    putSeries(join(scans, "P2"), { patient: "P2" });
    // The halves of the first series now lie in two cases, and both say so.
    expect((await prep(scans)).ends).toEqual([
      "P2 done",
      "more failed split-series",
      "rest failed single-slice",
      "scans failed split-series",
    ]);
  });

  test("an image file is read where it is the only scan of a case folder, and told of where it is not", async () => {
    put(join(scans, "a"), [
      ["ct.nii", niftiFile()],
      ["notes.txt", "text"],
    ]);
    put(join(scans, "b"), [
      ["ct.nii", niftiFile()],
      ["other.nii", niftiFile()],
    ]);
    putSeries(join(scans, "c"), { patient: "P1" });
    put(join(scans, "c"), [["mask.nii", niftiFile()]]);
    const { ends, failures } = await prep(scans);
    expect(ends).toEqual(["a done", "b failed no-dicom", "c done"]);
    expect(failures.get("b").measured).toBe("2 image files: ct.nii, other.nii");
    expect(manifestOf("c").findings).toMatchObject([{ code: "left-out", files: ["mask.nii"] }]);
  });
});

describe("one series is never several cases", () => {
  const spread = () => {
    for (let i = 0; i < 3; i++) {
      putSeries(join(scans, `${i}/IMAGES`), { patient: "P1", slices: all(SLICES).filter((k) => k % 3 === i) });
    }
  };

  test("spread over sub-folders it is refused, and read whole with --by series", async () => {
    spread();
    const { status, ends, failures } = await prep(scans);
    expect([status, ends]).toEqual([1, ["0 failed split-series", "1 failed split-series", "2 failed split-series"]]);
    expect(failures.get("1")).toMatchObject({
      measured: "3 cases: 0, 1, 2",
      hint: expect.stringContaining("--by series"),
    });
    expect(failures.get("1").folders).toContain(join(scans, "2/IMAGES"));
    const { ends: gathered } = await prep(scans, "--by", "series");
    expect(gathered).toEqual([expect.stringMatching(/^series-[0-9a-f]{12} done$/)]);
    expect(cleanOf(gathered[0]!.split(" ")[0]!).equals(wholeClean)).toBe(true);
  });

  test("where few headers cannot show it, the later case fails when its turn comes", async () => {
    // The first and the last file of each folder are of a series of its own.
    const hide = (name: string, own: number, slices: number[]) => {
      const nameOf = (k: number) => `m${String(k).padStart(3, "0")}`;
      putSeries(join(scans, name), {
        patient: "P1",
        series: own,
        slices: [0, 1],
        nameOf: (k) => (k === 0 ? "a" : "z"),
      });
      putSeries(join(scans, name), { patient: "P1", series: 1, slices, nameOf });
    };
    hide(
      "x",
      7,
      all(SLICES).filter((k) => k % 2 === 0),
    );
    hide(
      "y",
      8,
      all(SLICES).filter((k) => k % 2 === 1),
    );
    const flags = ["--workers", "1"];
    const { status, ends, failures } = await prep(scans, ...flags);
    expect([status, ends]).toEqual([1, ["x done", "y failed split-series"]]);
    expect(failures.get("y").measured).toBe("2 cases: x, y");
    // Also when the first is skipped, because it is done.
    expect((await prep(scans, ...flags)).ends).toEqual(["x skipped", "y failed split-series"]);
    rmSync(join(scans, "x"), { recursive: true });
    rmSync(out, { recursive: true });
    expect((await prep(scans, ...flags)).ends).toEqual(["y done"]);
  });

  test("copies are each done and name each other; a part of one is refused, unless it fails by itself", async () => {
    for (const name of ["a", "b"]) putSeries(join(scans, name), { patient: "P1" });
    putSeries(join(scans, "half"), { patient: "P1", slices: all(18) });
    putSeries(join(scans, "holed"), { patient: "P1", slices: all(SLICES).filter((k) => k !== 9) });
    const { ends, failures } = await prep(scans);
    expect(ends).toEqual(["a done", "b done", "half failed split-series", "holed failed inconsistent-series"]);
    expect(failures.get("half").measured).toBe("all of them are in the case a");
    const copied = (name: string) => manifestOf(name).findings.filter(({ code }) => code === "copied-scan");
    expect(copied("a")).toMatchObject([{ severity: "warning", message: expect.stringMatching(/: b$/) }]);
    expect(copied("b")).toMatchObject([{ message: expect.stringMatching(/: a$/) }]);
  });
});

describe("media and other forms", () => {
  test("a CD with a DICOMDIR is one case when it holds one study, and is refused when it holds several patients", async () => {
    const write = (disc: string, patients: string[]) => {
      put(join(scans, disc), [
        ["DICOMDIR", dicomdir()],
        ["autorun.inf", "[autorun]"],
        ["VIEWER/view.exe", "MZ"],
      ]);
      for (const patient of patients) {
        const half = (from: number) => all(12).map((k) => k + from);
        putSeries(join(scans, disc, "DICOM", patient, "SE1"), { patient, slices: half(0), nameOf: (k) => `I${k}` });
        putSeries(join(scans, disc, "DICOM", patient, "SE2"), { patient, slices: half(12), nameOf: (k) => `I${k}` });
      }
    };
    write("disc", ["P1"]);
    write("discs", ["P1", "P2"]);
    expect((await prep(join(scans, "disc"))).ends).toEqual(["disc done"]);
    expect(cleanOf("disc").equals(wholeClean)).toBe(true);
    expect((await prep(join(scans, "discs"))).ends).toEqual(["discs failed several-patients"]);
  });

  test("a folder with a viewer's programs is skipped, and that is said; an empty folder and one without scans fail", async () => {
    putSeries(join(scans, "IMAGES"), { patient: "P1" });
    put(join(scans, "VIEWER"), [
      ["bin/view.exe", "MZ"],
      ["help.html", "<html>"],
      ["data.bin", "data"],
    ]);
    put(join(scans, "texts"), [["notes.txt", "text"]]);
    mkdirSync(join(scans, "empty"));
    const { ends, stderr } = await prep(scans);
    expect(ends).toEqual(["IMAGES done", "empty failed no-dicom", "texts failed no-dicom"]);
    expect(stderr).toMatch(/VIEWER: skipped: programs, and no scan/);
  });

  test("gzipped slices give the same bytes, and a flipped bit in one is an error", async () => {
    const files = gzipped(seriesFiles({ patient: "P1" }));
    put(scans, files);
    expect((await prep(scans)).ends).toEqual(["scans done"]);
    expect(cleanOf("scans").equals(wholeClean)).toBe(true);
    const [name, bytes] = [...files][7]!;
    const flipped = Uint8Array.from(bytes);
    // The stated CRC-32, so that the stream itself stays sound.
    flipped[flipped.length - 8]! ^= 1;
    writeFileSync(join(scans, name), flipped);
    const { ends, failures } = await prep(scans);
    expect(ends).toEqual(["scans failed checksum-mismatch"]);
    expect(failures.get("scans").message).toContain(name);
  });

  test("a single multi-frame file is an input, named without its extension; other files are not", async () => {
    const { sources } = goldenSeries("enhanced");
    const file = new Uint8Array(sources[0]!.size);
    await sources[0]!.read(0, file);
    put(scans, [
      ["scan.1.dcm", file],
      ["notes.txt", "text"],
    ]);
    // It is read, and holds no lungs.
    expect((await prep(join(scans, "scan.1.dcm"))).ends).toEqual([expect.stringMatching(/^scan\.1 failed no-lungs/)]);
    const { status, stderr } = await pleura.run("prep", join(scans, "notes.txt"), "--out", out);
    expect([status, stderr]).toEqual([2, expect.stringContaining("neither a folder nor a scan")]);
  });

  test.skipIf(process.platform !== "linux")(
    "a folder whose name is not UTF-8 fails one case, by a name that can be shown",
    async () => {
      putSeries(join(scans, "P1"), { patient: "P1" });
      const bytes = Buffer.concat([Buffer.from(`${scans}/M`), Buffer.from([0xfc]), Buffer.from("ller")]);
      mkdirSync(bytes);
      for (const [name, content] of seriesFiles({ patient: "P2" })) {
        writeFileSync(Buffer.concat([bytes, Buffer.from(`/${name}`)]), content);
      }
      for (const flags of [[], ["--by", "study"]]) {
        const { status, ends, failures } = await prep(scans, ...flags);
        expect(status).toBe(1);
        expect(ends).toEqual(["M_xfcller failed unreadable-name", expect.stringMatching(/^(P1|study-\w+) done$/)]);
        expect(failures.get("M_xfcller").message).toContain("M\\xfcller");
      }
    },
  );
});

describe("what a run would do", () => {
  test("--dry-run lists what would be prepared, skipped and refused, and changes nothing", async () => {
    for (const patient of ["P1", "P2"]) putSeries(join(scans, patient), { patient });
    await prep(join(scans, "P2"));
    for (const study of [1, 2]) putSeries(join(scans, "P3", `${study}`), { patient: "P3", study });
    const before = snapshot(join(scans, ".."));
    const { status, stdout, stderr } = await pleura.run(
      "prep",
      scans,
      "--out",
      out,
      "--dry-run",
      "--report",
      join(out, "run.json"),
    );
    expect(snapshot(join(scans, ".."))).toEqual(before);
    expect(status).toBe(1);
    expect(stdout.trimEnd().split("\n")).toEqual([
      `P1  would be prepared  24 files, 0.2 MB, in ${join(scans, "P1")}`,
      `P2  would be skipped  24 files, 0.2 MB, in ${join(scans, "P2")}`,
      expect.stringMatching(/^P3 {2}would be refused {2}read: The images belong to several studies/),
    ]);
    expect(stderr).toBe("dry run: 1 to prepare, 1 done already, 1 refused; nothing was written\n");
    const json = await pleura.run("prep", scans, "--out", out, "--dry-run", "--log", "json", "--quiet");
    expect(JSON.parse(json.stdout)).toMatchObject({
      case: "P3",
      status: "refuse",
      failure: { code: "several-studies" },
    });
  });

  test("status follows the same rules", async () => {
    putSeries(join(scans, "P1"), { patient: "P1" });
    for (const study of [1, 2]) putSeries(join(scans, "P3", `${study}`), { patient: "P3", study });
    const status = async (...flags: string[]) =>
      (await pleura.run("status", out, scans, ...flags)).stdout.trimEnd().split("\n");
    const refused = expect.stringMatching(/^P3 {2}failed {2}read: The images belong to several studies/);
    expect(await status()).toEqual(["P1  missing", refused, "0 done, 0 stale, 1 failed, 1 missing"]);
    await prep(scans);
    expect(await status()).toEqual([refused, "1 done, 0 stale, 1 failed, 0 missing"]);
    await prep(scans, "--by", "study");
    expect(await status("--by", "study")).toEqual(["3 done, 0 stale, 0 failed, 0 missing"]);
  });

  test("--verbose says what the look at the headers took; a lone case needs none", async () => {
    for (const patient of ["P1", "P2"]) putSeries(join(scans, patient), { patient });
    const { stderr } = await prep(scans, "--verbose");
    expect(stderr).toMatch(
      /^looked at 2 folders and archives in \d+ ms \(\d+ ms per 1,000\): 4 headers read, 0 known from before$/m,
    );
    expect((await prep(join(scans, "P1"), "--verbose")).stderr).not.toContain("looked at");
  });
});
