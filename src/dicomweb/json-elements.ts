import type { DataSet, Element } from "dicom-parser";

/** One attribute of the DICOM JSON Model (PS3.18, annex F). */
interface JsonAttribute {
  readonly vr?: unknown;
  readonly Value?: unknown;
}

/** A data set of the DICOM JSON Model: attributes by tag, as `00280010`. */
export type JsonDataSet = Readonly<Record<string, JsonAttribute>>;

/**
 * A data set of the DICOM JSON Model as the reader of headers takes it: what `instanceFromHeader` and `splitFrames`
 * ask for, and no more.
 */
export function jsonElements(dataSet: JsonDataSet): DataSet {
  const whole = (tag: string): number | undefined => {
    const value = Number(valuesOf(dataSet, tag)[0] ?? Number.NaN);
    return Number.isInteger(value) ? value : undefined;
  };
  const elements = {
    string(tag: string): string | undefined {
      const values = valuesOf(dataSet, tag);
      return values.length === 0 ? undefined : values.map(asText).join("\\");
    },
    uint16: whole,
    int16: whole,
    get elements(): Readonly<Record<string, Element>> {
      return sequencesOf(dataSet);
    },
  };
  return elements as unknown as DataSet;
}

/** The text of an attribute's first value; `undefined` where there is none. */
export function jsonText(dataSet: JsonDataSet, tag: string): string | undefined {
  const [value] = valuesOf(dataSet, tag);
  return (value === undefined ? undefined : asText(value).trim()) || undefined;
}

/** Whether a value of JSON can be a data set. */
export function isJsonDataSet(value: unknown): value is JsonDataSet {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** @param tag - as dicom-parser writes it, `x00280010`, or as JSON does */
function valuesOf(dataSet: JsonDataSet, tag: string): readonly unknown[] {
  const name = (tag.startsWith("x") ? tag.slice(1) : tag).toUpperCase();
  const attribute = Object.hasOwn(dataSet, name) ? dataSet[name] : undefined;
  return Array.isArray(attribute?.Value) ? attribute.Value : [];
}

function asText(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

function sequencesOf(dataSet: JsonDataSet): Record<string, Element> {
  const sequences: Record<string, Element> = {};
  for (const [tag, attribute] of Object.entries(dataSet)) {
    if (attribute?.vr !== "SQ") continue;
    const items = valuesOf(dataSet, tag).filter(isJsonDataSet);
    const element = { items: items.map((item) => ({ dataSet: jsonElements(item) })) };
    sequences[`x${tag.toLowerCase()}`] = element as unknown as Element;
  }
  return sequences;
}
