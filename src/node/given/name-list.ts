import { readFile } from "node:fs/promises";
import { KeyIndex } from "../../case/key-index.ts";
import { PleuraError } from "../../errors.ts";
import { linesOf, splitCells } from "../../formats/csv.ts";

/** A list of two columns: a name, and what it stands for. */
export interface NameList {
  /** What a name stands for; `undefined` for one that is not listed. Numbers are equal with and without leading zeros. */
  seriesOf(name: string): string | undefined;
}

/**
 * Reads a list such as LUNA16's short names: `id,seriesuid`, with a header or none.
 *
 * @throws PleuraError `not-found`, or `bad-annotation` with the numbers of broken and doubled lines
 */
export async function readNameList(path: string): Promise<NameList> {
  const text = await readFile(path, "utf8").catch((cause) => {
    throw new PleuraError("not-found", "There is no such list of names", { stage: "options", file: path, cause });
  });
  const names = new Map<string, string>();
  const broken: string[] = [];
  let isFirst = true;
  for (const { number, start, end } of linesOf(text)) {
    const [name = "", value = ""] = splitCells(text.slice(start, end)) ?? [];
    const isHeader = isFirst && /^(id|name|case)$/i.test(name);
    isFirst = false;
    if (isHeader) continue;
    if (name === "" || value === "") broken.push(`line ${number}: two columns are needed`);
    else if (names.has(name)) broken.push(`line ${number}: its name is listed twice`);
    else names.set(name, value);
  }
  if (broken.length > 0) {
    throw new PleuraError("bad-annotation", "The list of names cannot be read", {
      stage: "options",
      file: path,
      measured: `${broken.slice(0, 3).join("; ")}${broken.length > 3 ? `; ${broken.length - 3} more` : ""}`,
      limit: "id,seriesuid",
    });
  }
  const index = new KeyIndex(names.keys());
  return { seriesOf: (name) => names.get(index.find({ names: [name] })?.key ?? "") };
}
