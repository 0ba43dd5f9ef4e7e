import { describe, expect, test } from "vitest";
import {
  type ArchiveQuery,
  asksForPatient,
  isWebAddress,
  parseAddress,
  parseService,
  resourceOf,
  resourceUrl,
  shownInput,
} from "../../src/dicomweb/address.ts";
import { PleuraError } from "../../src/errors.ts";

const BASE = "https://pacs.example:8443/orthanc/dicom-web";

test.each([
  [`${BASE}/studies/1.2.3`, { service: BASE, study: "1.2.3" }],
  [`${BASE}/studies/1.2.3/`, { service: BASE, study: "1.2.3" }],
  [`${BASE}/studies/1.2.3/series/4.5`, undefined],
  [`${BASE}/studies/1.2.3/series/1.4.5`, { service: BASE, study: "1.2.3", series: "1.4.5" }],
  [`${BASE}/studies?PatientID=7`, { service: BASE, level: "studies", query: "PatientID=7" }],
  [`${BASE}/series?Modality=CT`, { service: BASE, level: "series", query: "Modality=CT" }],
  [`${BASE}/studies/1.2.3/series`, { service: BASE, level: "series", study: "1.2.3", query: "" }],
  [
    `${BASE}/studies/1.2.3/series?Modality=CT`,
    { service: BASE, level: "series", study: "1.2.3", query: "Modality=CT" },
  ],
  ["HTTPS://Pacs.Example/studies/1.2", { service: "https://pacs.example", study: "1.2" }],
  [`${BASE}/studies`, undefined],
  [`${BASE}/studies?`, undefined],
  [`${BASE}/studies/1.2.3?x=1`, undefined],
  [`${BASE}/studies/1.2.3/instances/1.3`, undefined],
  [`${BASE}/studies/../1.2`, undefined],
  [`${BASE}/studies/1.2.3#1`, undefined],
  [`${BASE}`, undefined],
  ["ftp://host/studies/1.2", undefined],
  ["https://", undefined],
])("%s", (text, expected) => {
  if (expected !== undefined) expect(parseAddress(text)).toEqual(expected);
  else expect(() => parseAddress(text)).toThrow(expect.objectContaining({ code: "invalid-option" }));
});

test("a password in an address is refused and not repeated", () => {
  for (const parse of [parseAddress, parseService]) {
    const error = (() => {
      try {
        return parse("https://doctor:s3cret@pacs.example/dicom-web/studies/1.2");
      } catch (caught) {
        return caught as PleuraError;
      }
    })();
    expect(error).toBeInstanceOf(PleuraError);
    expect(`${(error as PleuraError).message}`).not.toMatch(/s3cret|doctor/);
    expect(error).toMatchObject({ code: "invalid-option", hint: expect.stringContaining("PLEURA_DICOMWEB_PASSWORD") });
  }
});

test("a case's address has one form", () => {
  const url = `${BASE}/studies/1.2.3/series/1.4.5`;
  expect(resourceUrl(parseAddress(`${url}/`) as never)).toBe(url);
  expect(resourceOf(url)).toEqual({ service: BASE, study: "1.2.3", series: "1.4.5" });
  expect(resourceOf(`${url}/`)).toBeUndefined();
  expect(resourceOf(`${BASE}/studies?PatientID=7`)).toBeUndefined();
  expect(resourceOf("/scans/a")).toBeUndefined();
  expect(isWebAddress("https:/scans")).toBe(false);
  expect(parseService(`${BASE}/`)).toBe(BASE);
  expect(() => parseService(`${BASE}?x`)).toThrow();
});

describe("privacy", () => {
  test("of a query only the address is shown", () => {
    expect(shownInput(`${BASE}/studies?PatientName=Doe`)).toBe(`${BASE}/studies?…`);
    expect(shownInput("https://a:b@host/studies/1.2")).toBe("https://host/studies/1.2");
    expect(shownInput("https://host/studies/1.2#Doe")).toBe("https://host/studies/1.2?…");
    expect(shownInput("scans/Doe")).toBe("scans/Doe");
  });

  test.each([
    ["PatientID=7", true],
    ["00100020=7", true],
    ["Modality=CT&PatientBirthDate=1970", true],
    ["00081048=Doe", true],
    ["AccessionNumber=7", true],
    ["RequestAttributesSequence.PatientID=7", true],
    ["StudyInstanceUID=1.2.3", false],
    ["Modality=CT&StudyDate=20200101-20201231&limit=10", false],
    ["includefield=PatientID", false],
    ["SeriesNumber=3", false],
  ])("%s names a patient: %s", (query, expected) => {
    expect(asksForPatient({ service: BASE, level: "studies", query } as ArchiveQuery)).toBe(expected);
  });
});
