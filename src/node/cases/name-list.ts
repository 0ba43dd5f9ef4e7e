import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { safeName } from "../../case/safe-name.ts";
import { PleuraError } from "../../errors.ts";
import { type CaseFolder, uidKey } from "./case-input.ts";
import { withoutExtension } from "./scan-file.ts";

/** One line of a list of names. */
interface NamedKey {
  readonly name: string;
  readonly key: string;
  readonly line: number;
}

/** Headings of the two columns, with blanks, dashes and underscores taken out. */
const NAME_HEADINGS = new Set(["name", "id", "case", "newname", "casename", "shortname"]);
const KEY_HEADINGS = new Set(
  ["key", "uid", "seriesuid", "studyuid", "seriesinstanceuid", "studyinstanceuid", "series", "study"].concat([
    "folder",
    "file",
    "path",
    "patient",
    "patientid",
  ]),
);
/** Lines that a message names. */
const NAMED = 5;

/**
 * Gives cases the names of a list.
 *
 * Each line of the list is `name,key`, with a heading or without one; a heading may also turn the columns round. A key
 * is the name of a case's folder or file, with its extension or without, the name that the case would have otherwise, or the UID of
 * the study or series that the case is.
 *
 * @param cases - with the names that they would have
 * @param path - the list
 * @param note - told of keys that are none of these cases
 * @throws PleuraError `invalid-option`, with line numbers, when a line is broken, a name or a key stands there twice, or a case has no name
 */
export async function nameCases(
  cases: readonly CaseFolder[],
  path: string,
  note: (text: string) => void,
): Promise<CaseFolder[]> {
  const list = await readList(path);
  const byKey = new Map(list.map((entry) => [entry.key, entry]));
  // UIDs of patients are compared by what stands for them: cases hold no others.
  const byUid = new Map(list.map((entry) => [uidKey(entry.key), entry]));
  const used = new Set<NamedKey>();
  const nameless: string[] = [];
  const named = cases.map((one) => {
    const entry = find(one, byKey, byUid);
    if (entry === undefined) {
      nameless.push(one.folder);
      return one;
    }
    if (used.has(entry)) throw broken(path, [entry], `more than one case has the key ${entry.key}`);
    used.add(entry);
    return { ...one, name: entry.name };
  });
  const others = list.filter((entry) => !used.has(entry));
  if (nameless.length > 0) throw namesMissing(path, nameless, others);
  if (others.length > 0) note(`${path}: ${others.length} keys are none of these cases: ${linesOf(others)}`);
  return named;
}

function find(
  one: CaseFolder,
  byKey: ReadonlyMap<string, NamedKey>,
  byUid: ReadonlyMap<string, NamedKey>,
): NamedKey | undefined {
  const uid = one.only && byUid.get(one.only.key);
  if (uid !== undefined) return uid;
  const own = byKey.get(one.name);
  // A folder that holds several cases cannot name one of them.
  if (own !== undefined || one.only !== undefined) return own;
  const file = basename(one.folder);
  return byKey.get(file) ?? byKey.get(withoutExtension(file));
}

async function readList(path: string): Promise<NamedKey[]> {
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw new PleuraError("not-found", "The list of names cannot be read", { stage: "options", file: path, cause });
  });
  const rows = text
    .replace(/^\ufeff/, "")
    .split(/\r\n|\n|\r/)
    .map((line, i) => ({ line: i + 1, fields: fieldsOf(line), isEmpty: line.trim() === "" }))
    .filter(({ isEmpty }) => !isEmpty);
  const [head] = rows;
  const headings = head?.fields?.map((field) => field.toLowerCase().replace(/[\s_-]/g, "")) ?? [];
  let [nameAt, keyAt] = [
    headings.findIndex((text) => NAME_HEADINGS.has(text)),
    headings.findIndex((text) => KEY_HEADINGS.has(text)),
  ];
  const hasHead = nameAt >= 0 && keyAt >= 0;
  if (!hasHead) [nameAt, keyAt] = [0, 1];
  const columns = hasHead ? headings.length : 2;
  const list = rows.slice(hasHead ? 1 : 0).map(({ line, fields }): NamedKey => {
    const [name = "", key = ""] = [fields?.[nameAt], fields?.[keyAt]];
    const entry = { name, key, line };
    if (fields?.length !== columns || name === "" || key === "") {
      throw broken(path, [entry], `expected ${columns === 2 ? "two values, name and key" : `${columns} values`}`);
    }
    if (safeName(name) !== name) {
      throw broken(path, [entry], `"${name}" cannot begin the name of a file: take letters, digits, ".", "_" and "-"`);
    }
    return entry;
  });
  if (list.length === 0) throw broken(path, [], "it holds no names");
  refuseTwice(path, list, "name", (entry) => entry.name.toLowerCase());
  refuseTwice(path, list, "key", (entry) => entry.key);
  return list;
}

/** The values of a line; `undefined` when a quote is not closed. */
function fieldsOf(line: string): string[] | undefined {
  const fields: string[] = [];
  const field = /\s*(?:"((?:[^"]|"")*)"|([^",]*))\s*(,|$)/y;
  for (;;) {
    const found = field.exec(line);
    if (found === null) return undefined;
    fields.push(found[1]?.replaceAll('""', '"') ?? found[2]!.trim());
    if (found[3] === "") return fields;
  }
}

function refuseTwice(path: string, list: readonly NamedKey[], what: string, of: (entry: NamedKey) => string): void {
  const first = new Map<string, NamedKey>();
  for (const entry of list) {
    const other = first.get(of(entry));
    if (other !== undefined) throw broken(path, [other, entry], `the ${what} "${of(entry)}" stands there twice`);
    first.set(of(entry), entry);
  }
}

function broken(path: string, entries: readonly NamedKey[], what: string): PleuraError {
  return new PleuraError("invalid-option", entries.length === 0 ? what : `${linesOf(entries)}: ${what}`, {
    stage: "options",
    file: path,
    hint: "Each line is name,key",
  });
}

function namesMissing(path: string, nameless: readonly string[], others: readonly NamedKey[]): PleuraError {
  const unknown = others.length === 0 ? "" : `; keys that are none of the cases: ${linesOf(others)}`;
  return new PleuraError("invalid-option", `The list has no name for ${nameless.length} cases${unknown}`, {
    stage: "options",
    file: path,
    folders: nameless.slice(0, NAMED),
    hint: "Add a line name,key for each case: the key is the name of the folder or file, or the UID",
  });
}

function linesOf(entries: readonly NamedKey[]): string {
  const numbers = entries.slice(0, NAMED).map(({ line }) => line);
  return `${entries.length === 1 ? "line" : "lines"} ${numbers.join(", ")}${entries.length > NAMED ? ", …" : ""}`;
}
