import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { prepCase } from "../../src/node/prep-case.ts";
import { writePhantom } from "../../src/node/write-phantom.ts";
import { makePhantom } from "../../src/phantom/phantom.ts";
import {
  Connection,
  type Port,
  PROFILES,
  type Progress,
  type RunParameters,
  serveSession,
} from "../../src/worker/index.ts";
import { Session } from "../../src/worker/session.ts";

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
  files = readdirSync(series).map((name) => {
    const path = join(series, name);
    return new File([readFileSync(path)], name, { lastModified: Number(statSync(path, { bigint: true }).mtimeMs) });
  });
  const [here, there] = channel();
  serveSession(there);
  session = new Connection(here, (step) => progress.push(step));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Two ends of a channel that hands messages over as they are: Node's own turns a File into a Blob. */
function channel(): [Port, Port] {
  const end = (): Port => ({ onmessage: null, postMessage: () => {} });
  const [a, b] = [end(), end()];
  const deliver = (to: Port) => (data: unknown) => void setTimeout(() => to.onmessage?.({ data } as MessageEvent));
  a.postMessage = deliver(b);
  b.postMessage = deliver(a);
  return [a, b];
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
    for (const file of ["clean", "label"] as const) {
      const { name, bytes } = await session.call("save", { file });
      expect(name).toBe(`case_${file}.npy`);
      expect(Buffer.from(bytes).equals(written(name))).toBe(true);
    }
    const lungs = await session.call("save", { file: "lungs" });
    expect(Buffer.from(lungs.bytes).equals(written("case_lungs.nii.gz"))).toBe(true);
    const manifest = await session.call("save", { file: "manifest" });
    const made = JSON.parse(new TextDecoder().decode(manifest.bytes));
    const reference = JSON.parse(new TextDecoder().decode(written("case.json")));
    expect({ ...made, milliseconds: 0 }).toEqual({ ...reference, milliseconds: 0 });
    expect(summary.lungs).toEqual(reference.lungs);
    expect(summary.voxels.lung1).toBeGreaterThan(summary.voxels.lung2);
  });

  test("tells the stages in their order, each with its time", () => {
    const ended = progress.filter(({ milliseconds }) => milliseconds !== undefined).map(({ stage }) => stage);
    expect(ended).toEqual(["read", "binarize", "select", "fill", "separate", "hull", "prepare"]);
    const shares = progress.filter(({ stage }) => stage === "read").map(({ done }) => done);
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
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

  test("answers with the error of a stage, and works on", async () => {
    await expect(session.call("run", withBinarize({ threshold: -3000 }))).rejects.toMatchObject({
      code: "no-lungs",
      stage: "select",
    });
    await expect(session.call("save", { file: "clean" })).rejects.toThrow("has not been run");
    await session.call("run", PROFILES.grt123);
    expect((await session.call("surface", { of: "lungs" })).triangles.length).toBeGreaterThan(1000);
    expect((await session.call("surface", { of: "bones" })).triangles.length).toBeGreaterThan(1000);
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

  test("refuses what does not fit into a page, before it is read", async () => {
    const huge = { name: "huge.nii", size: 5 * 2 ** 30, lastModified: 0 } as File;
    await expect(new Session(() => {}).open({ files: [huge], name: "huge", read: {} })).rejects.toMatchObject({
      code: "too-large",
    });
  });
});
