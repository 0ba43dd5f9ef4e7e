import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { lockCase } from "../../src/node/case-lock.ts";
import { ownerLabel, SELF } from "../../src/node/owner.ts";
import { sweep } from "../../src/node/sweep.ts";

let out: string;
const lockPath = () => join(out, ".pleura/one.lock");

beforeEach(async () => {
  out = await mkdtemp(join(tmpdir(), "pleura-lock-"));
});
afterEach(() => rm(out, { recursive: true, force: true }));

async function putLock(content: string, age = 0): Promise<void> {
  await mkdir(join(out, ".pleura"), { recursive: true });
  await writeFile(lockPath(), content);
  const then = Date.now() / 1000 - age;
  await utimes(lockPath(), then, then);
}

/** A process that was there and is no more. */
async function deadOwner(): Promise<typeof SELF> {
  const child = spawn(process.execPath, ["--version"], { stdio: "ignore" });
  await new Promise((resolve) => child.once("exit", resolve));
  return { ...SELF, pid: child.pid as number };
}

describe("lockCase", () => {
  test("gives a case to one at a time, names the owner, and leaves nothing behind", async () => {
    const lock = lockCase(out, "one");
    expect(lock?.holds()).toBe(true);
    expect(lockCase(out, "one")).toBeUndefined();
    expect(JSON.parse(await readFile(lockPath(), "utf8"))).toMatchObject(SELF);
    const other = lockCase(out, "two");
    lock?.release();
    expect(await readdir(join(out, ".pleura"))).toEqual(["two.lock"]);
    other?.release();
    expect(await readdir(out)).toEqual([]);
  });

  test.each<[string, () => Promise<void>]>([
    ["a process that is gone", async () => putLock(JSON.stringify(await deadOwner()))],
    [
      "another machine that has been silent for minutes",
      () => putLock(JSON.stringify({ ...SELF, host: "other" }), 130),
    ],
    ["nobody, emptied by a power cut", () => putLock("", 6)],
  ])("takes over the lock of %s", async (_, put) => {
    await put();
    const lock = lockCase(out, "one");
    expect(lock?.holds()).toBe(true);
    expect(await readdir(join(out, ".pleura"))).toEqual(["one.lock"]);
    lock?.release();
  });

  test.runIf(process.platform === "linux")(
    "takes over the lock of an earlier process with the same number",
    async () => {
      await putLock(JSON.stringify({ ...SELF, started: "1" }));
      const lock = lockCase(out, "one");
      expect(lock?.holds()).toBe(true);
      lock?.release();
    },
  );

  test.each<[string, () => Promise<void>]>([
    ["a living process, however silent", () => putLock(JSON.stringify(SELF), 3600)],
    ["another machine that gave a sign of life", () => putLock(JSON.stringify({ ...SELF, host: "other" }), 60)],
    ["somebody who is just writing it", () => putLock("")],
  ])("respects the lock of %s", async (_, put) => {
    await put();
    expect(lockCase(out, "one")).toBeUndefined();
    expect(existsSync(lockPath())).toBe(true);
  });

  test("does not give back what another has taken over", async () => {
    const lock = lockCase(out, "one");
    await putLock(JSON.stringify({ ...SELF, host: "other" }));
    expect(lock?.holds()).toBe(false);
    lock?.release();
    expect(existsSync(lockPath())).toBe(true);
  });

  test("says where it may not write", async () => {
    await writeFile(join(out, "file"), "");
    expect(() => lockCase(join(out, "file"), "one")).toThrow(expect.objectContaining({ code: "write-failed" }));
  });
});

test("sweep removes what gone processes left, and nothing else", async () => {
  const gone = ownerLabel(await deadOwner());
  const alive = ownerLabel(SELF);
  await mkdir(join(out, `.pleura-${gone}~Xy`));
  await writeFile(join(out, `.pleura-${gone}~Xy`, "one_clean.npy"), "half");
  await mkdir(join(out, `.pleura-${alive}~Xy`));
  const elsewhere = ownerLabel({ ...SELF, host: "other" });
  await mkdir(join(out, `.pleura-${elsewhere}~new`));
  await mkdir(join(out, `.pleura-${elsewhere}~old`));
  const twoDaysAgo = Date.now() / 1000 - 2 * 86400;
  await utimes(join(out, `.pleura-${elsewhere}~old`), twoDaysAgo, twoDaysAgo);
  await putLock(JSON.stringify(await deadOwner()));
  await writeFile(`${lockPath()}.${gone}~`, "");
  await writeFile(join(out, ".pleura/two.failed.json"), "{}");
  await writeFile(join(out, "one_clean.npy"), "whole, but without a manifest");
  await writeFile(join(out, "two_clean.npy"), "of nobody's concern");
  await sweep(out);
  const left = [".pleura", `.pleura-${alive}~Xy`, `.pleura-${elsewhere}~new`, "two_clean.npy"];
  expect((await readdir(out)).sort()).toEqual(left.sort());
  expect(await readdir(join(out, ".pleura"))).toEqual(["two.failed.json"]);
});
