import { PleuraError } from "../errors.ts";
import { linesOf, splitCells } from "../formats/csv.ts";
import type { Annotation, AnnotationKind, AnnotationSource, BrokenRow, CaseAnnotations } from "./annotation.ts";

/** Unit of the positions in a table whose columns do not say it. */
export type NoduleUnits = "mm" | "voxels";

/** Where a table has what, by column from 0. */
interface Columns {
  readonly kind: AnnotationKind;
  readonly key: number;
  readonly x: number;
  readonly y: number;
  readonly z: number;
  readonly diameter?: number;
  readonly class?: number;
  /** Whether the first line holds names. */
  readonly hasHeader: boolean;
}

/** Places of a key's rows in the text: number of the line, start, end, and so on. */
type Places = number[];

/** Names of columns that are hardly those of voxels. */
const WORLD = /(^|[^a-z])(mm|world|lps|ras)([^a-z]|$)/;

/** Below this share of rows with a negative coordinate they may be mistakes, and not millimetres. */
const NEGATIVE_SHARE = 0.1;

/**
 * Reads a table of annotations: LUNA16's `annotations.csv` or `candidates.csv`, told by their
 * header, or a table of five columns by position (id, x, y, z, diameter) with a header or none, as
 * the competition's files are. Rows are only indexed now and are parsed when they are asked for.
 *
 * @param text - the whole file
 * @param file - name, for messages
 * @param units - of a table by position; default: millimetres where coordinates are negative, which
 * no voxel has, and voxels else
 * @throws PleuraError `bad-annotation` when this is no such table or its unit cannot be told
 */
export function annotationTable(text: string, file: string, units?: NoduleUnits): AnnotationSource {
  const first = linesOf(text).next().value;
  const columns = recognise(first === undefined ? "" : text.slice(first.start, first.end), file, units);
  const places = new Map<string, Places>();
  const unassigned: BrokenRow[] = [];
  let rows = 0;
  for (const line of linesOf(text)) {
    if (columns.hasHeader && line.number === first!.number) continue;
    rows++;
    const row = text.slice(line.start, line.end);
    const key = splitCells(row)?.[columns.key];
    if (key === undefined || key === "") {
      unassigned.push({
        line: line.number,
        reason: key === "" ? "the first column is empty" : "a quote is not closed",
      });
      continue;
    }
    const own = places.get(key);
    if (own === undefined) places.set(key, [line.number, line.start, line.end]);
    else own.push(line.number, line.start, line.end);
  }
  const rowsOf = function* (key: string): Generator<{ line: number; row: string }> {
    const own = places.get(key) ?? [];
    for (let i = 0; i < own.length; i += 3) yield { line: own[i]!, row: text.slice(own[i + 1]!, own[i + 2]!) };
  };
  const kind = columns.kind === "voxels" ? unitsOf(places, text, columns, file, units) : columns.kind;
  return {
    kind,
    keys: [...places.keys()],
    rows,
    unassigned,
    textOf: (key) => [...rowsOf(key)].map(({ row }) => `${row.trim()}\n`).join(""),
    linesOf: (key) => Array.from(rowsOf(key), ({ line }) => line),
    annotationsOf: (key) => parseRows(rowsOf(key), { ...columns, kind }),
  };
}

/** Characters of a line that a message repeats. */
const MOST_QUOTED = 80;

function recognise(header: string, file: string, units: NoduleUnits | undefined): Columns {
  const names = (splitCells(header) ?? []).map((name) => name.toLowerCase());
  const [key, x, y, z] = ["seriesuid", "coordx", "coordy", "coordz"].map((name) => names.indexOf(name));
  if (key! >= 0 && x! >= 0 && y! >= 0 && z! >= 0) {
    const at = { key: key!, x: x!, y: y!, z: z!, hasHeader: true };
    const diameter = names.indexOf("diameter_mm");
    if (diameter >= 0) return { ...at, kind: "luna16-annotations", diameter };
    const label = names.indexOf("class");
    if (label >= 0) return { ...at, kind: "luna16-candidates", class: label };
    throw unknownTable(file, header);
  }
  if (names.length < 5) throw unknownTable(file, header);
  const hasHeader = names.slice(1, 5).every((name) => parseNumber(name) === undefined && !/^[-+]?(nan|inf)/.test(name));
  if (hasHeader && units === undefined && names.slice(1, 4).some((name) => WORLD.test(name))) {
    throw new PleuraError("bad-annotation", "The columns' names speak of a unit, but are not those of a known table", {
      stage: "options",
      file,
      measured: "the first line",
      quote: header.trim().slice(0, MOST_QUOTED),
      limit: "seriesuid,coordX,coordY,coordZ,diameter_mm for LPS in millimetres",
      hint: "Say it with --nodule-units mm (LPS) or --nodule-units voxels",
    });
  }
  return { kind: "voxels", key: 0, x: 1, y: 2, z: 3, diameter: 4, hasHeader };
}

/** Whether a table by position counts millimetres or voxels. */
function unitsOf(
  places: ReadonlyMap<string, Places>,
  text: string,
  columns: Columns,
  file: string,
  units: NoduleUnits | undefined,
): "millimetres" | "voxels" {
  if (units !== undefined) return units === "mm" ? "millimetres" : "voxels";
  let [rows, negative] = [0, 0];
  for (const own of places.values()) {
    for (let i = 0; i < own.length; i += 3) {
      const cells = splitCells(text.slice(own[i + 1]!, own[i + 2]!)) ?? [];
      rows++;
      if ([columns.x, columns.y, columns.z].some((c) => (parseNumber(cells[c] ?? "") ?? 0) < 0)) negative++;
    }
  }
  if (negative === 0) return "voxels";
  if (negative >= NEGATIVE_SHARE * rows) return "millimetres";
  throw new PleuraError("bad-annotation", "It is not clear whether the table counts voxels or millimetres", {
    stage: "options",
    file,
    measured: `${negative} of ${rows} rows have a negative coordinate`,
    limit: `none for voxels, at least ${100 * NEGATIVE_SHARE} % for millimetres`,
    hint: "Say it with --nodule-units voxels or --nodule-units mm",
  });
}

function parseRows(rows: Iterable<{ line: number; row: string }>, columns: Columns): CaseAnnotations {
  const nodules: Annotation[] = [];
  const broken: BrokenRow[] = [];
  const duplicates: number[] = [];
  const none: number[] = [];
  const seen = new Set<string>();
  for (const { line, row } of rows) {
    const parsed = parseRow(row, line, columns);
    if (parsed === undefined) none.push(line);
    else if ("reason" in parsed) broken.push({ line, ...parsed });
    else {
      const content = JSON.stringify([parsed.at, parsed.diameter, parsed.class]);
      if (seen.has(content)) duplicates.push(line);
      seen.add(content);
      nodules.push(parsed);
    }
  }
  if (nodules.length > 0) {
    for (const line of none) broken.push({ line, reason: "says that there is no nodule, while other rows have one" });
  }
  return { kind: columns.kind, nodules, leftOut: [], duplicates, broken };
}

/** @returns the nodule, `undefined` for a row that says that there is none, or what is wrong with the row */
function parseRow(row: string, line: number, columns: Columns): Annotation | undefined | Omit<BrokenRow, "line"> {
  const cells = splitCells(row);
  if (cells === undefined) return { reason: "a quote is not closed" };
  const needed = Math.max(columns.x, columns.y, columns.z, columns.diameter ?? 0, columns.class ?? 0) + 1;
  if (cells.length < needed) return { reason: `${cells.length} columns instead of ${needed}` };
  const values: Partial<Record<"x" | "y" | "z" | "diameter" | "class", number>> = {};
  for (const name of ["x", "y", "z", "diameter", "class"] as const) {
    const column = columns[name];
    if (column === undefined) continue;
    const value = parseNumber(cells[column]!);
    if (value === undefined) return { reason: `${name} is no number`, quote: cells[column]! };
    values[name] = value;
  }
  const { x = 0, y = 0, z = 0, diameter, class: label } = values;
  const byPosition = columns.kind === "voxels" || columns.kind === "millimetres";
  if (byPosition && x === 0 && y === 0 && z === 0 && diameter! <= 0) return undefined;
  if (diameter !== undefined && !(diameter > 0)) return { reason: `the diameter is not above 0: ${diameter}` };
  if (label !== undefined && label !== 0 && label !== 1) return { reason: `the class is neither 0 nor 1: ${label}` };
  return {
    line,
    at: columns.kind === "voxels" ? { voxel: [z, y, x] } : { patient: [x, y, z] },
    diameter,
    ...(label !== undefined && { class: label }),
  };
}

/** A finite number in decimal notation. */
function parseNumber(text: string): number | undefined {
  return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text) && Number.isFinite(Number(text)) ? Number(text) : undefined;
}

function unknownTable(file: string, header: string): PleuraError {
  return new PleuraError("bad-annotation", "The table is no list of nodules", {
    stage: "options",
    file,
    ...(header.trim() === ""
      ? { measured: "an empty file" }
      : { measured: "the first line", quote: header.trim().slice(0, MOST_QUOTED) }),
    limit: "seriesuid,coordX,coordY,coordZ,diameter_mm; seriesuid,coordX,coordY,coordZ,class; or id, x, y, z, diameter",
  });
}
