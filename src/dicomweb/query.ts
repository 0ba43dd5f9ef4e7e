import { PleuraError } from "../errors.ts";
import { isJsonDataSet, type JsonDataSet, jsonText } from "./json-elements.ts";
import { isUid } from "./uid.ts";

/** A series as an archive's answer to a query describes it. */
export interface ListedSeries {
  readonly study: string;
  readonly series: string;
  /** Series Number. */
  readonly number: number | undefined;
  readonly modality: string | undefined;
  /** Number of Series Related Instances; `undefined` where the archive does not say it. */
  readonly instances: number | undefined;
}

/** The data sets of an answer in the DICOM JSON Model. @throws PleuraError `bad-response` */
export function parseDataSets(json: string): JsonDataSet[] {
  let value: unknown;
  try {
    // No content: nothing matches.
    value = json.trim() === "" ? [] : JSON.parse(json);
  } catch {
    throw malformed("no JSON");
  }
  if (!Array.isArray(value) || !value.every(isJsonDataSet)) throw malformed("JSON of another form");
  return value;
}

/** The series of an answer. @throws PleuraError `bad-response` when one lacks its UIDs */
export function parseSeries(dataSets: readonly JsonDataSet[], study?: string): ListedSeries[] {
  return dataSets.map((dataSet) => {
    const number = Number(jsonText(dataSet, "00200011") ?? Number.NaN);
    const instances = Number(jsonText(dataSet, "00201209") ?? Number.NaN);
    return {
      // A server may leave out what stands in the address.
      study: uidOf(dataSet, "0020000D", study),
      series: uidOf(dataSet, "0020000E"),
      number: Number.isFinite(number) ? number : undefined,
      modality: jsonText(dataSet, "00080060"),
      instances: Number.isInteger(instances) && instances >= 0 ? instances : undefined,
    };
  });
}

/** The UIDs of one level of an answer. @throws PleuraError `bad-response` */
export function parseUids(dataSets: readonly JsonDataSet[], level: "studies" | "instances"): string[] {
  return dataSets.map((dataSet) => uidOf(dataSet, level === "studies" ? "0020000D" : "00080018"));
}

/** Whether a series, by its modality, can hold a CT; a series without a modality can. */
export function canBeCt({ modality }: ListedSeries): boolean {
  return modality === undefined || modality === "CT";
}

function uidOf(dataSet: JsonDataSet, tag: string, otherwise?: string): string {
  const uid = jsonText(dataSet, tag) ?? otherwise;
  // It becomes a part of the next address.
  if (uid === undefined || !isUid(uid)) throw malformed("a result without a valid UID");
  return uid;
}

function malformed(measured: string): PleuraError {
  return new PleuraError("bad-response", "The archive's answer cannot be read", {
    stage: "read",
    measured,
    limit: "data sets in the DICOM JSON Model",
    hint: "Make sure that the address is that of a DICOMweb service",
  });
}
