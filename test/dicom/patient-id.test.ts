import { deflateRawSync, gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { memorySource } from "../../src/byte-source.ts";
import { firstPatientId } from "../../src/dicom/patient-id.ts";
import { dicomFile } from "../helpers/dicom.ts";

const slice = dicomFile({ PatientID: "P7" });
const expected = JSON.stringify(["P7", ""]);

test.each([
  ["plain", "a.dcm", slice],
  ["gzipped", "a.dcm.gz", gzipSync(slice)],
  ["gzipped, by its content", "a.bin", gzipSync(slice)],
])("the patient of a slice that is %s", async (_, name, bytes) => {
  expect(await firstPatientId([memorySource(name, bytes)])).toBe(expected);
});

test("other files have none, and are passed over", async () => {
  const others = [
    memorySource("empty", new Uint8Array(0)),
    memorySource("notes.gz", gzipSync("notes")),
    memorySource("cut.gz", gzipSync("notes").subarray(0, 11)),
    memorySource("raw", deflateRawSync("notes")),
  ];
  expect(await firstPatientId(others)).toBeUndefined();
  expect(await firstPatientId([...others, memorySource("a.dcm.gz", gzipSync(slice))])).toBe(expected);
});
