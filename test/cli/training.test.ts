import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { CaseManifest } from "../../src/case/manifest.ts";
import { decodeNpy } from "../../src/formats/npy.ts";
import type { NodulesFile } from "../../src/nodules/case-nodules.ts";
import { makePhantom } from "../../src/phantom/phantom.ts";
import { type BuiltCli, buildCli } from "../helpers/built-cli.ts";
import { DATA } from "../helpers/data.ts";
import { withoutDoubts } from "../helpers/doubts.ts";
import { LUNA_HEADER, type LunaScan, type Pose, rowsOf, SMALL, writeLuna, writePose } from "../helpers/luna.ts";

const [PLAIN, FLIPPED] = ["1.2.840.1", "1.2.840.2"];
let pleura: BuiltCli;
let root: string;
let out: string;
let plain: LunaScan;

beforeAll(async () => {
  pleura = await buildCli();
  root = await mkdtemp(join(tmpdir(), "pleura-training-"));
  plain = writeLuna(root, PLAIN);
  writeLuna(root, FLIPPED, {}, true);
  await writeFile(join(root, "annotations.csv"), annotations(both()));
}, 60_000);
afterAll(async () => {
  await rm(root, { recursive: true, force: true });
});
beforeEach(async () => {
  out = await mkdtemp(join(root, "out-"));
});

const annotations = (rows: readonly string[]) => `${LUNA_HEADER}${rows.map((row) => `${row}\n`).join("")}`;
const both = () => [...plain.rows, ...plain.rows.map((row) => row.replace(PLAIN, FLIPPED))];
const luna = () => ["--profile", "luna16", "--lungs", join(root, "seg-lungs")];
const prepLuna = (file = join(root, "annotations.csv"), ...flags: string[]) =>
  pleura.run("prep", join(root, "subset0"), ...luna(), "--nodules", file, "--out", out, ...flags);
const array = async (name: string) => decodeNpy(await readFile(join(out, name)));
const json = async <T>(name: string) => JSON.parse(await readFile(join(out, name), "utf8")) as T;
const rowsOfLabel = async (name: string) => {
  const { data, shape } = await array(`${name}_label.npy`);
  return Array.from({ length: shape[0]! }, (_, i) =>
    Array.from(data.slice(4 * i, 4 * i + 4) as ArrayLike<number>, Number),
  );
};
/** A file of annotations with other rows. */
async function table(rows: readonly string[], name = "other.csv"): Promise<string> {
  await writeFile(join(out, name), annotations(rows));
  return join(out, name);
}
/** Cases and how they ended, by standard output. */
const ends = (stdout: string) =>
  stdout
    .trimEnd()
    .split("\n")
    .map((line) => line.split("  ").slice(0, 2).join(" "));

describe("a subset of LUNA16", () => {
  test("is prepared by one command, with labels, and the reversed image is the same picture", async () => {
    const { status, stdout, stderr } = await prepLuna();
    expect([status, ends(stdout)]).toEqual([0, [`${PLAIN} done`, `${FLIPPED} done`]]);
    expect(stderr).toMatch(/nodules +luna16-annotations: 2 of 2 series or cases used$/m);
    const [a, b] = [await array(`${PLAIN}_clean.npy`), await array(`${FLIPPED}_clean.npy`)];
    expect(a.dtype).toBe("uint8");
    expect(Buffer.from(a.data.buffer).equals(Buffer.from(b.data.buffer))).toBe(true);
    const [rows, mirrored] = [await rowsOfLabel(PLAIN), await rowsOfLabel(FLIPPED)];
    expect(rows).toHaveLength(4);
    // As published, the reversed one's label is one voxel further along y and x.
    for (const [i, [z, y, x, d]] of rows.entries()) {
      expect(mirrored[i]![0]).toBeCloseTo(z!, 9);
      expect(mirrored[i]![1]).toBeCloseTo(y! + 3.2, 9);
      expect(mirrored[i]![2]).toBeCloseTo(x! + 3.2, 9);
      expect(mirrored[i]![3]).toBeCloseTo(d!, 9);
    }
    const [exact, turned] = [
      await json<NodulesFile>(`${PLAIN}_nodules.json`),
      await json<NodulesFile>(`${FLIPPED}_nodules.json`),
    ];
    for (const [i, nodule] of exact.nodules.entries()) {
      expect(nodule.patient).toEqual(plain.phantom.truth.nodules[i]!.centre);
      for (const axis of [0, 1, 2] as const) expect(turned.nodules[i]!.clean[axis]).toBeCloseTo(nodule.clean[axis], 9);
    }
    const manifest = await json<CaseManifest>(`${FLIPPED}.json`);
    expect(manifest).toMatchObject({
      profile: "luna16",
      labelOffset: [0, 1, 1],
      parameters: { prepare: { hull: { maxAreaRatio: 1.5 } } },
    });
    expect(JSON.stringify(manifest)).not.toContain(root);
  });

  test("needs masks", async () => {
    const { status, stderr } = await pleura.run("prep", join(root, "subset0"), "--profile", "luna16", "--out", out);
    expect([status, await readdir(out)]).toEqual([2, []]);
    expect(stderr).toMatch(/luna16 takes the lungs from masks.*--lungs/);
  });

  test("has a label of whole zeros where there is no nodule", async () => {
    await prepLuna(await table(plain.rows));
    const label = await array(`${FLIPPED}_label.npy`);
    expect(label).toEqual({ dtype: "int64", shape: [1, 4], data: new BigInt64Array(4) });
    expect(await json(`${FLIPPED}_nodules.json`)).toEqual({
      case: FLIPPED,
      kind: null,
      matchedBy: null,
      nodules: [],
      leftOut: [],
    });
  });

  test("keeps the masks that there are, with --stages, and is then done", async () => {
    await prepLuna(undefined, "--stages");
    const files = await readdir(out);
    for (const mask of ["lung1", "lung2", "dilated1", "dilated2"]) expect(files).toContain(`${PLAIN}_${mask}.nii.gz`);
    expect(files).not.toContain(`${PLAIN}_binary.nii.gz`);
    expect(ends((await prepLuna(undefined, "--stages")).stdout)).toEqual([`${PLAIN} skipped`, `${FLIPPED} skipped`]);
  });
});

describe("what makes a case stale", () => {
  test("is its own rows, not those of others", async () => {
    await prepLuna(await table(both()));
    const changed = await table(["9.9,1,2,3,4", ...both().map((row) => (row.startsWith(FLIPPED) ? `${row}1` : row))]);
    const { stdout, stderr } = await prepLuna(changed);
    expect(ends(stdout)).toEqual([`${PLAIN} skipped`, `${FLIPPED} done`]);
    expect(stderr).toMatch(/again, because of other nodules 1/);
    expect(ends((await prepLuna(changed)).stdout)).toEqual([`${PLAIN} skipped`, `${FLIPPED} skipped`]);
    const status = await pleura.run("status", out, join(root, "subset0"), ...luna(), "--nodules", await table(both()));
    expect(status.stdout).toContain(`${FLIPPED}  stale  other nodules`);
  });

  test("is its own mask, also the file with the voxels", async () => {
    await prepLuna();
    const voxels = join(root, `seg-lungs/${FLIPPED}.zraw`);
    await utimes(voxels, new Date(2001, 1), new Date(2001, 1));
    const { stdout, stderr } = await prepLuna();
    expect(ends(stdout)).toEqual([`${PLAIN} skipped`, `${FLIPPED} done`]);
    expect(stderr).toMatch(/because of other lungs 1/);
  });

  test("is whether there are annotations at all, and how they are understood", async () => {
    await prepLuna();
    const without = await pleura.run("prep", join(root, "subset0"), ...luna(), "--out", out);
    expect(without.stderr).toMatch(/because of other parameters 2/);
    expect(await readdir(out)).not.toContain(`${PLAIN}_nodules.json`);
  });
});

describe("troubles in annotations", () => {
  test("of one case fail that case, with the line and what is wrong with it", async () => {
    const rows = [...both(), `${FLIPPED},NaN,2,3,4`, `${FLIPPED},1,2,3`];
    const { status, stdout } = await prepLuna(await table(rows));
    expect([status, ends(stdout)]).toEqual([1, [`${PLAIN} done`, `${FLIPPED} failed`]]);
    expect(stdout).toMatch(/ {2}failed {2}nodules: .*line 10: x is no number; line 11: 4 columns instead of 5/);
    // Neither the file's name nor its text is written.
    expect(stdout).not.toMatch(/other\.csv|NaN/);
    expect((await readdir(out)).filter((name) => name.startsWith(FLIPPED))).toEqual([]);
  });

  test("of nobody's rows stop the run before the first case", async () => {
    const { status, stderr } = await prepLuna(await table([...both(), ",1,2,3,4"]));
    expect(status).toBe(2);
    expect(stderr).toMatch(/other\.csv: .*line 10: the first column is empty/);
    expect((await readdir(out)).filter((name) => name !== "other.csv")).toEqual([]);
  });

  test("are findings with lines where the rows can be read", async () => {
    const [first] = plain.rows;
    const rows = [...both(), `${PLAIN},900,0,0,5`, `${PLAIN},0,0,${plain.phantom.affine[11] + 20},5`, first!];
    const { status, stderr } = await prepLuna(await table(rows));
    expect(status).toBe(0);
    expect(stderr).toMatch(/warning nodule-outside-scan \(line 10\)/);
    expect(stderr).toMatch(/warning nodule-not-shown \(line 11; limit at least 50 % of a nodule shown\)/);
    expect(stderr).toMatch(/warning duplicate-nodules \(line 12\)/);
    expect(await rowsOfLabel(PLAIN)).toHaveLength(7);
  });

  test("of series that are not there are counted, with their lines", async () => {
    const report = join(out, "run.json");
    const file = await table(["9.1,1,2,3,4", ...both(), "9.2,1,2,3,4", "9.2,1,2,3,5"]);
    const { stderr } = await prepLuna(file, "--report", report);
    expect(stderr).toMatch(
      /nodules +luna16-annotations: 2 of 4 series or cases used; no finished case for 2 of the annotations \(lines 2, 11-12\)/,
    );
    expect(JSON.parse(await readFile(report, "utf8")).nodules).toEqual({
      kind: "luna16-annotations",
      keys: 4,
      used: 2,
      unused: [{ file: "the annotations", keys: 2, lines: "2, 11-12" }],
    });
  });

  test("a file that is no list of nodules is refused", async () => {
    await writeFile(join(out, "x.csv"), "seriesuid,coordX,coordY,coordZ,probability\n1,2,3,4,5\n");
    const { status, stderr } = await prepLuna(join(out, "x.csv"));
    expect([status, stderr]).toEqual([2, expect.stringMatching(/x\.csv: The table is no list of nodules/)]);
  });

  test("a folder of several kinds is refused", async () => {
    await mkdir(join(out, "mixed"));
    await writeFile(join(out, "mixed/a.csv"), annotations(both()));
    await writeFile(join(out, "mixed/b.csv"), "a,1,2,3,4\n");
    const { status, stderr } = await prepLuna(join(out, "mixed"), "--nodule-units", "voxels");
    expect([status, stderr]).toEqual([
      2,
      expect.stringMatching(/several kinds \(measured: luna16-annotations; voxels/),
    ]);
  });
});

describe("other tables", () => {
  test("the competition's, in voxels, by the name of the case", async () => {
    const folder = join(root, "dicom/0042");
    writePose(folder, plain.phantom, "supine");
    await writeFile(join(out, "a.csv"), "id,coordx1,coordx2,coordx3,diameter\n42,30.5,50.25,20,2.5\nother,1,2,3,4\n");
    const { stderr } = await pleura.run("prep", folder, "--nodules", join(out, "a.csv"), "--out", out);
    expect(withoutDoubts(stderr)).toBe("");
    const { box } = (await json<CaseManifest>("0042.json")).geometry;
    const [pixel, step] = [Math.fround(3.2), Math.fround(6.4)];
    expect(await rowsOfLabel("0042")).toEqual([
      [20 * step - box[0][0], 50.25 * pixel - box[1][0], 30.5 * pixel - box[2][0], 2.5 * pixel],
    ]);
    await writeFile(join(out, "a.csv"), "0042,0,0,0,-1\n");
    await pleura.run("prep", folder, "--nodules", join(out, "a.csv"), "--out", out);
    expect((await array("0042_label.npy")).dtype).toBe("int64");
  });

  test("short names in millimetres, as LUNA16's qualified list", async () => {
    await cp(join(root, `subset0/${PLAIN}.mhd`), join(out, "in/007.mhd"));
    await cp(join(root, `subset0/${PLAIN}.raw`), join(out, `in/${PLAIN}.raw`));
    await cp(join(root, `seg-lungs/${PLAIN}.mhd`), join(out, "masks/007.mhd"));
    await cp(join(root, `seg-lungs/${PLAIN}.zraw`), join(out, `masks/${PLAIN}.zraw`));
    await writeFile(join(out, "q.csv"), plain.rows.map((row) => `${row.replace(PLAIN, "7")}\n`).join(""));
    const flags = ["--profile", "luna16", "--lungs", join(out, "masks"), "--nodules", join(out, "q.csv")];
    const { status } = await pleura.run("prep", join(out, "in"), ...flags, "--out", out);
    expect(status).toBe(0);
    expect(await json("007_nodules.json")).toMatchObject({
      kind: "millimetres",
      matchedBy: "name",
      nodules: { length: 4 },
    });
  });

  test("candidates: those of class 1 are in the label, the others are listed", async () => {
    await writeFile(
      join(out, "c.csv"),
      `seriesuid,coordX,coordY,coordZ,class\n${plain.rows.map((row, i) => `${row.split(",").slice(0, 4).join(",")},${i % 2}\n`).join("")}`,
    );
    const { stderr } = await prepLuna(join(out, "c.csv"));
    expect(stderr).toMatch(/nodules-left-out \(lines 2, 4\)/);
    expect(await rowsOfLabel(PLAIN)).toHaveLength(2);
    const { nodules } = await json<NodulesFile>(`${PLAIN}_nodules.json`);
    expect(nodules.map((one) => [one.class, one.label === null])).toEqual([
      [0, true],
      [1, false],
      [0, true],
      [1, false],
    ]);
  });

  test("the truth of phantoms, by series", async () => {
    const truth = join(out, "truth.json");
    await pleura.run("phantom", join(out, "ph"), "--size", "96", "--slices", "32", "--nodules", "3", "--truth", truth);
    await pleura.run("prep", join(out, "ph"), "--nodules", truth, "--out", out);
    expect(await json("ph_nodules.json")).toMatchObject({
      kind: "phantom",
      matchedBy: "series",
      nodules: { length: 3 },
    });
    expect(await readFile(join(out, "ph.json"), "utf8")).not.toMatch(/2\.25\.\d/);
  });

  test.skipIf(!existsSync(join(DATA, "lidc-idri-0001")))("LIDC-IDRI's XML, by series", async () => {
    const xml = join(DATA, "lidc-idri-0001-nodules.xml");
    await pleura.run("prep", join(DATA, "lidc-idri-0001"), "--nodules", xml, "--out", out);
    const { nodules, leftOut, ...file } = await json<NodulesFile>("lidc-idri-0001_nodules.json");
    expect(file).toEqual({ case: "lidc-idri-0001", kind: "lidc-xml", matchedBy: "series" });
    expect(nodules).toEqual([
      expect.objectContaining({ readers: 4, ratings: expect.objectContaining({ malignancy: 5 }) }),
    ]);
    const [left, back, up] = nodules[0]!.patient;
    expect(Math.hypot(left - 57, back - 85, up + 116)).toBeLessThan(2);
    expect(nodules[0]!.shares!.shown).toBeGreaterThan(0.95);
    expect(leftOut).toHaveLength(9);
    // It is soft tissue that clean shows there.
    const clean = await array("lidc-idri-0001_clean.npy");
    const [z, y, x] = nodules[0]!.clean.map(Math.round) as [number, number, number];
    expect(clean.data[(z * clean.shape[2]! + y) * clean.shape[3]! + x]).toBeGreaterThan(165);
  });
});

describe("from a phantom's nodules to the label, and back by map", () => {
  const POSES: readonly Pose[] = ["supine", "prone", "feet-first", "tilted"];
  const phantom = makePhantom({ ...SMALL, seed: 5, nodules: 5 });
  const truths = phantom.truth.nodules;

  beforeAll(async () => {
    for (const pose of POSES) writePose(join(root, "poses", pose), phantom, pose, `1.2.${POSES.indexOf(pose)}`);
    const rows = POSES.flatMap((pose) => rowsOf(`1.2.${POSES.indexOf(pose)}`, phantom));
    await writeFile(join(root, "poses.csv"), annotations(rows));
    writeLuna(join(root, "turned"), "9.1", { seed: 5, nodules: 5 }, true);
    await writeFile(join(root, "turned.csv"), annotations(rowsOf("9.1", phantom)));
  }, 60_000);

  /** The farthest of mapped detections from the truths, mm. */
  async function farthest(detections: string, ...flags: string[]): Promise<number> {
    const { status, stdout } = await pleura.run("map", out, detections, ...flags);
    expect(status).toBe(0);
    const [header, ...lines] = stdout.trimEnd().split("\n");
    expect(header).toBe("seriesuid,coordX,coordY,coordZ,probability");
    const distances = lines.map((line, i) => {
      const [x, y, z] = line.split(",").slice(1, 4).map(Number);
      const [left, back, up] = truths[i % truths.length]!.centre;
      return Math.hypot(x! - left, y! - back, z! - up);
    });
    expect(distances.length % truths.length).toBe(0);
    return Math.max(...distances);
  }

  async function writeDetections(names: readonly string[], of: "label" | "clean"): Promise<string> {
    let text = "case,z,y,x,probability\n";
    for (const name of names) {
      const { nodules } = await json<NodulesFile>(`${name}_nodules.json`);
      const rows = of === "label" ? await rowsOfLabel(name) : nodules.map(({ clean }) => [...clean]);
      text += rows.map(([z, y, x]) => `${name},${z},${y},${x},0.5\n`).join("");
    }
    await writeFile(join(out, "detections.csv"), text);
    return join(out, "detections.csv");
  }

  test.each([
    ["series of every pose", () => [join(root, "poses"), "--nodules", join(root, "poses.csv")], POSES],
    [
      "a reversed image of LUNA16",
      () => [
        join(root, "turned/subset0"),
        "--nodules",
        join(root, "turned.csv"),
        "--profile",
        "luna16",
        "--lungs",
        join(root, "turned/seg-lungs"),
      ],
      ["9.1"],
    ],
    [
      "the same image by its directions",
      () => [join(root, "turned/subset0"), "--nodules", join(root, "turned.csv")],
      ["9.1"],
    ],
  ])("%s", async (_, args, names) => {
    const { status } = await pleura.run("prep", ...args(), "--out", out);
    expect(status).toBe(0);
    expect(await farthest(await writeDetections(names, "label"))).toBeLessThan(0.05);
    expect(await farthest(await writeDetections(names, "clean"), "--positions", "clean")).toBeLessThan(0.05);
    // The published label is off the exact place, so taking one for the other shows.
    expect(await farthest(await writeDetections(names, "label"), "--positions", "clean")).toBeGreaterThan(0.5);
    // And the nodules are where the exact places say: soft tissue (about 170) amid lung (about 50).
    for (const name of names) {
      const clean = await array(`${name}_clean.npy`);
      const { nodules } = await json<NodulesFile>(`${name}_nodules.json`);
      const large = nodules.filter(({ diameter }) => diameter! > 12);
      expect(large.length).toBeGreaterThan(1);
      for (const { clean: at } of large) {
        const [z, y, x] = at.map(Math.round) as [number, number, number];
        expect(clean.data[(z * clean.shape[2]! + y) * clean.shape[3]! + x]).toBeGreaterThan(110);
      }
    }
  });

  test("detections may be arrays, as the published detector saves them, with log odds", async () => {
    await pleura.run("prep", join(root, "poses/supine"), "--nodules", join(root, "poses.csv"), "--out", out);
    const rows = await rowsOfLabel("supine");
    const { encodeNpy } = await import("../../src/formats/npy.ts");
    await mkdir(join(out, "pbb"));
    const data = Float32Array.from(rows.flatMap(([z, y, x, d], i) => [i - 2, z!, y!, x!, d!]));
    await writeFile(join(out, "pbb/supine_pbb.npy"), encodeNpy("float32", [rows.length, 5], data));
    expect(await farthest(join(out, "pbb"), "--logits")).toBeLessThan(0.05);
    const { stdout } = await pleura.run("map", out, join(out, "pbb"), "--logits");
    expect(Number(stdout.split("\n")[1]!.split(",")[4])).toBeCloseTo(1 / (1 + Math.E ** 2), 9);
    const refused = await pleura.run("map", out, join(out, "pbb"));
    expect([refused.status, refused.stderr]).toEqual([2, expect.stringMatching(/-2 in case supine.*--logits/)]);
  });

  test("series come from a list of names, and unknown cases are refused", async () => {
    await pleura.run("prep", join(root, "poses/supine"), "--nodules", join(root, "poses.csv"), "--out", out);
    const detections = await writeDetections(["supine"], "label");
    await writeFile(join(out, "names.csv"), "id,seriesuid\nsupine,1.2.999\n");
    const named = await pleura.run(
      "map",
      out,
      detections,
      "--names",
      join(out, "names.csv"),
      "--out",
      join(out, "s.csv"),
    );
    expect([named.status, named.stdout]).toEqual([0, ""]);
    expect(await readFile(join(out, "s.csv"), "utf8")).toMatch(/^seriesuid,.*\n1\.2\.999,/);
    await writeFile(detections, "case,z,y,x,probability\nnobody,1,2,3,0.5\n");
    const unknown = await pleura.run("map", out, detections);
    expect([unknown.status, unknown.stderr]).toEqual([2, expect.stringContaining("no result here (measured: 1 case)")]);
  });
});

describe("check-labels", () => {
  test("counts what clean does not show, draws every nodule, and ends with 1 when something is wrong", async () => {
    await prepLuna();
    const sound = await pleura.run("check-labels", out, "--pictures", join(out, "pictures"));
    expect(sound.status).toBe(0);
    expect(sound.stdout).toMatch(/^nodules +8$/m);
    expect(await readdir(join(out, "pictures"))).toHaveLength(8);
    await prepLuna(await table([...both(), `${PLAIN},900,0,0,5`, `${PLAIN},0,0,${plain.phantom.affine[11] + 20},5`]));
    const wrong = await pleura.run("check-labels", out);
    expect(wrong.status).toBe(1);
    expect(wrong.stdout).toMatch(/nodule 5 \(line 10\): outside the scan$/m);
    expect(wrong.stdout).toMatch(/nodule 6 \(line 11\): outside the box of clean, outside the lungs/);
    expect(wrong.stdout).toMatch(/^ {2}outside the scan +1$/m);
  });

  test("compares the label with what it should hold", async () => {
    await prepLuna();
    await cp(join(out, `${FLIPPED}_label.npy`), join(out, `${PLAIN}_label.npy`));
    const { status, stdout } = await pleura.run("check-labels", out);
    expect([status, stdout]).toEqual([
      1,
      expect.stringContaining(`${PLAIN}  label.npy does not agree: another value in row 1`),
    ]);
    const all = JSON.parse((await pleura.run("check-labels", out, "--json")).stdout);
    expect(all.map((one: { case: string; status: string }) => [one.case, one.status])).toEqual([
      [PLAIN, "checked"],
      [FLIPPED, "checked"],
    ]);
  });

  test("the HTML report shows each nodule with its box", async () => {
    await prepLuna(undefined, "--html");
    const page = await readFile(join(out, "report.html"), "utf8");
    expect(page.match(/<figure class="nodule">/g)).toHaveLength(8);
    expect(page).toContain("Nodule 1, line 2, ");
  });
});

test("splits keep a patient's scans together, told by the inputs' headers", async () => {
  const scans = join(out, "scans");
  const phantom = makePhantom({ size: 96, slices: 24, spacing: [8, 3.4, 3.4], nodules: 0 });
  for (const [i, name] of ["a", "b", "c", "d"].entries()) writePose(join(scans, name), phantom, "supine", `1.2.${i}`);
  await pleura.run("prep", scans, "--out", out);
  // The helper's series are all of one patient.
  const alike = await pleura.run("splits", out, scans, "--folds", "2");
  expect([alike.status, alike.stderr]).toEqual([2, expect.stringMatching(/number of patients, 1 for folds/)]);
  await writeFile(join(out, "patients.csv"), "case,patient\na,x\nb,y\nc,x\nd,z\n");
  const args = ["splits", out, "--folds", "2", "--patients", join(out, "patients.csv")];
  const first = await pleura.run(...args);
  const { folds, patients } = JSON.parse(first.stdout);
  expect([first.status, patients, folds.length]).toEqual([0, 3, 2]);
  for (const { val } of folds) expect(val.includes("a")).toBe(val.includes("c"));
  expect((await pleura.run(...args)).stdout).toBe(first.stdout);
  expect(first.stdout).not.toContain("secret");
});
