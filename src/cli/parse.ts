import { InvalidArgumentError } from "commander";
import { type LungLabels, parseLungLabels } from "../masks/lung-labels.ts";
import type { Shard } from "../node/shard.ts";

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

/** Parses a number of seconds: `90`, `90s`, `10m`, `2h`. */
export function seconds(text: string): number {
  const [, number, unit = "s"] = /^(\d+(?:\.\d+)?)\s*([smh])?$/i.exec(text) ?? [];
  const value = Number(number) * ({ s: 1, m: 60, h: 3600 }[unit.toLowerCase()] ?? 1);
  if (!(value > 0)) throw new InvalidArgumentError("Expected a time: 90, 90s, 10m, 2h.");
  return value;
}

/** Parses a number of bytes: `1500M`, `2G`, `2GB`. */
export function bytes(text: string): number {
  const [, number, unit = ""] = /^(\d+(?:\.\d+)?)\s*([kmg])b?$/i.exec(text) ?? [];
  const value = Number(number) * ({ k: 1e3, m: 1e6, g: 1e9 }[unit.toLowerCase()] ?? 1);
  if (!(value > 0)) throw new InvalidArgumentError("Expected an amount of memory: 1500M, 2G.");
  return value;
}

/** Parses `i/n` into part i of n. */
export function shard(text: string): Shard {
  const [, index, count] = /^(\d+)\/(\d+)$/.exec(text)?.map(Number) ?? [];
  if (index === undefined || count === undefined || index < 1 || index > count) {
    throw new InvalidArgumentError("Expected i/n: 1/7 to 7/7.");
  }
  return { index, count };
}

/** Parses `right=1,left=2`. */
export function lungLabels(text: string): LungLabels {
  try {
    return parseLungLabels(text);
  } catch {
    throw new InvalidArgumentError("Expected right=1,left=2, several labels as right=3+4+5, or both=1.");
  }
}

/** Parses the number of a port. */
export function portNumber(text: string): number {
  if (!/^\d+$/.test(text) || Number(text) > 65_535) throw new InvalidArgumentError("Expected a port, 0 to 65535.");
  return Number(text);
}

/** Parses `[host:]port`; without a host only this machine can get there. */
export function listenAddress(text: string): { readonly host: string; readonly port: number } {
  const [, host, port] = /^(?:(.+):)?(\d+)$/.exec(text) ?? [];
  if (port === undefined || Number(port) > 65_535) {
    throw new InvalidArgumentError("Expected [host:]port: 9400, 0.0.0.0:9400, [::]:9400.");
  }
  return { host: host?.replace(/^\[(.*)\]$/, "$1") ?? "127.0.0.1", port: Number(port) };
}

/**
 * Makes the parser of a file's name that must say what is written into it.
 *
 * @param written - "a PNG picture"
 * @param endings - in small letters; names may have capital ones
 */
export function fileOf(written: string, ...endings: readonly string[]): (text: string) => string {
  return (text) => {
    if (endings.some((ending) => text.toLowerCase().endsWith(ending))) return text;
    throw new InvalidArgumentError(
      `This is written as ${written}: expected a name that ends in ${endings.join(" or ")}.`,
    );
  };
}

/** Gathers the values of an option that may be repeated. */
export function collect(text: string, before: readonly string[] = []): string[] {
  return [...before, text];
}
