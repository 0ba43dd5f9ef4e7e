import type { DataSet } from "dicom-parser";

/** A trimmed text, `undefined` when the element is absent or empty. */
export function text(elements: DataSet | undefined, tag: string): string | undefined {
  return elements?.string(tag)?.trim() || undefined;
}

/** Decimal strings; `undefined` unless the first `count` are all there and finite. */
export function numbers(elements: DataSet | undefined, tag: string, count: number): readonly number[] | undefined {
  const parts = text(elements, tag)?.split("\\");
  if (parts === undefined || parts.length < count) return undefined;
  const values = parts.slice(0, count).map((part) => Number.parseFloat(part));
  return values.every(Number.isFinite) ? values : undefined;
}

/** One decimal or integer string. */
export function number(elements: DataSet | undefined, tag: string): number | undefined {
  return numbers(elements, tag, 1)?.[0];
}

/** The items of a sequence, none when it is absent. */
export function items(elements: DataSet | undefined, tag: string): DataSet[] {
  return (elements?.elements[tag]?.items ?? []).flatMap(({ dataSet }) => dataSet ?? []);
}
