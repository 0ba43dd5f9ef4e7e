import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type BuiltCli, buildCli } from "../helpers/built-cli.ts";
import { dicomFile } from "../helpers/dicom.ts";

let pleura: BuiltCli;
let root: string;

beforeAll(async () => {
  pleura = await buildCli();
  root = await mkdtemp(join(tmpdir(), "pleura-words-"));
}, 60_000);
afterAll(async () => {
  await rm(root, { recursive: true, force: true });
});

/** Writes files into a new folder. */
async function folderOf(name: string, files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  const folder = join(root, name);
  await mkdir(folder);
  for (const [file, content] of Object.entries(files)) await writeFile(join(folder, file), content);
  return folder;
}

const slices = (count: number, modality: string) =>
  Object.fromEntries(
    Array.from({ length: count }, (_, k) => [
      `${modality}-${k}.dcm`,
      dicomFile({ Modality: modality, InstanceNumber: k + 1, ImagePositionPatient: [0, 0, 2 * k] }),
    ]),
  );

describe("what is no CT is called by its name", () => {
  test.each([
    ["magnetic", slices(3, "MR"), "3 DICOM files: 3 MR;"],
    ["one", slices(1, "PT"), "1 DICOM file: 1 PT;"],
    ["mixed", { ...slices(2, "MR"), ...slices(1, "US") }, "3 DICOM files: 2 MR, 1 US;"],
    // What is no code of DICOM's is not repeated.
    ["odd", slices(1, "Doe^Jane"), "1 DICOM file: 1 of an unknown modality;"],
  ])("%s", async (name, files, expected) => {
    const folder = await folderOf(name, files);
    const { status, stdout } = await pleura.run("prep", folder, "--out", join(root, "out"));
    expect(status).toBe(1);
    expect(stdout).toContain(`There is no CT image here (measured: ${expected}`);
    expect(stdout).not.toContain("Doe");
  });

  test("by inspect too", async () => {
    const { stdout } = await pleura.run("inspect", await folderOf("listed", slices(2, "MR")));
    expect(stdout).toBe("no CT images\nleft aside  2 not CT (MR)\n");
  });
});

describe("one of a thing is no plural", () => {
  test("a file, and a place where slices are missing", async () => {
    const text = await folderOf("text", { "notes.txt": "none" });
    expect((await pleura.run("prep", text, "--out", join(root, "out"))).stdout).toContain(
      "measured: 1 file, 0 of them DICOM",
    );
    const gap = join(root, "gap");
    await pleura.run("phantom", gap, "--size", "64", "--slices", "24", "--spacing", "8,5,5");
    await rm(join(gap, "IMG0012.dcm"));
    const { stdout } = await pleura.run("prep", gap, "--out", join(root, "out"));
    expect(stdout).toContain("Slices are missing: about 1, in 1 place (");
  });

  test("no text of the program makes a plural by hand", async () => {
    const source = join(import.meta.dirname, "../../src");
    for (const name of await readdir(source, { recursive: true })) {
      if (!name.endsWith(".ts") || name === "counted.ts") continue;
      const text = await readFile(join(source, name), "utf8");
      expect(text, name).not.toMatch(/=== 1 \? "" : "e?s"|> 1 && "e?s"|(file|place|image|case|slice|pair)\(s\)/);
    }
  });
});

describe("wrong usage leads to the command's own help", () => {
  test.each([
    [["prep"], "pleura prep"],
    [["prep", "x", "--out", "y", "--workers", "none"], "pleura prep"],
    [["render", "x"], "pleura render"],
    [["queue", "add", "x"], "pleura queue add"],
    [["queue", "nothing"], "pleura queue"],
    [["nothing"], "pleura"],
    // What only turns out when the command runs.
    [["phantom", "x", "--slices", "1"], "pleura phantom"],
    [["queue", "status", "--redis", "http://localhost"], "pleura queue status"],
  ])("%j", async (args, command) => {
    const { status, stderr } = await pleura.run(...args);
    expect(status).toBe(2);
    expect(stderr).toContain(`(see ${command} --help)\n`);
  });
});

describe("a file gets what its name says", () => {
  test.each([
    ["render", "--out", "x.jpg", "a PNG picture", ".png"],
    ["render", "--out", "picture", "a PNG picture", ".png"],
    ["prep", "--html", "report.pdf", "an HTML page", ".html or .htm"],
  ])("%s %s %s is refused before anything is read", async (command, option, file, written, endings) => {
    const path = join(root, file);
    const rest = command === "prep" ? ["--out", join(root, "out")] : [];
    const { status, stderr } = await pleura.run(command, join(root, "nowhere"), ...rest, option, path);
    expect(status).toBe(2);
    expect(stderr).toContain(`This is written as ${written}: expected a name that ends in ${endings}.`);
    expect(await readdir(root)).not.toContain(file);
  });
});
