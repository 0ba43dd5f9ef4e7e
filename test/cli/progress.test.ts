import { expect, test } from "vitest";
import { bytes, seconds, shard } from "../../src/cli/parse.ts";
import { makePace } from "../../src/cli/progress.ts";
import { fitted, StatusLine } from "../../src/cli/status-line.ts";
import type { CaseResult } from "../../src/node/prep-options.ts";

const ended = (status: CaseResult["status"]) => ({ status }) as CaseResult;

test("the pace is that of the cases that were worked on", () => {
  let now = 0;
  const pace = makePace(100, () => now);
  expect(pace(ended("skipped"))).toBe("");
  now = 2000;
  expect(pace(ended("done"))).toBe("0.50 cases/s, 3 min left");
  now = 3000;
  expect(pace(ended("failed"))).toBe("0.67 cases/s, 2 min left, 1 failed");
});

test("times, sizes and shards are read as people write them", () => {
  expect(["90", "90s", "1.5m", "2h"].map(seconds)).toEqual([90, 90, 90, 7200]);
  expect(["1500M", "2G", "2gb", "800000k"].map(bytes)).toEqual([1.5e9, 2e9, 2e9, 8e8]);
  expect(shard("2/7")).toEqual({ index: 2, count: 7 });
  for (const wrong of ["", "0", "-1", "1d", "ten"]) expect(() => seconds(wrong)).toThrow();
  for (const wrong of ["", "2", "0G", "2T"]) expect(() => bytes(wrong)).toThrow();
  for (const wrong of ["", "7", "0/7", "8/7", "1/0"]) expect(() => shard(wrong)).toThrow();
});

test("a status line is never wider than its terminal, and holds nothing that controls it", () => {
  expect(fitted("3/7 cases  a-long-name", 12)).toBe("3/7 cases  a");
  expect(fitted("検査番号", 5)).toBe("検査");
  expect(fitted("a\u001b[2Jb\u202ec\n", 80)).toBe("a?[2Jb?c?");
});

test("a status line is cleared before anything is printed, and drawn again below it", () => {
  const written: string[] = [];
  const line = new StatusLine({ columns: 10, write: (text: string) => written.push(text) > 0 });
  line.above(() => written.push("before\n"));
  line.show("0/7 cases  a: read");
  line.above(() => written.push("printed\n"));
  line.clear();
  line.clear();
  line.above(() => written.push("after\n"));
  const [clear, bar] = ["\r\u001b[K", "\r\u001b[K0/7 cases"];
  expect(written).toEqual(["before\n", bar, clear, "printed\n", bar, clear, "after\n"]);
});
