import type { JsonDataSet } from "./json-elements.ts";

/** Failed SOP Sequence, Referenced SOP Sequence, and in their items Failure Reason and Warning Reason. */
const [FAILED, STORED] = ["00081198", "00081199"];
const [FAILURE, WARNING] = ["00081197", "00081196"];

/** What an archive says of an object that was sent to it. */
export interface StoreAnswer {
  /** Instances that it has stored. */
  readonly stored: number;
  /** Reasons of failures and warnings, as four hexadecimal digits; `unknown` where it gives none. */
  readonly reasons: readonly string[];
}

/** Reads the answer to a storing request. Source: DICOM PS3.18, 10.5.3. */
export function parseStoreAnswer(dataSets: readonly JsonDataSet[]): StoreAnswer {
  const items = (tag: string): JsonDataSet[] => dataSets.flatMap((one) => itemsOf(one, tag));
  const stored = items(STORED!);
  const warned = stored.filter((one) => one[WARNING!] !== undefined).map((one) => reasonOf(one, WARNING!));
  return { stored: stored.length, reasons: [...items(FAILED!).map((one) => reasonOf(one, FAILURE!)), ...warned] };
}

function itemsOf(dataSet: JsonDataSet, tag: string): JsonDataSet[] {
  const value = dataSet[tag]?.Value;
  return Array.isArray(value) ? value.filter((one) => typeof one === "object" && one !== null) : [];
}

function reasonOf(item: JsonDataSet, tag: string): string {
  const value = item[tag]?.Value;
  const reason = Number(Array.isArray(value) ? value[0] : Number.NaN);
  return Number.isInteger(reason) && reason >= 0 ? `0x${reason.toString(16).padStart(4, "0")}` : "unknown";
}
