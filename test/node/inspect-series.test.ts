import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { inspectScan } from "../../src/dicom/inspect.ts";
import { fileSource } from "../../src/node/file-source.ts";
import { listInputFiles } from "../../src/node/input-files.ts";
import { inspectSeries } from "../../src/node/inspect-series.ts";
import { DATA } from "../helpers/data.ts";

describe.skipIf(!existsSync(DATA))("real scans (PLEURA_DATA)", () => {
  test("of lidc-idri-0001 less than 5 MB are read", async () => {
    let read = 0;
    const sources = listInputFiles(join(DATA, "lidc-idri-0001")).map(({ path, name, size }) => {
      const file = fileSource(path, name, size);
      return {
        ...file,
        read: (offset: number, target: Uint8Array) => {
          read += target.length;
          return file.read(offset, target);
        },
      };
    });
    const { stacks } = await inspectScan(sources);
    expect(stacks).toMatchObject([{ images: 133, shape: [133, 512, 512], chosen: true, findings: [] }]);
    expect(read).toBeLessThan(5_000_000);
  });

  test("of acrin-013-mixed the axial slices are told from the reformats", async () => {
    const { stacks } = await inspectSeries(join(DATA, "acrin-013-mixed"));
    const told = stacks.map(({ plane, images, chosen }) => `${images} ${plane}${chosen ? " chosen" : ""}`);
    expect(told.sort()).toEqual(["10 coronal", "14 sagittal", "49 axial chosen"]);
  });
});
