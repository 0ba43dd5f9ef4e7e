import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { memorySource } from "../../src/byte-source.ts";
import { encodeNifti } from "../../src/formats/nifti.ts";
import { encodeStl } from "../../src/formats/stl.ts";
import { lungSides } from "../../src/lungs/sides.ts";
import { lungsFromMask } from "../../src/masks/lungs-from-mask.ts";
import { prepCase } from "../../src/node/prep-case.ts";
import { readSeries } from "../../src/node/read-series.ts";
import { writePhantom } from "../../src/node/write-phantom.ts";
import { readLungObject } from "../../src/objects/lung-object.ts";
import { makePhantom } from "../../src/phantom/phantom.ts";
import { segmentLungs } from "../../src/pipeline/segment-lungs.ts";
import {
  Connection,
  type Mesh,
  type Port,
  PROFILES,
  type Progress,
  RUN_MASKS,
  type RunParameters,
  STAGE_MASKS,
  STEP_STAGES,
  STEPS,
  type Step,
  serveSession,
} from "../../src/session/index.ts";
import { Session } from "../../src/session/session.ts";
import { surfaceOf } from "../../src/surface/surface.ts";
import { affineFromSpacing } from "../../src/volume/affine.ts";
import { dicomFile } from "../helpers/dicom.ts";

const SMALL = { size: 128, slices: 50 };

let folder: string;
let files: File[];
let session: Connection;
const progress: Progress[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "pleura-session-"));
  const series = join(folder, "series");
  await writePhantom(makePhantom(SMALL), series);
  await prepCase(series, { out: join(folder, "out"), name: "case" });
  files = filesOf(series);
  const [here, there] = channel();
  serveSession(there);
  session = new Connection(here, (step) => progress.push(step));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** A folder's files as a browser gives them. */
function filesOf(series: string): File[] {
  return readdirSync(series).map((name) => {
    const path = join(series, name);
    return new File([readFileSync(path)], name, { lastModified: Number(statSync(path, { bigint: true }).mtimeMs) });
  });
}

/** Expects the session to save what the command line wrote, times aside. */
async function expectSaved(name: string): Promise<void> {
  for (const file of ["clean", "label", "lungs"] as const) {
    const saved = await session.call("save", { file });
    expect(Buffer.from(saved.bytes).equals(written(saved.name)), saved.name).toBe(true);
  }
  const { bytes } = await session.call("save", { file: "manifest" });
  const timeless = (text: Uint8Array) =>
    Buffer.from(text)
      .toString()
      .replace(/"milliseconds": \{[^}]*\}/, "");
  expect(timeless(bytes)).toBe(timeless(written(`${name}.json`)));
}

/** Two ends of a channel that hands messages over as they are: Node's own turns a File into a Blob. */
function channel(): [Port, Port] {
  const end = (): Port => ({ onmessage: null, postMessage: () => {} });
  const [a, b] = [end(), end()];
  const deliver = (to: Port) => (data: unknown) => void setTimeout(() => to.onmessage?.({ data } as MessageEvent));
  a.postMessage = deliver(b);
  b.postMessage = deliver(a);
  return [a, b];
}

function digest({ buffer, byteOffset, byteLength }: Uint8Array | Int16Array): string {
  return createHash("sha256")
    .update(Buffer.from(buffer, byteOffset, byteLength))
    .digest("hex");
}

function written(file: string): Uint8Array {
  return new Uint8Array(readFileSync(join(folder, "out", file)));
}

function withBinarize(change: Partial<NonNullable<RunParameters["lungs"]["binarize"]>>): RunParameters {
  const { lungs, prepare } = PROFILES.grt123;
  return { lungs: { ...lungs, binarize: { ...lungs.binarize, ...change } }, prepare };
}

describe("a session", () => {
  test("refuses to answer for a scan that is not there", async () => {
    await expect(session.call("slice", { plane: "axial", index: 0, overlay: "lungs" })).rejects.toThrow(
      "No scan is open",
    );
  });

  test("gives the files that the command line writes, byte for byte", async () => {
    const scan = await session.call("open", { files, name: "case", read: { fillGaps: false } });
    expect(scan).toMatchObject({ name: "case", shape: [50, 128, 128], stacks: [], files: 50 });
    const summary = await session.call("run", PROFILES.grt123);
    await expectSaved("case");
    const reference = JSON.parse(Buffer.from(written("case.json")).toString());
    expect(summary.lungs).toEqual(reference.lungs);
    expect(summary.voxels.lung1).toBeGreaterThan(summary.voxels.lung2);
  });

  test("gives the lungs as SEG and RTSTRUCT, the same masks as the command line's", async () => {
    const scan = await readSeries(join(folder, "series"), { keepOrigin: true });
    const sides = lungSides(scan, segmentLungs(scan));
    for (const file of ["seg", "rtstruct"] as const) {
      const { name, bytes } = await session.call("save", { file });
      expect(name).toBe(`case_lungs.${file}.dcm`);
      const { image, labels } = await readLungObject(memorySource(name, bytes), scan, undefined);
      const found = lungsFromMask(image, scan, labels, name).sides;
      expect([found.right.equals(sides.right), found.left.equals(sides.left)]).toEqual([true, true]);
    }
  });

  test("tells the stages in their order, each with its time", () => {
    const ended = progress.filter(({ milliseconds }) => milliseconds !== undefined).map(({ stage }) => stage);
    expect(ended).toEqual(["read", "binarize", "select", "fill", "separate", "hull", "prepare"]);
    const shares = progress.filter(({ stage }) => stage === "read").map(({ done }) => done);
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
  });

  test("knows the nodules of annotations, and saves what the command line writes with them", async () => {
    const { truth } = makePhantom(SMALL);
    const rows = truth.nodules.map(({ centre, diameter }) => `case,${centre.join(",")},${diameter}\n`).join("");
    const text = `seriesuid,coordX,coordY,coordZ,diameter_mm\n${rows}other,1,2,3,4\n`;
    writeFileSync(join(folder, "annotations.csv"), text);
    const nodules = join(folder, "annotations.csv");
    await prepCase(join(folder, "series"), { out: join(folder, "out"), name: "case", nodules });
    await expect(session.call("save", { file: "nodules" })).rejects.toThrow("No annotations are open");
    const told = await session.call("annotate", { file: new File([text], "annotations.csv") });
    expect(told.nodules.map(({ patient }) => patient)).toEqual(truth.nodules.map(({ centre }) => centre));
    await expectSaved("case");
    const { bytes, name } = await session.call("save", { file: "nodules" });
    expect(Buffer.from(bytes).equals(written(name))).toBe(true);
    // What cannot be placed changes nothing.
    const other = new File(["seriesuid,coordX,coordY,coordZ,diameter_mm\nother,1,2,3,4\n"], "b.csv");
    await expect(session.call("annotate", { file: other })).rejects.toThrow(/nothing about this scan/);
    await expectSaved("case");
    await prepCase(join(folder, "series"), { out: join(folder, "out"), name: "case" });
    await session.call("open", { files, name: "case", read: { fillGaps: false } });
    await session.call("run", PROFILES.grt123);
    await expectSaved("case");
  });

  test("cuts slices with the head at the top and the right lung as 1, on the left", async () => {
    const { values, overlay, width, height } = await session.call("slice", {
      plane: "coronal",
      index: 60,
      overlay: "lungs",
    });
    expect([width, height]).toEqual([128, 50]);
    const phantom = makePhantom(SMALL);
    expect(values[3 * 128 + 40]).toBe(phantom.voxels[(50 - 1 - 3) * 128 * 128 + 60 * 128 + 40]);
    const middle = overlay.subarray(25 * 128, 26 * 128);
    expect(middle.indexOf(1)).toBeGreaterThan(0);
    expect(middle.indexOf(1)).toBeLessThan(middle.indexOf(2));
  });

  test("gives the surface of the lungs, and one of every stage's mask", async () => {
    const volume = await readSeries(join(folder, "series"));
    const { right, left } = lungSides(volume, segmentLungs(volume));
    const count = (mesh: Mesh) => mesh.triangles.length;
    const { bytes } = await session.call("save", { file: "surface" });
    const sides = [surfaceOf(right, volume), surfaceOf(left, volume)];
    // A title, a count, and 50 bytes a triangle: the right lung's first.
    expect(Buffer.from(bytes).readUInt32LE(80)).toBe(sides.map(count).reduce((a, b) => a + b) / 3);
    const first = Buffer.from(encodeStl(sides[0]!)).subarray(84);
    expect(
      Buffer.from(bytes)
        .subarray(84, 84 + first.length)
        .equals(first),
    ).toBe(true);
    const other = STAGE_MASKS.find((mask) => !RUN_MASKS.includes(mask))!;
    await expect(session.call("surface", { of: other })).rejects.toThrow("No stage of this profile makes such a mask");
    const meshes = await Promise.all(RUN_MASKS.map((of) => session.call("surface", { of })));
    expect(Math.min(...meshes.map(count))).toBeGreaterThan(3000);
    expect(new Set(meshes.map(count)).size).toBeGreaterThan(4);
  });

  test("runs again from the stage whose parameters changed", async () => {
    const reruns = async (parameters: RunParameters): Promise<string[]> => {
      progress.length = 0;
      await session.call("run", parameters);
      return progress.filter(({ done }) => done === 1).map(({ stage }) => stage);
    };
    const { lungs, prepare } = PROFILES.grt123;
    expect(await reruns({ lungs, prepare: { ...prepare, padValue: 100 } })).toEqual(["prepare"]);
    expect(await reruns({ lungs, prepare: { ...prepare, padValue: 100, hull: { iterations: 4 } } })).toEqual([
      "hull",
      "prepare",
    ]);
    expect(await reruns(withBinarize({ threshold: -500 }))).toHaveLength(6);
    expect(await reruns(withBinarize({ threshold: -500 }))).toEqual([]);
  });

  test("a later run ends an earlier one, and its result is the later one's", async () => {
    const earlier = session.call("run", withBinarize({ threshold: -300 }));
    const later = session.call("run", PROFILES.grt123);
    await expect(earlier).rejects.toMatchObject({ code: "aborted" });
    await later;
    const { name, bytes } = await session.call("save", { file: "clean" });
    expect(Buffer.from(bytes).equals(written(name))).toBe(true);
  });

  test("answers with the error of a stage and the step, and works on", async () => {
    await expect(session.call("run", withBinarize({ threshold: -3000 }))).rejects.toMatchObject({
      code: "no-lungs",
      stage: "select",
      step: "select",
    });
    for (const file of ["clean", "manifest", "surface"] as const) {
      await expect(session.call("save", { file })).rejects.toMatchObject({ code: "no-lungs" });
    }
    await session.call("run", PROFILES.grt123);
    expect((await session.call("surface", { of: "lungs" })).triangles.length).toBeGreaterThan(1000);
    expect((await session.call("surface", { of: "bones" })).triangles.length).toBeGreaterThan(1000);
  });

  const cut = { plane: "axial", index: 25 } as const;
  /** A picture with digests in place of its pixels. */
  const draw = async (step: Step) => {
    const picture = await session.call("picture", { step, ...cut });
    return { ...picture, values: digest(picture.values), classes: digest(picture.classes) };
  };
  const { lungs, prepare } = PROFILES.grt123;

  test("waits for the run that is under way where a step is asked for that has not come yet", async () => {
    const before = await draw("crop");
    const run = session.call("run", withBinarize({ threshold: -500 }));
    const asked = STEPS.map(draw);
    const mask = session.call("surface", { of: "dilated2" });
    const saved = session.call("save", { file: "clean" });
    // A slice is not waited for: it has no mask yet.
    const bare = await session.call("slice", { ...cut, overlay: "lungs" });
    expect(bare.overlay.some((value) => value > 0)).toBe(false);
    const during = await Promise.all(asked);
    expect((await mask).triangles.length).toBeGreaterThan(1000);
    expect((await saved).bytes.length).toBeGreaterThan(1000);
    await run;
    expect(during).toEqual(await Promise.all(STEPS.map(draw)));
    expect(during.at(-1)).not.toEqual(before);
    await session.call("run", PROFILES.grt123);
    expect(await draw("crop")).toEqual(before);
  });

  test("what waits for a run is answered by the later one that takes its place", async () => {
    const earlier = session.call("run", withBinarize({ threshold: -300 }));
    const asked = draw("crop");
    const later = session.call("run", PROFILES.grt123);
    await expect(earlier).rejects.toMatchObject({ code: "aborted" });
    await later;
    expect(await asked).toEqual(await draw("crop"));
  });

  test.each<[string, Step, readonly Step[], RunParameters]>([
    [
      "no body passes",
      "select",
      ["bodies", "select"],
      { lungs: { ...lungs, select: { volumeLimits: [15, 20] } }, prepare },
    ],
    ["limits that cross", "select", ["bodies"], { lungs: { ...lungs, select: { volumeLimits: [7, 1] } }, prepare }],
    ["a window that falls", "window", [], { lungs, prepare: { ...prepare, window: [600, -1200] } }],
    ["no grey value", "bones", ["window"], { lungs, prepare: { ...prepare, padValue: 300 } }],
    ["a grid too coarse", "resample", ["window", "bones"], { lungs, prepare: { ...prepare, newSpacing: [1e4, 1, 1] } }],
    ["a margin that is none", "crop", ["window", "resample"], { lungs, prepare: { ...prepare, margin: [-1, 0] } }],
  ])("%s: fails at %s, and what comes before stays", async (_, step, sameStage, parameters) => {
    await session.call("run", PROFILES.grt123);
    const usual = new Map(await Promise.all(STEPS.map(async (one) => [one, await draw(one)] as const)));
    const error = await session.call("run", parameters).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ step, message: expect.stringMatching(/\w{3}/) });
    const stage = STEP_STAGES[step];
    for (const earlier of STEPS.slice(0, STEPS.indexOf(step))) {
      const picture = await draw(earlier);
      if (STEP_STAGES[earlier] !== stage) expect(picture, earlier).toEqual(usual.get(earlier));
    }
    for (const drawn of sameStage) expect((await draw(drawn)).step).toBe(drawn);
    for (const later of STEPS.slice(STEPS.indexOf(step) + 1)) {
      await expect(draw(later), later).rejects.toMatchObject({ message: (error as Error).message });
    }
    const hasMask = (await session.call("slice", { ...cut, overlay: "binary" })).overlay.some((value) => value > 0);
    expect(hasMask).toBe(true);
  });

  test("another scan ends the run of the last one, and whatever waits for it", async () => {
    const run = session.call("run", withBinarize({ threshold: -350 }));
    const asked = draw("crop");
    const opened = session.call("phantom", SMALL);
    const settled = await Promise.allSettled([run, asked, opened]);
    expect(settled).toMatchObject([
      { status: "rejected", reason: { code: "aborted" } },
      { status: "rejected", reason: { code: "aborted" } },
      { status: "fulfilled" },
    ]);
    await session.call("run", PROFILES.grt123);
    expect((await draw("crop")).step).toBe("crop");
  });
});

test("warms up before the first scan, and not once one has come", async () => {
  const fresh = new Session(() => {});
  await expect(fresh.warmUp()).resolves.toEqual({});
  const warming = fresh.warmUp();
  await fresh.phantom(SMALL);
  await expect(warming).rejects.toMatchObject({ code: "aborted" });
  expect((await fresh.slice({ plane: "axial", index: 20, overlay: "lungs" })).width).toBe(128);
  await expect(fresh.warmUp()).resolves.toEqual({});
});

describe("a series with a gap", () => {
  let gappy: File[];
  beforeAll(async () => {
    const series = join(folder, "gappy");
    await writePhantom(makePhantom(SMALL), series);
    for (const name of readdirSync(series).slice(20, 22)) rmSync(join(series, name));
    await prepCase(series, { out: join(folder, "out"), name: "gappy", fillGaps: true });
    gappy = filesOf(series);
  });

  test("is refused, and known to be one whose gaps can be filled", async () => {
    const refused = session.call("open", { files: gappy, name: "gappy", read: { fillGaps: false } });
    await expect(refused).rejects.toMatchObject({ code: "inconsistent-series", stage: "read" });
    const stacks = await session.call("inspect", { files: gappy });
    expect(stacks).toMatchObject([{ images: 48, usual: true, opened: false, refused: true, fillable: true }]);
    expect(await session.call("inspect", { files })).toMatchObject([{ refused: false, fillable: false }]);
  });

  test("gives with its gaps filled what the command line gives with --fill-gaps, and says so", async () => {
    await session.call("open", { files: gappy, name: "gappy", read: { fillGaps: true } });
    const { findings } = await session.call("run", PROFILES.grt123);
    expect(findings).toMatchObject([
      { code: "missing-slices", severity: "corrected" },
      { code: "instance-numbers", severity: "warning" },
    ]);
    await expectSaved("gappy");
    const manifest = JSON.parse(Buffer.from(written("gappy.json")).toString());
    expect(manifest.parameters.read).toEqual({ fillGaps: true, allowDamaged: false });
  });
});

describe("what does not fit into a page is refused with a word on what to do", () => {
  const open = (file: File | File[]) =>
    session.call("open", { files: [file].flat(), name: "huge", read: { fillGaps: false } });
  const refusal = { code: "too-large", message: expect.stringMatching(/too large for a page .*pleura prep/) };

  test("by the size of the files, before they are read", async () => {
    const huge = { name: "huge.nii", size: 5 * 2 ** 30, lastModified: 0 } as File;
    await expect(open(huge)).rejects.toMatchObject(refusal);
  });

  test("by what the headers of a compressed series declare, before memory is taken", async () => {
    const slices = [0, 1, 2].map((k) => {
      const elements = {
        Rows: 30_000,
        Columns: 30_000,
        ImagePositionPatient: [0, 0, k],
        PixelData: new Uint8Array(64),
      };
      const bytes = dicomFile({ ...elements, InstanceNumber: k + 1 }, "1.2.840.10008.1.2.4.70");
      return new File([bytes as Uint8Array<ArrayBuffer>], `${k}.dcm`);
    });
    await expect(open(slices)).rejects.toMatchObject(refusal);
    await expect(open(slices)).rejects.toThrow("3 × 30000 × 30000 voxels, 5.03 GiB; limit: 2 GiB");
  });

  test("by what the header of a compressed image declares", async () => {
    const image = encodeNifti({
      voxels: new Int16Array(2_000_000).map((_, i) => Math.imul(i, 0x9e3779b1) >> 16),
      shape: [2, 1000, 1000],
      spacing: [1, 1, 1],
      affine: affineFromSpacing([1, 1, 1]),
    });
    // dim[1] to dim[3] of nifti1.h: 6.4 GB in a file of 4 MB.
    new DataView(image.buffer).setInt16(42, 4000, true);
    new DataView(image.buffer).setInt16(44, 4000, true);
    new DataView(image.buffer).setInt16(46, 110, true);
    await expect(open(new File([gzipSync(image)], "huge.nii.gz"))).rejects.toMatchObject(refusal);
  });

  test("by memory that cannot be had", async () => {
    const Whole = Int16Array;
    vi.stubGlobal(
      "Int16Array",
      class extends Whole {
        constructor(first: number, ...rest: []) {
          if (first > 500_000) throw new RangeError("Array buffer allocation failed");
          super(first, ...rest);
        }
      },
    );
    try {
      await expect(open(files)).rejects.toMatchObject(refusal);
    } finally {
      vi.unstubAllGlobals();
    }
    expect(await open(files)).toMatchObject({ shape: [50, 128, 128] });
  });
});
