import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterAll, describe, expect, test } from "vitest";
import { formatJson } from "../../src/case/format-json.ts";
import type { CaseManifest } from "../../src/case/manifest.ts";
import { writeManifest } from "../../src/node/manifest.ts";
import { prepCase } from "../../src/node/prep-case.ts";
import type { CaseResult } from "../../src/node/prep-options.ts";
import { type CaseEnd, RunTally } from "../../src/node/run-report.ts";
import { writePhantom } from "../../src/node/write-phantom.ts";
import { reportedCases, writeJsonReport } from "../../src/node/write-report.ts";
import { makePhantom } from "../../src/phantom/phantom.ts";

const root = await mkdtemp(join(tmpdir(), "pleura-report-"));
const out = join(root, "out");
afterAll(() => rm(root, { recursive: true, force: true }));

await writePhantom(makePhantom({ size: 64, slices: 24, spacing: [8, 5, 5] }), join(root, "scan"));
const prepared = await prepCase(join(root, "scan"), { out });
if (prepared.status === "failed") throw new Error(prepared.failure.message);

const finding = (code: string) =>
  ({ severity: "corrected", code, message: "what it is" }) as CaseManifest["findings"][0];
const manifest = { ...prepared.manifest, findings: [finding("tilt"), finding("tilt"), finding("unsorted")] };
/** A case as a worker's message brings it: nothing in it is shared with another. */
const done = (name: string, milliseconds = 10): CaseResult =>
  JSON.parse(JSON.stringify({ case: name, status: "done", milliseconds, manifest: { ...manifest, case: name } }));
const FAILED: CaseResult = {
  case: "broken",
  status: "failed",
  milliseconds: 3,
  failure: { code: "no-dicom", stage: "read", message: "There is no DICOM file here" },
};

describe("a report", () => {
  const results = [done("a", 20), FAILED, done("b", 30)];
  const tally = new RunTally();
  const ends = [...results.map((one) => tally.take(one)), undefined];
  const report = tally.report(ends, 2, 1000);

  test("counts findings by case, failures by code, and what was not begun", () => {
    expect(report).toMatchObject({
      done: 2,
      failed: 1,
      remaining: 1,
      failures: { "no-dicom": 1 },
      findings: { tilt: 2, unsorted: 2 },
      slowest: [
        { case: "b", milliseconds: 30 },
        { case: "a", milliseconds: 20 },
      ],
    });
  });

  test("is written as if all of it had been in memory", async () => {
    for (const one of results) if (one.status !== "failed") await writeManifest(out, one.manifest);
    const path = join(root, "run.json");
    await writeJsonReport(path, out, report);
    expect(await readFile(path, "utf8")).toBe(formatJson({ ...report, cases: results }));
    await writeJsonReport(path, out, { ...report, cases: [] });
    expect(await readFile(path, "utf8")).toBe(formatJson({ ...report, cases: [] }));
  });

  test("says of a case whose result has gone meanwhile that it has", async () => {
    const gone = tally.report([tally.take(done("gone"))], 1, 1000);
    for await (const one of reportedCases(out, gone)) {
      expect(one).toMatchObject({ case: "gone", status: "failed", failure: { code: "not-found" } });
    }
  });
});

const COUNT = 20_000;

test("of each case the run keeps some hundred bytes, not its manifest", () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const text = JSON.stringify(done("case"));
  const tally = new RunTally();
  const kept: CaseEnd[] = [];
  collect();
  const before = process.memoryUsage().heapUsed;
  for (let i = 0; i < COUNT; i++) kept.push(tally.take(JSON.parse(text) as CaseResult));
  collect();
  const bytes = (process.memoryUsage().heapUsed - before) / COUNT;
  expect(kept.length).toBe(COUNT);
  expect(bytes).toBeLessThan(250);
});
