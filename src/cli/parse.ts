import { InvalidArgumentError } from "commander";

/** Parses an option that must be a whole number of at least 1. */
export function positiveInteger(text: string): number {
  if (!/^\d+$/.test(text) || Number(text) < 1) throw new InvalidArgumentError("Expected a positive integer.");
  return Number(text);
}

/** Parses an option that must be a whole number, 0 or more. */
export function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError("Expected a whole number.");
  return Number(text);
}

/** Parses `z,y,x` into three positive numbers. */
export function positiveTriple(text: string): [number, number, number] {
  const values = text.split(",").map(Number);
  const [z = 0, y = 0, x = 0] = values;
  if (values.length !== 3 || !values.every((value) => Number.isFinite(value) && value > 0)) {
    throw new InvalidArgumentError("Expected three positive numbers: z,y,x.");
  }
  return [z, y, x];
}

/** Parses `<n>` or `<rows>x<columns>`. */
export function imageSize(text: string): number | [rows: number, columns: number] {
  const [, rows, columns] = /^(\d+)(?:[x×](\d+))?$/.exec(text) ?? [];
  if (rows === undefined) throw new InvalidArgumentError("Expected <n> or <rows>x<columns>.");
  return columns === undefined ? Number(rows) : [Number(rows), Number(columns)];
}

/** Parses the number of a port. */
export function portNumber(text: string): number {
  if (!/^\d+$/.test(text) || Number(text) > 65_535) throw new InvalidArgumentError("Expected a port, 0 to 65535.");
  return Number(text);
}
