import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type ByteSource, memorySource } from "../../src/byte-source.ts";
import { identitiesOf, identityOf } from "../../src/dicom/identity.ts";
import { scanIdentity } from "../../src/dicom/identity-scan.ts";
import { readHeaders } from "../../src/dicom/read-headers.ts";
import { DATA } from "../helpers/data.ts";
import { dicomFile, goldenSeries } from "../helpers/dicom.ts";

/** The same by the whole header. */
const byHeader = async (source: ByteSource) => (await readHeaders([source])).instances.map(identityOf);

const GOLDENS = readdirSync(new URL("../goldens/dicom", import.meta.url)).map((name) => name.replace(".npz", ""));

test.each(GOLDENS)("the images of %s are told as by their whole headers", async (name) => {
  for (const source of goldenSeries(name).sources) {
    expect(await identitiesOf(source)).toEqual(await byHeader(source));
  }
});

test("nearly every file is told without its whole header", async () => {
  const bytes = async ({ size, read }: ByteSource) => {
    const prefix = new Uint8Array(Math.min(8192, size));
    await read(0, prefix);
    return prefix;
  };
  for (const name of ["explicit", "implicit", "rle", "jpeg-2000"]) {
    expect(scanIdentity(await bytes(goldenSeries(name).sources[0]!)), name).toBeDefined();
  }
  for (const name of ["big", "deflated", "enhanced", "bare-implicit"]) {
    expect(scanIdentity(await bytes(goldenSeries(name).sources[0]!)), name).toBeUndefined();
  }
});

test("an image is known by its place where it has no UID of its own, and other modalities are no images", async () => {
  const [bare] = await identitiesOf(memorySource("a", dicomFile({ ImagePositionPatient: [1, 2, 30.25] })));
  expect(bare).toMatchObject({ id: "at 30.25", at: 30.25, scan: true, patientId: "secret-7", seriesUid: "1.2.3.4" });
  const [named] = await identitiesOf(memorySource("a", dicomFile({ SOPInstanceUID: "1.2.3.4.5" })));
  expect(named?.id).toBe("1.2.3.4.5");
  expect(await identitiesOf(memorySource("a", dicomFile({ Modality: "MR" })))).toEqual([]);
  expect(await identitiesOf(memorySource("a", new TextEncoder().encode("text")))).toEqual([]);
});

test("reformats and localizers are no slices of a scan", async () => {
  const scanOf = async (elements: Parameters<typeof dicomFile>[0]) =>
    (await identitiesOf(memorySource("a", dicomFile(elements))))[0]?.scan;
  expect(await scanOf({ ImageOrientationPatient: [0, 1, 0, 0, 0, -1] })).toBe(false);
  expect(await scanOf({ ImageType: "ORIGINAL\\PRIMARY\\LOCALIZER" })).toBe(false);
  expect(await scanOf({ ImageOrientationPatient: null })).toBe(true);
});

test("a header that is cut anywhere is never told wrongly", async () => {
  const whole = dicomFile({ SOPInstanceUID: "1.2.3.4.5", StudyInstanceUID: "1.2.3" });
  const known = scanIdentity(whole);
  for (let length = 0; length < whole.length; length += 3) {
    const told = scanIdentity(whole.subarray(0, length));
    if (told !== undefined) expect(told).toEqual(known);
  }
});

const FOLDERS = ["odd-files", "acrin-013-mixed", "lidc-idri-0001", "lung-dx-a0002", "lidc-idri-0314", "cip-64"];

describe.skipIf(!existsSync(DATA))("real files are told as by their whole headers", () => {
  test.each(FOLDERS)("%s", async (folder) => {
    const entries = readdirSync(join(DATA, folder), { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile() && !/\.(md|zip|txt)$/.test(entry.name));
    for (const { parentPath, name } of files) {
      const source = memorySource(name, readFileSync(join(parentPath, name)));
      expect(await identitiesOf(source), join(parentPath, name)).toEqual(await byHeader(source));
    }
  });
});
