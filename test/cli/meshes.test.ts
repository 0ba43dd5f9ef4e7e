import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { putSeries } from "../helpers/archive.ts";
import { type BuiltCli, buildCli } from "../helpers/built-cli.ts";

let pleura: BuiltCli;
let root: string;

beforeAll(async () => {
  pleura = await buildCli();
  root = await mkdtemp(join(tmpdir(), "pleura-meshes-"));
  putSeries(join(root, "scan"), { patient: "id-4711" });
}, 60_000);
afterAll(() => rm(root, { recursive: true, force: true }));

test("prep --mesh writes surfaces with the other files, and anew when another format is asked for", async () => {
  const out = join(root, "out");
  const prep = async (...flags: string[]) =>
    (await pleura.run("prep", join(root, "scan"), "--out", out, ...flags)).stdout;
  const surfaces = async () => (await readdir(out)).filter((name) => /\.(glb|stl)$/.test(name)).sort();
  expect(await prep("--mesh", "glb")).toContain("done");
  expect(await surfaces()).toEqual(["scan_lungs.glb"]);
  const { outputs } = JSON.parse(await readFile(join(out, "scan.json"), "utf8"));
  const glb = await readFile(join(out, "scan_lungs.glb"));
  expect(outputs["scan_lungs.glb"]).toBe(glb.length);
  expect(glb.subarray(0, 4).toString()).toBe("glTF");
  expect(await prep("--mesh", "glb")).toContain("skipped");
  expect(await prep("--mesh", "stl")).toContain("done");
  expect(await surfaces()).toEqual(["scan_left-lung.stl", "scan_right-lung.stl"]);
  expect(await prep("--mesh", "stl")).toContain("skipped");
  expect(await pleura.run("prep", join(root, "scan"), "--out", out, "--mesh", "obj")).toMatchObject({ status: 2 });
});
