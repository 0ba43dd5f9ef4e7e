import { createHash } from "node:crypto";
import { closeSync, openSync, readdirSync, readFileSync, readSync, statSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { type CaseKeys, KeyIndex, type KeyMatch } from "../../case/key-index.ts";
import type { ProfileName } from "../../case/profile.ts";
import { counted } from "../../counted.ts";
import { PleuraError } from "../../errors.ts";
import type { AnnotationKind, AnnotationSource } from "../../nodules/annotation.ts";
import type { NoduleUnits } from "../../nodules/annotation-table.ts";
import type { lidcSource } from "../../nodules/lidc/lidc-nodules.ts";
import { lidcSeries } from "../../nodules/lidc/lidc-series.ts";
import { noLidc, openTable } from "../../nodules/open-source.ts";
import { looksLikePhantomTruth, phantomTruth } from "../../nodules/phantom-truth.ts";
import { seriesHash } from "./case-keys.ts";

/** Where nodules come from, and how they are understood. */
export interface NoduleOptions {
  /** A file, or a folder of files of one kind. */
  readonly nodules: string;
  /** How many readers must have marked a nodule of LIDC-IDRI. Default 3. */
  readonly readers?: number;
  /** Unit of a table by position; default: told by its coordinates, millimetres in the profile `luna16`. */
  readonly noduleUnits?: NoduleUnits;
  readonly profile?: ProfileName;
}

/** A key's rows of one file. */
export interface OwnAnnotations {
  readonly match: KeyMatch;
  readonly source: AnnotationSource;
  /** Name of the file. */
  readonly file: string;
}

/** One file of annotations. */
export interface AnnotationFile {
  readonly kind: AnnotationKind;
  /** Name, for messages. */
  readonly file: string;
  /** Series or cases that it has something about. */
  readonly keys: readonly string[];
  /** What it says; LIDC-IDRI's are read when they are asked for, for there are a thousand of them. */
  source(): AnnotationSource;
}

/** All annotations of a run. */
export interface Annotations {
  readonly kind: AnnotationKind;
  readonly files: readonly AnnotationFile[];
  /** What there is about a case, in the order of the files' names. */
  find(keys: CaseKeys): readonly OwnAnnotations[];
}

/** Bytes of an XML in which its series is named. */
const HEAD_BYTES = 16_384;
/** A folder is looked at again after this long, ms: it may hold a thousand files. */
const FRESH_MS = 10_000;

interface Cached {
  readonly stamp: string;
  readonly checked: number;
  readonly annotations: Annotations;
}

const cache = new Map<string, Cached>();

/**
 * Opens annotations: a CSV, an LIDC-IDRI XML, what `pleura phantom --truth` has written, or a folder
 * of such files of one kind. What was opened before is kept while the files stay as they are.
 *
 * @throws PleuraError `not-found`, or `bad-annotation` when a file is of no known kind or has rows that
 * belong to no series or case
 */
export async function openAnnotations(options: NoduleOptions): Promise<Annotations> {
  const { nodules, readers, noduleUnits, profile } = options;
  const units = noduleUnits ?? (profile === "luna16" ? "mm" : undefined);
  const key = JSON.stringify([nodules, readers, units]);
  const before = cache.get(key);
  const isFolder = statSync(nodules, { throwIfNoEntry: false })?.isDirectory() === true;
  if (before !== undefined && isFolder && Date.now() - before.checked < FRESH_MS) return before.annotations;
  const files = listFiles(nodules);
  const stamp = files.map(({ path, size, modified }) => `${path}\t${size}\t${modified}\n`).join("");
  const annotations = before?.stamp === stamp ? before.annotations : await read(nodules, files, readers, units);
  cache.set(key, { stamp, checked: Date.now(), annotations });
  return annotations;
}

/** SHA-256, in hexadecimal, of a case's own rows: it changes with them and with nothing else. */
export function annotationDigest(own: readonly OwnAnnotations[]): string {
  const hash = createHash("sha256");
  for (const { match, source } of own) hash.update(`${source.kind}\n${source.textOf(match.key)}\n`);
  return hash.digest("hex");
}

interface ListedFile {
  readonly path: string;
  /** For messages: relative to the folder that was given. */
  readonly name: string;
  readonly size: number;
  readonly modified: number;
}

function listFiles(given: string): ListedFile[] {
  const top = statSync(given, { throwIfNoEntry: false });
  if (top === undefined) {
    throw new PleuraError("not-found", "There are no such annotations", { stage: "options", file: given });
  }
  const listed = (path: string, name: string): ListedFile => {
    const { size, mtimeMs } = statSync(path);
    return { path, name, size, modified: mtimeMs };
  };
  if (!top.isDirectory()) return [listed(given, basename(given))];
  return readdirSync(given, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory() && /\.(csv|xml|json)$/i.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((path) => listed(path, relative(given, path)));
}

/** Makes the source of an LIDC-IDRI file. */
type ReadLidc = (path: string, seriesUid: string, file: string) => AnnotationSource;

async function read(
  given: string,
  files: readonly ListedFile[],
  readers: number | undefined,
  units: NoduleUnits | undefined,
): Promise<Annotations> {
  // The parser is loaded where there is XML.
  const isXml = files.some(({ path }) => /\.xml$/i.test(path));
  const lidc: typeof lidcSource | undefined = isXml
    ? (await import("../../nodules/lidc/lidc-nodules.ts")).lidcSource
    : undefined;
  // Only the latest is kept: all of them would fill the memory.
  let latest: { readonly path: string; readonly source: AnnotationSource } | undefined;
  const readLidc: ReadLidc = (path, seriesUid, file) => {
    if (latest?.path !== path) latest = { path, source: lidc!(readFileSync(path, "utf8"), seriesUid, file, readers) };
    return latest.source;
  };
  const isOnly = files.length === 1;
  const opened = files.flatMap((file) =>
    /\.xml$/i.test(file.path) ? (openXml(file, isOnly, readLidc) ?? []) : (openText(file, isOnly, units) ?? []),
  );
  if (opened.length === 0) {
    throw new PleuraError("bad-annotation", "There are no annotations of a known kind here", {
      stage: "options",
      file: given,
      measured: `${counted(files.length, "file")} of CSV, XML or JSON`,
      limit: "CSV of nodules, LIDC-IDRI XML, or what pleura phantom --truth writes",
    });
  }
  const kinds = [...new Set(opened.map(({ kind }) => kind))];
  if (kinds.length > 1) {
    const example = (kind: AnnotationKind) => opened.find((one) => one.kind === kind)!.file;
    throw new PleuraError("bad-annotation", "The folder holds annotations of several kinds", {
      stage: "options",
      file: given,
      measured: kinds.join("; "),
      quote: kinds.map(example).join("; "),
      limit: "one kind",
      hint: "Give the file that is meant, or a folder that holds files of one kind only",
    });
  }
  const index = new KeyIndex(
    opened.flatMap(({ keys }) => keys),
    seriesHash,
  );
  const filesOf = new Map<string, AnnotationFile[]>();
  for (const one of opened) for (const key of one.keys) filesOf.set(key, [...(filesOf.get(key) ?? []), one]);
  return {
    kind: kinds[0]!,
    files: opened,
    find: (keys) => {
      const match = index.find(keys);
      if (match === undefined) return [];
      return filesOf.get(match.key)!.map((one) => ({ match, source: one.source(), file: one.file }));
    },
  };
}

/** @returns nothing for a file of a folder that has nothing to do with nodules */
function openText(
  { path, name }: ListedFile,
  isOnly: boolean,
  units: NoduleUnits | undefined,
): AnnotationFile | undefined {
  const text = readFileSync(path, "utf8");
  const isJson = /\.json$/i.test(path);
  if (isJson && !isOnly && !looksLikePhantomTruth(text)) return undefined;
  const source = isJson ? phantomTruth(text, name) : openTable(text, name, units === undefined ? {} : { units });
  return { file: name, kind: source.kind, keys: source.keys, source: () => source };
}

function openXml({ path, name }: ListedFile, isOnly: boolean, readLidc: ReadLidc): AnnotationFile | undefined {
  const seriesUid = lidcSeries(headOf(path));
  if (seriesUid === undefined) {
    if (!isOnly) return undefined;
    throw noLidc(name);
  }
  return { file: name, kind: "lidc-xml", keys: [seriesUid], source: () => readLidc(path, seriesUid, name) };
}

function headOf(path: string): string {
  const file = openSync(path, "r");
  try {
    const bytes = Buffer.alloc(HEAD_BYTES);
    return bytes.toString("utf8", 0, readSync(file, bytes, 0, HEAD_BYTES, 0));
  } finally {
    closeSync(file);
  }
}
