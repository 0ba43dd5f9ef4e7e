import { invalidOption } from "./errors.ts";

/** A number, or a list of numbers, that a function can be given: its default, and what it may be. */
export interface NumberOption {
  readonly default: number | readonly number[];
  /** Unit of the number, as it is written after it. */
  readonly unit?: string;
  /** Smallest value that is allowed. */
  readonly least?: number;
  /** The value must be larger than this. */
  readonly above?: number;
  /** Largest value that is allowed. */
  readonly most?: number;
  /** Whether it must be an integer. */
  readonly whole?: true;
  /** Of a list: `strictly` when each number must be larger than the one before, `loosely` when it may be equal. */
  readonly ascending?: "strictly" | "loosely";
  /** What the page calls it, of a list each number; without a label it is not shown there. */
  readonly label?: string | readonly string[];
  /** Step by which the page's field goes up and down. */
  readonly by?: number;
}

/** One of several values. */
export interface ChoiceOption {
  readonly default: string | number;
  readonly choices: readonly (string | number)[];
}

/** What is known of one option. Defaults and limits stand here and nowhere else. */
export type Option = NumberOption | ChoiceOption;

/** Options by their names, in groups where there are many. */
export interface OptionTable {
  readonly [name: string]: Option | OptionTable;
}

/** The type of an option's value. */
type ValueOf<T> = T extends { readonly choices: readonly (infer Choice)[] }
  ? Choice
  : T extends { readonly default: number }
    ? number
    : T extends { readonly default: infer List extends readonly number[] }
      ? { readonly [I in keyof List]: number }
      : never;

/** The options of a table as a caller gives them: each may be left out. */
export type OptionsOf<T> = {
  readonly [Name in keyof T]?: T[Name] extends Option ? ValueOf<T[Name]> : OptionsOf<T[Name]>;
};

/** The options of a table, none left out. */
export type AllOptionsOf<T> = {
  readonly [Name in keyof T]: T[Name] extends Option ? ValueOf<T[Name]> : AllOptionsOf<T[Name]>;
};

/** Whether an entry of a table is an option, not a group of them. */
export function isOption(entry: Option | OptionTable): entry is Option {
  return "default" in entry;
}

/**
 * Fills in the defaults of a table and checks what was given.
 *
 * @throws PleuraError `invalid-option`
 */
export function withDefaults<const T extends OptionTable>(table: T, options: OptionsOf<T> = {}): AllOptionsOf<T> {
  const given = options as Readonly<Record<string, unknown>>;
  const filled = Object.entries(table).map(([name, entry]) => {
    if (!isOption(entry)) return [name, withDefaults(entry, given[name] as OptionsOf<OptionTable>)];
    const value = given[name] ?? entry.default;
    checkOption(name, entry, value);
    return [name, value];
  });
  return Object.fromEntries(filled) as AllOptionsOf<T>;
}

/** @throws PleuraError `invalid-option` when a value is not what an option may be. */
export function checkOption(name: string, option: Option, value: unknown): void {
  if (!accepts(option, value)) throw invalidOption(name, expectedOf(option), value);
}

/** Whether an option may have a value. */
export function accepts(option: Option, value: unknown): boolean {
  if ("choices" in option) return option.choices.includes(value as string | number);
  if (!Array.isArray(option.default)) return isWithin(option, value);
  const list = value as readonly number[];
  if (!Array.isArray(value) || value.length !== option.default.length) return false;
  if (!value.every((one) => isWithin(option, one))) return false;
  const { ascending } = option;
  return (
    ascending === undefined ||
    list.every((one, i) => i === 0 || one > list[i - 1]! || (ascending === "loosely" && one === list[i - 1]))
  );
}

function isWithin(
  { least = -Infinity, above = -Infinity, most = Infinity, whole }: NumberOption,
  value: unknown,
): boolean {
  if (typeof value !== "number" || Number.isNaN(value)) return false;
  if (whole && !Number.isInteger(value)) return false;
  return value >= least && value <= most && (value > above || above === -Infinity);
}

/** What an option may be, in words: "a number from 0.25 to 15 (pixels)". */
export function expectedOf(option: Option): string {
  if ("choices" in option) return option.choices.join(", ").replace(/, ([^,]*)$/, " or $1");
  const { default: usual, unit, whole, ascending } = option;
  const noun = whole ? "integer" : "number";
  const list = ["", "", "two ", "three "][Array.isArray(usual) ? usual.length : 0]!;
  const what = list === "" ? `${whole ? "an" : "a"} ${noun}` : `${list}${ascending ? "ascending " : ""}${noun}s`;
  return `${what}${rangeOf(option)}${unit === undefined ? "" : ` (${unit})`}`;
}

function rangeOf({ least, above, most }: NumberOption): string {
  if (least !== undefined && most !== undefined) return ` from ${least} to ${most}`;
  if (least !== undefined) return ` of at least ${least}`;
  if (above !== undefined) return ` above ${above}${most === undefined ? "" : ` and at most ${most}`}`;
  return most === undefined ? "" : ` of at most ${most}`;
}

/** The defaults of a table, in its order. */
export function defaultsOf<const T extends OptionTable>(table: T): AllOptionsOf<T> {
  return withDefaults(table);
}
