import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DecodedPng, decode } from "fast-png";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type BuiltCli, buildCli } from "../helpers/built-cli.ts";

let pleura: BuiltCli;
let root: string;
let scan: string;

beforeAll(async () => {
  pleura = await buildCli();
  root = await mkdtemp(join(tmpdir(), "pleura-render-"));
  scan = join(root, "chest");
  await pleura.run("phantom", scan, "--size", "96", "--slices", "24", "--spacing", "8,3.4,3.4");
  await pleura.run("prep", scan, "--out", join(root, "out"));
}, 60_000);
afterAll(async () => {
  await rm(root, { recursive: true, force: true });
});

async function render(input: string, ...options: string[]) {
  const file = join(root, "pictures/one.png");
  await rm(file, { force: true });
  const outcome = await pleura.run("render", input, "--out", file, ...options);
  const bytes = await readFile(file).catch(() => undefined);
  return { ...outcome, bytes, png: bytes && decode(bytes) };
}

/** Pixels that are clearly more green than red, clearly more red than blue, and nearly grey and bright. */
function counts({ data, channels, palette }: DecodedPng) {
  const result = { teal: 0, amber: 0, bone: 0 };
  const pixels = data.length / channels;
  for (let i = 0; i < pixels; i++) {
    const [r, g, b] = (palette
      ? palette[data[i]!]!
      : data.slice(i * channels, i * channels + 3)) as unknown as number[];
    if (g! > r! + 40) result.teal++;
    else if (r! > b! + 70) result.amber++;
    else if (r! > 90) result.bone++;
  }
  return result;
}

describe("pleura render", () => {
  test("draws both lungs of a scan, and the same ones from the mask that prep has left", async () => {
    const { status, stdout, png, bytes } = await render(scan, "--size", "120");
    expect([status, stdout, png!.width, png!.height]).toEqual([0, "", 120, 120]);
    const { teal, amber } = counts(png!);
    expect(Math.min(teal, amber)).toBeGreaterThan(1500);
    expect((await render(join(root, "out/chest"), "--size", "120")).bytes).toEqual(bytes);
    expect((await render(join(root, "out/chest_lungs.nii.gz"), "--size", "120")).bytes).toEqual(bytes);
    expect(await readdir(join(root, "pictures"))).toEqual(["one.png"]);
  });

  test("turns: from the left the left lung hides the other", async () => {
    const { png } = await render(join(root, "out/chest"), "--view", "left");
    const { teal, amber } = counts(png!);
    expect(png!.width).toBe(600);
    expect(amber).toBeGreaterThan(10 * teal);
    const named = await render(join(root, "out/chest"), "--view", "left", "--size", "64");
    expect((await render(join(root, "out/chest"), "--view", "90,0", "--size", "64")).bytes).toEqual(named.bytes);
  });

  test("draws what lies above a threshold in the colour of bone", async () => {
    const { png } = await render(scan, "--threshold", "400");
    const { teal, amber, bone } = counts(png!);
    expect(bone).toBeGreaterThan(5000);
    expect(teal + amber).toBeLessThan(bone / 20);
  });

  test.each<[string, number, RegExp, (path: string) => string[]]>([
    ["nothing so bright", 1, /Nothing is that bright/, (path) => [path, "--threshold", "30000"]],
    ["no such scan", 1, /no such file/, (path) => [`${path}-2`]],
    ["a view that is none", 2, /--view/, (path) => [path, "--view", "above"]],
    ["a view of three angles", 2, /--view/, (path) => [path, "--view", "1,2,3"]],
    ["a threshold that is none", 2, /--threshold/, (path) => [path, "--threshold", "bone"]],
    ["too large a picture", 2, /size/, (path) => [path, "--size", "5000"]],
  ])("%s ends with %d, says so and leaves no file", async (_, expected, message, args) => {
    const [input, ...options] = args(scan) as [string, ...string[]];
    const { status, stderr, bytes } = await render(input, ...options);
    expect([status, bytes]).toEqual([expected, undefined]);
    expect(stderr).toMatch(message);
  });

  test("a file that is no image is refused", async () => {
    await writeFile(join(root, "text.nii"), "not an image");
    expect(await render(join(root, "text.nii"))).toMatchObject({ status: 1, bytes: undefined });
  });
});
