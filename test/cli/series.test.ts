import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { CaseManifest } from "../../src/case/manifest.ts";
import type { ThreadRequest } from "../../src/dicom/frame-thread.ts";
import { makePhantom } from "../../src/phantom/phantom.ts";
import { type BuiltCli, buildCli } from "../helpers/built-cli.ts";
import { dicomFile, type Elements, words } from "../helpers/dicom.ts";
import { withoutDoubts } from "../helpers/doubts.ts";

const PATIENT = { PatientName: "Zzyzx^Quentin", PatientID: "PID-8675309", PatientBirthDate: "19610704" };
const [ROWS, SLICES, SPACING] = [96, 24, 3.4];
const SERIES_2 = "1.2.826.2";
const SERIES_5 = "1.2.826.5";

let pleura: BuiltCli;
let root: string;
let scan: string;
let out: string;
/** Every slice of series 2: what its header says and its pixels. */
const slices: Elements[] = [];

/** A scout, series 2 whole, and series 5 that lacks a slice. */
beforeAll(async () => {
  pleura = await buildCli();
  root = await mkdtemp(join(tmpdir(), "pleura-series-"));
  scan = join(root, "chest");
  await mkdir(scan);
  const { voxels } = makePhantom({ size: ROWS, slices: SLICES, spacing: [8, SPACING, SPACING] });
  const size = ROWS * ROWS;
  const write = (name: string, elements: Elements) =>
    writeFile(join(scan, name), dicomFile({ ...PATIENT, Rows: ROWS, Columns: ROWS, ...elements }));
  await write("scout", { SeriesNumber: 1, SeriesInstanceUID: "1.2.826.1", ImageType: "ORIGINAL\\PRIMARY\\LOCALIZER" });
  for (let k = 0; k < SLICES; k++) {
    const slice: Elements = {
      InstanceNumber: k + 1,
      ImagePositionPatient: [0, 0, 8 * k],
      PixelSpacing: [SPACING, SPACING],
      PixelData: words(voxels.subarray(k * size, (k + 1) * size)),
    };
    slices.push({ ...PATIENT, Rows: ROWS, Columns: ROWS, ...slice });
    await write(`a${k}`, { ...slice, SeriesNumber: 2, SeriesInstanceUID: SERIES_2 });
    if (k !== 9) await write(`b${k}`, { ...slice, SeriesNumber: 5, SeriesInstanceUID: SERIES_5 });
  }
  await writeFile(join(scan, "notes.txt"), "text");
}, 60_000);
afterAll(async () => {
  await rm(root, { recursive: true, force: true });
});
beforeEach(async () => {
  out = await mkdtemp(join(root, "out-"));
});

const prep = (...flags: string[]) => pleura.run("prep", scan, "--out", out, ...flags);
const manifestOf = async (name: string) =>
  JSON.parse(await readFile(join(out, `${name}.json`), "utf8")) as CaseManifest;

describe("pleura inspect", () => {
  test("has a line for each stack, with its geometry and findings, and one for what is left aside", async () => {
    const { status, stdout, stderr } = await pleura.run("inspect", scan);
    expect([status, stderr]).toEqual([0, ""]);
    expect(stdout.trimEnd().split("\n").sort()).toEqual([
      "left aside  1 not DICOM",
      "series 1  localizer  1 image  no volume: single-slice",
      "series 2  axial  24 images  24 × 96 × 96  8.000 × 3.400 × 3.400 mm  read by default",
      "series 5  axial  23 images  23 × 96 × 96  8.000 × 3.400 × 3.400 mm  fatal missing-slices (a step of 16.00 mm; limit 8.00 mm)  warning instance-numbers (23 numbers from 1 to 24; limit all numbers from 1 to 24)",
    ]);
  });

  test("gives all of it as JSON", async () => {
    const { stdout } = await pleura.run("inspect", scan, "--json", "--keep-file-names");
    const { stacks, skipped } = JSON.parse(stdout);
    expect(skipped).toEqual([{ file: "notes.txt", reason: "not DICOM" }]);
    expect(stacks).toMatchObject([
      { seriesUid: SERIES_2, shape: [24, 96, 96], chosen: true, findings: [] },
      {
        seriesUid: SERIES_5,
        findings: [{ code: "missing-slices", severity: "fatal", files: ["b8", "b10"] }, { code: "instance-numbers" }],
      },
      { seriesNumber: 1, localizer: true, failure: { code: "single-slice" } },
    ]);
  });

  test("ends with status 1 when there is no image, and when there is no such folder", async () => {
    expect(await pleura.run("inspect", join(scan, "notes.txt"))).toMatchObject({
      status: 1,
      stdout: "no CT images\nleft aside  1 not DICOM\n",
    });
    expect(await pleura.run("inspect", join(root, "nowhere"))).toMatchObject({ status: 1, stdout: "" });
  });
});

describe("pleura prep", () => {
  test("names every finding on standard error and in the manifest", async () => {
    const { status, stderr } = await prep();
    expect(status).toBe(0);
    const lines = withoutDoubts(stderr).trimEnd().split("\n");
    expect(lines.map((line) => line.split(" (")[0])).toEqual([
      "chest: corrected left-out",
      "chest: corrected left-out",
    ]);
    expect(lines[0]).toMatch(/^chest: corrected left-out \(23 images of 96 × 96, 184.0 mm long\): Images of series 5/);
    const { findings, parameters } = await manifestOf("chest");
    expect(findings).toHaveLength(2);
    expect(findings[1]).toMatchObject({
      code: "left-out",
      severity: "corrected",
      files: [expect.stringMatching(/^file 49 of 49 \(#[\da-f]{6}\)$/)],
    });
    expect(parameters.read).toEqual({ fillGaps: false, allowDamaged: false });
  });

  test("reads the series that is asked for, and fills its gap when that is allowed", async () => {
    const refused = await prep("--series", "5");
    expect([refused.status, refused.stdout]).toEqual([1, expect.stringMatching(/^chest {2}failed {2}.*16.00 mm/)]);
    const filled = await prep("--series", "5", "--fill-gaps");
    expect(filled.status).toBe(0);
    expect(filled.stderr).toContain("chest: corrected missing-slices (a step of 16.00 mm; limit 8.00 mm): ");
    const { geometry, parameters, findings } = await manifestOf("chest");
    expect(geometry.original.shape[0]).toBe(SLICES);
    expect(parameters.read).toEqual({ series: "5", fillGaps: true, allowDamaged: false });
    expect(findings).toContainEqual(
      expect.objectContaining({ code: "missing-slices", severity: "corrected", limit: "8.00 mm" }),
    );
  });

  test("does a finished case again when another series is asked for, or gaps may no longer be filled", async () => {
    const statusOf = async (...flags: string[]) => (await prep(...flags)).stdout.split("  ")[1];
    expect(await statusOf("--series", SERIES_5, "--fill-gaps")).toBe("done");
    expect(await statusOf("--series", SERIES_5, "--fill-gaps")).toBe("skipped");
    expect(await statusOf("--series", "2")).toBe("done");
    expect(await statusOf("--series", "2")).toBe("skipped");
    expect(await statusOf("--series", SERIES_5)).toBe("failed");
    expect(await readdir(out)).toEqual([".pleura"]);
  });

  test("makes a case of every series that can be a scan", async () => {
    const { status, stdout } = await prep("--all-series", "--fill-gaps");
    expect(status).toBe(0);
    expect(stdout.split("\n").map((line) => line.split("  ").slice(0, 2).join(" "))).toEqual([
      "chest_2 done",
      "chest_5 done",
      "",
    ]);
    // What the header says of the series is kept as a hash only.
    const key = createHash("sha256").update(SERIES_5).digest("hex").slice(0, 24);
    const expected = { fillGaps: true, allowDamaged: false, only: { by: "series", key } };
    expect((await manifestOf("chest_5")).parameters.read).toEqual(expected);
    expect((await prep("--all-series", "--fill-gaps")).stdout).toMatch(/chest_2 {2}skipped.*chest_5 {2}skipped/s);
  });

  test("fails the case when its folder has no such series, and refuses both options at once", async () => {
    expect((await prep("--series", "99")).stdout).toMatch(/^chest {2}failed.*series 99/);
    expect((await prep("--series", "2", "--all-series")).status).toBe(2);
  });
});

describe("a compressed series that is prepared alone", () => {
  const RLE = "1.2.840.10008.1.2.5";
  const writeRle = async (name: string, change: (pixels: Uint8Array) => Uint8Array) => {
    const folder = join(root, name);
    await mkdir(folder);
    for (const [k, slice] of slices.entries()) {
      const pixels = encapsulate(change(encodeRle(slice["PixelData"] as Uint8Array)));
      await writeFile(join(folder, `${k}.dcm`), dicomFile({ ...slice, PixelData: pixels }, RLE));
    }
    return pleura.run("prep", folder, "--out", out, "--workers", "2");
  };

  test("gives the bytes that it gives uncompressed, decoded in threads", async () => {
    await prep("--series", "2");
    const { status, stderr } = await writeRle("packed", (frame) => frame);
    expect([status, withoutDoubts(stderr)]).toEqual([0, ""]);
    const clean = await readFile(join(out, "packed_clean.npy"));
    expect(clean.equals(await readFile(join(out, "chest_clean.npy")))).toBe(true);
  });

  test("has threads to decode in", async () => {
    const thread = new Worker(join(pleura.folder, "decode-worker.js"));
    const ask = async (request: ThreadRequest) => {
      thread.postMessage(request);
      return (await once(thread, "message"))[0];
    };
    const pixels = Uint8Array.from({ length: 256 }, (_, i) => i);
    const size = { rows: 16, columns: 8, bitsAllocated: 16 };
    expect(await ask({ encoding: "rle" })).toEqual({ ready: true });
    const { id, frame } = await ask({ id: 7, encoding: "rle", encoded: encodeRle(pixels), size });
    await thread.terminate();
    expect(id).toBe(7);
    expect(Array.from(frame.bytes)).toEqual(Array.from(pixels));
  });

  test("fails with the file's name when a frame is damaged", async () => {
    const { status, stdout } = await writeRle("broken", (frame) => frame.subarray(0, 200));
    expect(status).toBe(1);
    expect(stdout).toMatch(/^broken {2}failed {2}read: file \d+ of 24 \(#[\da-f]{6}\): A compressed frame is damaged/);
  });
});

test("nothing that is written or printed names the patient", async () => {
  const report = join(out, "report.json");
  const runs = [
    await pleura.run("inspect", scan),
    await pleura.run("inspect", scan, "--json"),
    await prep("--all-series", "--verbose", "--report", report),
    await prep("--series", "99"),
  ];
  const texts = runs.flatMap(({ stdout, stderr }) => [stdout, stderr]);
  const written = await readdir(out, { recursive: true, withFileTypes: true });
  for (const { name, parentPath } of written.filter((entry) => entry.isFile())) {
    const bytes = await readFile(join(parentPath, name));
    texts.push((name.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("latin1"));
  }
  expect(texts.length).toBeGreaterThan(10);
  for (const text of texts) expect(text).not.toMatch(/zzyzx|quentin|8675309|19610704/i);
});

/** RLE of 16-bit pixels: a segment of high bytes and one of low bytes, without any repeats (PS3.5, annex G). */
function encodeRle(pixels: Uint8Array): Uint8Array {
  const segment = (first: number): number[] => {
    const bytes = Array.from(pixels.filter((_, i) => i % 2 === first));
    return Array.from({ length: bytes.length / 128 }, (_, i) => [127, ...bytes.slice(128 * i, 128 * (i + 1))]).flat();
  };
  const [high, low] = [segment(1), segment(0)];
  const header = new Uint32Array(16);
  header.set([2, 64, 64 + high.length]);
  return Uint8Array.from([...new Uint8Array(header.buffer), ...high, ...low]);
}

/** One frame as encapsulated pixel data: an empty offset table, and the frame in one fragment. */
function encapsulate(frame: Uint8Array): Uint8Array {
  const item = (length: number) => [0xfe, 0xff, 0, 0xe0, ...new Uint8Array(Uint32Array.of(length).buffer)];
  return Uint8Array.from([...item(0), ...item(frame.length), ...frame, 0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0]);
}
