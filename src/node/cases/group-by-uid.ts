import { stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { isZip } from "../../archives/zip-directory.ts";
import { PleuraError } from "../../errors.ts";
import { isImageFile } from "../../formats/decode-image.ts";
import { plainError } from "../failure.ts";
import { listInputFiles } from "../input-files.ts";
import { type CaseFolder, keyName, type Selector } from "./case-input.ts";
import { isAsked } from "./check-cases.ts";
import { noteArchives, refuseInput, unreadableCase } from "./expand-input.ts";
import { foldersBelow } from "./folder-contents.ts";
import type { HeaderIndex } from "./header-index.ts";
import { canBeScan } from "./image-group.ts";
import { caseName, isDicomFile } from "./scan-file.ts";
import type { Sighting } from "./survey.ts";

/** A case, what was seen of it, and the numbers of the inputs that have a part in it. */
export interface GroupedCase {
  readonly one: CaseFolder;
  readonly sightings: readonly Sighting[];
  readonly inputs: ReadonlySet<number>;
}

/** Options of {@link groupByUid}. */
export interface GroupOptions {
  readonly by: "study" | "series";
  /** Series that is asked for. */
  readonly series?: string | number;
  /** Told what is not read, for the user. */
  readonly note: (text: string) => void;
}

/** The images of one study or series, and the inputs that they came from. */
interface Gathered {
  readonly sightings: Sighting[];
  readonly inputs: Set<number>;
}

/**
 * Makes a case of each study, or of each series that can be a scan, of all inputs together, wherever its files
 * lie. All headers are read. An image file that is itself an input is a case too; those within folders have no study, and are
 * counted.
 *
 * @param inputs - absolute paths
 * @returns in the order in which the inputs show them
 * @throws PleuraError `not-found` when an input is neither a folder nor a scan, or when no image is of the series that was asked for
 */
export async function groupByUid(
  inputs: readonly string[],
  index: HeaderIndex,
  { by, series, note }: GroupOptions,
): Promise<GroupedCase[]> {
  const gathering = new Gathering(by, index, note);
  for (const [at, input] of inputs.entries()) await gathering.addInput(input, at);
  return gathering.cases(series);
}

class Gathering {
  private readonly gathered = new Map<string, Gathered>();
  /** Cases that need no look at headers, or that fail by what was seen there. */
  private readonly apart: GroupedCase[] = [];
  private readonly rest = { files: 0, imageFiles: 0 };

  constructor(
    private readonly by: "study" | "series",
    private readonly index: HeaderIndex,
    private readonly note: (text: string) => void,
  ) {}

  async addInput(input: string, at: number): Promise<void> {
    const kind = await stat(input).catch(() => undefined);
    if (kind?.isFile() && isImageFile(input)) this.addApart({ name: caseName(input), folder: input }, at);
    else if (kind?.isFile() && (isZip(input) || (await isDicomFile(input)))) await this.addFiles(input, at);
    else if (kind?.isDirectory()) await this.addFolder(input, at);
    else throw refuseInput(input, kind !== undefined);
  }

  cases(series?: string | number): GroupedCase[] {
    const isOurs = ({ sightings }: Gathered): boolean =>
      series === undefined || this.by === "study" || sightings.some(({ group }) => isAsked(group, series));
    const scans = [...this.gathered].filter(([, one]) => this.isCase(one));
    const chosen = scans.filter(([, one]) => isOurs(one));
    if (series !== undefined && chosen.length + this.apart.length === 0) throw noSuchSeries(series);
    this.tellRest(
      [...this.gathered.values()].filter((one) => !this.isCase(one)),
      scans.length - chosen.length,
    );
    const found = chosen.map(([key, one]) => ({ ...one, one: caseOf({ by: this.by, key }, one.sightings) }));
    return [...found, ...this.apart];
  }

  private async addFolder(input: string, at: number): Promise<void> {
    for await (const folder of foldersBelow(input)) {
      if (folder.files.length > 0) await this.addFiles(folder.path, at);
      for (const zip of folder.zips) await this.addFiles(join(folder.path, zip), at);
      for (const label of folder.unreadable) this.addApart(unreadableCase(folder.path, label), at);
      this.rest.imageFiles += folder.images.length;
      noteArchives(folder, this.note);
    }
  }

  /** @param path - a folder, whose own files are looked at, or a file */
  private async addFiles(path: string, at: number): Promise<void> {
    const files = listInputFiles({ folder: path, parts: [path] });
    const { groups, files: numbers, error } = await this.index.all(files);
    const strangers = numbers.filter(({ length }) => length === 0).length;
    if (groups.length === 0 && error instanceof PleuraError) this.addApart(failedCase(path, error), at);
    else this.rest.files += strangers;
    let nameless = 0;
    for (const group of groups) {
      const key = group[this.by];
      if (key === undefined) nameless += group.images;
      else this.gather(key, { path, group }, at);
    }
    if (nameless > 0) this.addApart(failedCase(path, noUid(this.by, nameless)), at);
  }

  private gather(key: string, sighting: Sighting, at: number): void {
    let one = this.gathered.get(key);
    if (one === undefined) {
      one = { sightings: [], inputs: new Set() };
      this.gathered.set(key, one);
    }
    one.sightings.push(sighting);
    one.inputs.add(at);
  }

  private addApart(one: CaseFolder, at: number): void {
    this.apart.push({ one, sightings: [], inputs: new Set([at]) });
  }

  /** A study with any axial slice is a case, and fails should it be no scan; of the many series of a study only scans are. */
  private isCase({ sightings }: Gathered): boolean {
    const groups = sightings.map(({ group }) => group);
    return this.by === "study" ? groups.some(({ slices }) => slices > 0) : canBeScan(groups);
  }

  /** @param notAsked - number of series that can be a scan and were not asked for */
  private tellRest(left: readonly Gathered[], notAsked: number): void {
    const { files, imageFiles } = this.rest;
    const what = this.by === "study" ? "studies" : "series";
    const images = left.flatMap(({ sightings }) => sightings).reduce((sum, { group }) => sum + group.images, 0);
    if (left.length > 0) this.note(`left out: ${left.length} ${what} that cannot be a scan (${images} images)`);
    if (notAsked > 0) this.note(`left out: ${notAsked} ${what} that --series does not name`);
    if (files > 0) this.note(`left out: ${files} files without a CT image that can be read`);
    if (imageFiles > 0) {
      this.note(`left out: ${imageFiles} image files, which have no ${this.by}: give them as inputs of their own`);
    }
  }
}

function caseOf(only: Selector, sightings: readonly Sighting[]): CaseFolder {
  const parts = [...new Set(sightings.map(({ path }) => path))].sort();
  return { name: keyName(only), folder: commonFolder(parts), parts, only };
}

/** The deepest folder that holds all paths; of one path, itself. */
function commonFolder(paths: readonly string[]): string {
  const isWithin = (path: string, folder: string): boolean =>
    path === folder || path.startsWith(folder.endsWith("/") ? folder : `${folder}/`);
  let common = paths[0]!;
  while (!paths.every((path) => isWithin(path, common)) && common !== dirname(common)) common = dirname(common);
  return common;
}

function failedCase(path: string, error: PleuraError): CaseFolder {
  return { name: caseName(path), folder: path, parts: [path], refused: plainError(error) };
}

function noUid(by: "study" | "series", images: number): PleuraError {
  const tag = by === "study" ? "Study Instance UID (0020,000D)" : "Series Instance UID (0020,000E)";
  return new PleuraError("missing-tag", `Images have no ${tag}`, {
    stage: "read",
    measured: `${images} images without it`,
    hint: "Use --by folder for them",
  });
}

function noSuchSeries(series: string | number): PleuraError {
  return new PleuraError("not-found", "There are no images of the series that was asked for", {
    stage: "options",
    limit: `series ${series}`,
  });
}
