import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createOnce } from "../../src/node/create-once.ts";

const links = vi.hoisted(() => ({ error: "" }));
vi.mock("node:fs", async (original) => {
  const fs = await original<typeof import("node:fs")>();
  const linkSync: typeof fs.linkSync = (from, to) => {
    if (links.error !== "") throw Object.assign(new Error(links.error), { code: links.error });
    fs.linkSync(from, to);
  };
  return { ...fs, linkSync };
});

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "pleura-once-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe.each([
  ["with hard links", ""],
  ["without hard links (exFAT)", "EPERM"],
  ["without hard links (FUSE)", "ENOSYS"],
])("a file system %s", (_, error) => {
  test("keeps the first file, whole, and nothing else", async () => {
    links.error = error;
    const path = join(folder, "inner/claim.json");
    expect(createOnce(path, "first")).toBe(true);
    expect(createOnce(path, "second")).toBe(false);
    expect(await readFile(path, "utf8")).toBe("first");
    expect(await readdir(join(folder, "inner"))).toEqual(["claim.json"]);
  });
});

test("another error of the system is passed on", () => {
  links.error = "ENOSPC";
  expect(() => createOnce(join(folder, "claim.json"), "text")).toThrow("ENOSPC");
});
