/**
 * A stage that is added to a profile, in a file of its own and in the table, and nowhere else: the table is replaced
 * by one that has the stage as well, and everything that goes through the table knows it.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { readManifest } from "../../src/node/manifest.ts";
import { prepCase } from "../../src/node/prep-case.ts";
import { writePhantom } from "../../src/node/write-phantom.ts";
import { makePhantom } from "../../src/phantom/phantom.ts";
import { classOf } from "../../src/pipeline/pixel-class.ts";
import { type SegmentOptions, segmentLungs } from "../../src/pipeline/segment-lungs.ts";
import type { Stage } from "../../src/pipeline/stage.ts";
import { masksOf, STAGE_MASKS, stagesOf } from "../../src/pipeline/stages.ts";
import type { CaseSummary, MaskName, Progress, RunParameters } from "../../src/session/index.ts";
import { PAGE_PARAMETERS, PROFILES, RUN_STAGES } from "../../src/session/index.ts";
import { Session } from "../../src/session/session.ts";
import { voxelVolume } from "../../src/volume/volume.ts";
import { STEP_TEXTS, STEPS, type Step } from "../../src/walkthrough/step.ts";

vi.mock("../../src/pipeline/profiles.ts", async (original) => {
  const { PROFILE_TABLE, ...rest } = await original<typeof import("../../src/pipeline/profiles.ts")>();
  const { peel } = await import("./peel-stage.ts");
  const { grt123 } = PROFILE_TABLE;
  const stages = grt123.stages.flatMap<Stage>((stage) => (stage.name === "separate" ? [stage, peel] : [stage]));
  return { ...rest, PROFILE_TABLE: { ...PROFILE_TABLE, grt123: { ...grt123, stages } } };
});

const NAMES = ["binarize", "select", "fill", "separate", "peel", "hull", "prepare"];
const MASKS = ["binary", "body", "filled", "lung1", "lung2", "peeled", "dilated1", "dilated2"];

const SMALL = { size: 96, slices: 40 };

let folder: string;
let series: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "pleura-added-"));
  series = join(folder, "series");
  await writePhantom(makePhantom(SMALL), series);
});
afterAll(() => rmSync(folder, { recursive: true }));

test("the list of stages and that of masks have it in its place", () => {
  expect(stagesOf("grt123").map(({ name }) => name)).toEqual(NAMES);
  expect(masksOf(stagesOf("grt123"))).toEqual(MASKS);
  expect(STAGE_MASKS.slice(0, MASKS.length)).toEqual(MASKS);
});

test("a case runs it, times it, writes its mask and its options, and is skipped when it is done", async () => {
  const out = join(folder, "out");
  const begun: string[] = [];
  const options = { out, name: "case", stages: true };
  const result = await prepCase(series, { ...options, onStage: (stage) => begun.push(stage) });
  expect(result.status).toBe("done");
  expect(begun).toEqual(["read", ...NAMES, "quality", "write"]);
  const manifest = (await readManifest(out, "case"))!;
  expect(manifest.parameters.lungs).toMatchObject({ peel: { layers: 1 } });
  expect(manifest.milliseconds["peel"]).toBeGreaterThan(0);
  expect(Object.keys(manifest.outputs)).toContain("case_peeled.nii.gz");
  expect((await prepCase(series, options)).status).toBe("skipped");
  // What follows works with the lungs that it gives.
  const { lung1, lung2 } = segmentLungs(makePhantom(SMALL), { peel: { layers: 0 } } as SegmentOptions);
  const unpeeled = (lung1.count() + lung2.count()) * 1e-3 * voxelVolume(makePhantom(SMALL).spacing);
  expect(manifest.lungs.totalMl).toBeLessThan(unpeeled * 0.99);
});

test("the page's session runs it, again from there when its options change, and shows its mask and its step", async () => {
  const progress: Progress[] = [];
  const session = new Session((one) => progress.push(one));
  const files = readdirSync(series).map((name) => {
    const path = join(series, name);
    return new File([readFileSync(path)], name, { lastModified: statSync(path).mtimeMs });
  });
  await session.open({ files, name: "case", read: { fillGaps: false } });
  const ended = (): string[] => {
    const stages = progress.filter(({ milliseconds }) => milliseconds !== undefined).map(({ stage }) => stage);
    progress.length = 0;
    return stages;
  };
  const summary: CaseSummary = await session.run(PROFILES.grt123);
  expect(ended()).toEqual(["read", ...NAMES]);
  expect(RUN_STAGES).toEqual(NAMES);
  expect(Object.keys(summary.voxels)).toEqual(MASKS);
  expect(Object.keys(summary.milliseconds)).toContain("peel");

  const changed = { ...PROFILES.grt123, lungs: { ...PROFILES.grt123.lungs, peel: { layers: 2 } } } as RunParameters;
  const again = await session.run(changed);
  expect(ended()).toEqual(["peel", "hull", "prepare"]);
  const peeled = "peeled" as "lung1";
  expect(again.voxels[peeled]).toBeLessThan(summary.voxels[peeled]);
  expect((await session.surface({ of: peeled as MaskName })).triangles.length).toBeGreaterThan(0);

  const { classes } = await session.picture({ step: "peel" as Step, plane: "axial", index: 20 });
  expect(classes.filter((value) => value === classOf("kept")).length).toBeGreaterThan(0);
  const { bytes } = await session.save({ file: "manifest" });
  expect(JSON.parse(Buffer.from(bytes).toString()).parameters.lungs.peel).toEqual({ layers: 2 });
});

test("the walkthrough tells it, with its text and its field", () => {
  const peel = "peel" as Step;
  expect(STEPS.indexOf(peel)).toBe(STEPS.indexOf("slice-holes") + 1);
  expect(STEP_TEXTS[peel]).toMatchObject({ title: "Peel", stage: "peel" });
  expect(PAGE_PARAMETERS.find(({ step }) => step === peel)).toMatchObject({
    label: "Layers",
    path: ["lungs", "peel", "layers"],
    default: 1,
    min: 0,
  });
});
