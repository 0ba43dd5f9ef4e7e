import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { safeName } from "../../../src/case/safe-name.ts";
import { findCases } from "../../../src/node/cases/find-cases.ts";

const DICOM = Buffer.concat([Buffer.alloc(128), Buffer.from("DICM"), Buffer.alloc(32)]);
let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "pleura-cases-"));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function put(path: string, content: Buffer | string = DICOM): Promise<void> {
  await mkdir(join(root, path, ".."), { recursive: true });
  await writeFile(join(root, path), content);
}

const names = async (inputs: string[], out?: string) =>
  (
    await findCases(
      inputs.map((input) => join(root, input)),
      out && join(root, out),
    )
  ).map((one) => one.name);

describe("findCases", () => {
  test("takes a folder that holds DICOM files for one case, whatever else lies there", async () => {
    await put("scan/0001");
    await put("scan/sub/0002");
    await put("scan/notes.txt", "text");
    expect(await names(["scan"])).toEqual(["scan"]);
  });

  test("knows DICOM files without the magic word by their name", async () => {
    await put("scan/slice.DCM", "no preamble");
    await put("scan/sub/x", "");
    expect(await names(["scan"])).toEqual(["scan"]);
  });

  test("takes each sub-folder for a case otherwise, by name, hidden ones and the output aside", async () => {
    for (const name of ["b", "a", ".hidden"]) await put(`all/${name}/1`);
    await put("all/out/report.html", "");
    expect(await names(["all"], "all/out")).toEqual(["a", "b"]);
  });

  test("keeps the order of the inputs, and takes a folder once that is reached twice under one name", async () => {
    for (const name of ["z", "a"]) await put(`all/${name}/1`);
    await mkdir(join(root, "links"));
    await symlink(join(root, "all/a"), join(root, "links/a"));
    await symlink(join(root, "all/a"), join(root, "links/b"));
    expect(await names(["all/z", "all", "links"])).toEqual(["z", "a", "b"]);
  });

  test("makes a case of a folder with nothing to read, so that it can fail by name", async () => {
    await mkdir(join(root, "empty"));
    await put("text/readme.txt", "text");
    expect(await names(["empty", "text"])).toEqual(["empty", "text"]);
  });

  test("refuses two folders that would write the same files", async () => {
    await put("one/Case 1/1");
    await put("two/case_1/1");
    await expect(names(["one", "two"])).rejects.toMatchObject({ code: "invalid-option", stage: "options" });
  });

  test("takes each image file for a case, named without its extension, but no label map of a run", async () => {
    await put("images/b.nii.gz", "");
    await put("images/a.1.mhd", "");
    await put("images/a.1.raw", "");
    await put("images/b_lungs.nii.gz", "");
    await put("images/c/1");
    expect(await names(["images"])).toEqual(["a.1", "b", "c"]);
  });

  test("takes an archive or an image file that is given itself for a case", async () => {
    await put("one/scan 1.zip", "");
    await put("two/scan.nrrd", "");
    expect(await names(["one/scan 1.zip", "two/scan.nrrd"])).toEqual(["scan_1", "scan"]);
  });

  test("refuses what is neither a folder nor a scan", async () => {
    await put("file", "text");
    await expect(names(["file"])).rejects.toMatchObject({ code: "not-found", stage: "options" });
    await expect(names(["nowhere"])).rejects.toMatchObject({ code: "not-found", stage: "options" });
  });
});

describe("safeName", () => {
  test.each([
    ["LIDC-IDRI-0001", "LIDC-IDRI-0001"],
    ["a b/c:d", "a_b_c_d"],
    ["-rf", "_rf"],
    ["..", "_."],
    ["", "case"],
    ["Müller 3", "Müller_3"],
  ])("%j becomes %j", (name, safe) => {
    expect(safeName(name)).toBe(safe);
  });
});
