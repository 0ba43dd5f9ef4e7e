import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type BuiltCli, buildCli } from "../helpers/built-cli.ts";

let pleura: BuiltCli;
let root: string;
beforeAll(async () => {
  pleura = await buildCli();
  root = mkdtempSync(join(tmpdir(), "pleura-params-"));
  await pleura.run("phantom", join(root, "scan"), "--size", "96", "--slices", "40");
}, 60_000);
afterAll(() => rmSync(root, { recursive: true, force: true }));

function file(name: string, value: unknown): string {
  const path = join(root, name);
  writeFileSync(path, typeof value === "string" ? value : JSON.stringify(value));
  return path;
}
const prep = (...flags: string[]) => pleura.run("prep", join(root, "scan"), "--out", join(root, "out"), ...flags);

test("--params changes what is done, is in the manifest, and decides what is done already", async () => {
  const params = file("params.json", { prepare: { margin: [0, 0] } });
  expect((await prep()).status).toBe(0);
  const shape = () => JSON.parse(readFileSync(join(root, "out/scan.json"), "utf8")).geometry.shape;
  const usual = shape();
  expect((await prep("--params", params)).stdout).toMatch(/done/);
  expect(shape()[0]).toBeLessThan(usual[0]);
  const manifest = JSON.parse(readFileSync(join(root, "out/scan.json"), "utf8"));
  expect(manifest.parameters.prepare).toMatchObject({ margin: [0, 0], padValue: 170 });
  expect((await prep("--params", params)).stdout).toMatch(/skipped/);
  const status = (...flags: string[]) => pleura.run("status", join(root, "out"), join(root, "scan"), ...flags);
  expect((await status("--params", params)).stdout).toMatch(/^1 done, 0 stale/m);
  expect((await status()).stdout).toMatch(/stale.*parameters/);
});

test("a file that is no file of parameters is refused before anything is done, by prep and by the queue", async () => {
  const wrong = [
    [
      file("typo.json", { lungs: { binarise: {} } }),
      /no such option \(measured: an unknown name in lungs; limit: one of binarize, select/,
    ],
    [file("large.json", { lungs: { binarize: { sigma: 99 } } }), /measured: 99; limit: a number from 0.25 to 15 \(pix/],
    [file("text.json", "lungs:"), /not JSON/],
    [join(root, "missing.json"), /cannot be read/],
  ] as const;
  for (const [path, message] of wrong) {
    const { status, stderr } = await prep("--params", path, "--force");
    expect(status).toBe(2);
    expect(stderr).toMatch(message);
  }
  // It is not reached.
  const redis = ["--redis", "redis://127.0.0.1:1"];
  const added = await pleura.run(
    "queue",
    "add",
    join(root, "scan"),
    "--out",
    join(root, "q"),
    ...redis,
    "--params",
    wrong[0][0],
  );
  expect(added.status).toBe(2);
  expect(added.stderr).toMatch(wrong[0][1]);
});
