import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { listInputFiles } from "../../src/node/input-files.ts";

test.skipIf(process.platform !== "linux")("times are cut to whole milliseconds, never rounded up", () => {
  const folder = mkdtempSync(join(tmpdir(), "pleura-input-"));
  try {
    const file = join(folder, "slice.dcm");
    writeFileSync(file, "pixels");
    // So close to the next millisecond that a double cannot tell them apart.
    execFileSync("touch", ["-d", "2026-11-22T14:42:57.713999930Z", file]);
    expect(listInputFiles(folder)).toEqual([
      { path: file, name: "slice.dcm", size: 6, modified: Date.UTC(2026, 10, 22, 14, 42, 57, 713) },
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
