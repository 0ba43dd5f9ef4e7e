import { cp, mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { writePhantom } from "../../src/node/write-phantom.ts";
import { makePhantom } from "../../src/phantom/phantom.ts";
import { type BuiltCli, buildCli } from "../helpers/built-cli.ts";
import { hasScript, runInTerminal } from "../helpers/terminal.ts";

let pleura: BuiltCli;
let root: string;
let scans: string;

/** Names that are longer than a row, and that take two cells a character, one, or none. */
const NAMES = [
  "a",
  "b-胸部断層撮影の検査番号四百七十二番の患者の縦隔条件と肺野条件の再構成",
  `c-${"long-name-".repeat(12)}`,
  "d-e\u0301tude-\u{1f9d1}\u200d\u2695\ufe0f-thorax",
  "e",
  "f-한국어-이름이-아주-긴-흉부-검사",
];

beforeAll(async () => {
  pleura = await buildCli();
  root = await mkdtemp(join(tmpdir(), "pleura-terminal-"));
  scans = join(root, "scans");
  for (const [k, name] of NAMES.entries()) {
    await writePhantom(makePhantom({ size: 64, slices: 24, spacing: [8, 5, 5], seed: k + 1 }), join(scans, name));
  }
  // One has a finding, one lacks slices and fails, one is no scan.
  const [first, second] = (await readdir(join(scans, NAMES[0]!))).sort();
  await cp(join(scans, NAMES[0]!, first!), join(scans, NAMES[0]!, "again.dcm"));
  for (const k of [1, 4]) {
    await rm(join(scans, NAMES[k]!, second!.replace("002", "010")), { force: true });
    await rm(join(scans, NAMES[k]!, second!.replace("002", "011")), { force: true });
  }
  await mkdir(join(scans, "g-no-scan"));
}, 60_000);
afterAll(async () => {
  await rm(root, { recursive: true, force: true });
});

/** Takes out what differs from run to run: seconds, paces, and which case was the slowest. */
const timeless = (lines: readonly string[]) =>
  lines
    .filter((line) => line !== "" && !line.startsWith("slowest"))
    .map((line) => line.replace(/[\d.]+ (m?s\b|cases\/s)/g, "N $1"))
    .sort();

/** What moves the cursor up, to a place, or back to one that was saved. */
const UPWARD = new RegExp(`${String.fromCharCode(27)}(\\[\\d*[AFHJu]|[78M])`);

describe.skipIf(!hasScript)("in a terminal", () => {
  test.each([
    [20, "--verbose"],
    [40, "--stages"],
    [79, "--html"],
    [80, "--workers=1"],
    [200, "--workers=3"],
  ])("%i columns wide, prep %s leaves every line on the screen and nothing else", async (columns, flag) => {
    const args = (out: string) => ["prep", scans, "--keep-file-names", "--out", join(root, out), flag];
    const plain = await pleura.run(...args(`plain-${columns}`));
    const expected = timeless(`${plain.stdout}${plain.stderr}`.split("\n"));
    expect(expected.filter((line) => / {2}failed {2}/.test(line))).toHaveLength(3);
    expect(expected.filter((line) => / {2}done {2}/.test(line))).toHaveLength(4);
    expect(expected.some((line) => line.startsWith("a: "))).toBe(true);
    expect(expected.some((line) => /^failed +3/.test(line))).toBe(true);
    const cli = join(pleura.folder, "cli.js");
    const { status, lines, output } = await runInTerminal(columns, process.execPath, [cli, ...args(`out-${columns}`)]);
    expect(status).toBe(1);
    expect(timeless(lines)).toEqual(expected);
    // The bar was there: never wider than the terminal, and never where a line had been.
    expect(output).toContain("/7 cases");
    expect(output).not.toMatch(UPWARD);
  });
});
