import { createHash } from "node:crypto";
import { stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { digestText } from "../../case/digest-text.ts";
import { type ImageIdentity, identitiesOf } from "../../dicom/identity.ts";
import { PleuraError } from "../../errors.ts";
import { inflateAside } from "../inflate-aside.ts";
import type { InputFile } from "../input-files.ts";
import { asideSource } from "./aside-source.ts";
import type { FolderContents } from "./folder-contents.ts";
import { type CachedHeaders, HeaderCache } from "./header-cache.ts";
import { Grouping, type ImageGroup } from "./image-group.ts";

/** What a look at headers took. */
export interface IndexCost {
  /** Folders, and archives and files that stand for themselves. */
  readonly folders: number;
  /** Headers that were read. */
  readonly headers: number;
  /** Folders of which everything was known from an earlier look. */
  readonly cached: number;
}

/** The images of some files, by patient, study and series. */
export interface FileGroups {
  readonly groups: readonly ImageGroup[];
  /** For each file the numbers of the groups that it has images of. */
  readonly files: readonly (readonly number[])[];
  /** What keeps a file from being read. */
  readonly error?: unknown;
}

/** So many files at each end of a folder are tried for one that is a CT image. */
const TRIES = 3;
/** So many headers are read at a time. */
const AT_ONCE = 8;

/** Tells the images of folders by few or by all of their headers. */
export class HeaderIndex {
  private readonly cache: HeaderCache;
  private readonly counts = { folders: 0, headers: 0, cached: 0 };

  /**
   * @param out - output folder, where what was read is kept for the next time; default: nowhere
   * @param signals - each of them ends the looking with `aborted`
   */
  constructor(
    out?: string,
    private readonly signals: readonly AbortSignal[] = [],
  ) {
    this.cache = new HeaderCache(out);
  }

  /** What it has taken so far. */
  get cost(): IndexCost {
    return { ...this.counts };
  }

  /** Keeps what was read for the next time. @throws PleuraError `write-failed` */
  save(): Promise<void> {
    return this.cache.save();
  }

  /**
   * The groups that the first and the last CT image of a folder belong to, by their names. Sub-folders, archives and
   * image files are not looked at.
   */
  async sample({ path, files }: Pick<FolderContents, "path" | "files">): Promise<readonly ImageGroup[]> {
    if (files.length === 0) return [];
    this.counts.folders++;
    const key = hash(`some\n${path}\n${files.join("\n")}`);
    const known = await this.cache.get(key);
    if (known?.looked !== undefined && (await statsOf(path, files, known.looked.at)) === known.looked.stats) {
      return this.again(key, known).groups;
    }
    const { images, looked } = await this.ends(path, files);
    const grouping = new Grouping();
    for (const image of images) grouping.add(image);
    const groups = grouping.result(files.length);
    const stats = await statsOf(path, files, looked);
    this.cache.put(key, { looked: { at: looked, stats }, groups }, looked.length);
    return groups;
  }

  /** The group of the first CT image in an archive, or in a file that stands for itself. */
  async sampleFile(path: string): Promise<readonly ImageGroup[]> {
    this.counts.folders++;
    const { size, mtimeMs } = await stat(path);
    const key = hash(`file\n${path}\n${size}\n${mtimeMs}`);
    const known = await this.cache.get(key);
    if (known !== undefined) return this.again(key, known).groups;
    const grouping = new Grouping();
    this.count();
    const [first] = await identitiesOf(asideSource(path, size), { inflate: inflateAside, first: true });
    if (first !== undefined) grouping.add(first);
    const groups = grouping.result(size);
    this.cache.put(key, { groups }, 1);
    return groups;
  }

  /**
   * The groups of all files.
   *
   * @param files - the files of one folder, or an archive, in the order of their names
   */
  async all(files: readonly InputFile[]): Promise<FileGroups> {
    if (files.length === 0) return { groups: [], files: [] };
    this.counts.folders++;
    const listed = files.map(({ name, size, modified }) => ({ name: basename(name), size, modified }));
    const key = hash(`all\n${files[0]!.path}\n${digestText(listed)}`);
    const known = await this.cache.get(key);
    if (known?.runs !== undefined) return { groups: this.again(key, known).groups, files: unrolled(known.runs) };
    const grouping = new Grouping();
    let error: unknown;
    const read = async ({ path, size }: InputFile): Promise<readonly ImageIdentity[]> => {
      this.count();
      return identitiesOf(asideSource(path, size), { inflate: inflateAside }).catch((cause: unknown) => {
        error ??= cause;
        return [];
      });
    };
    const numbers: number[][] = [];
    for (const images of await inTurns(files, read))
      numbers.push(numbersOf(images.map((image) => grouping.add(image))));
    const groups = grouping.result();
    if (error === undefined) this.cache.put(key, { groups, runs: rolled(numbers) }, files.length);
    return { groups, files: numbers, ...(error !== undefined && { error }) };
  }

  /** Counts a header that is about to be read. */
  private count(): void {
    if (this.signals.some(({ aborted }) => aborted)) {
      throw new PleuraError("aborted", "the run was ended", { stage: "read" });
    }
    this.counts.headers++;
  }

  private again(key: string, known: CachedHeaders): CachedHeaders {
    this.counts.cached++;
    this.cache.put(key, known, 0);
    return known;
  }

  /** Reads headers from both ends of a folder until each has shown a CT image, and then in the middle if neither has. */
  private async ends(path: string, files: readonly string[]): Promise<{ images: ImageIdentity[]; looked: number[] }> {
    const last = files.length - 1;
    const looked: number[] = [];
    const images: ImageIdentity[] = [];
    const look = async (places: readonly number[]): Promise<boolean> => {
      for (const at of places) {
        if (at < 0 || at > last || looked.includes(at)) continue;
        looked.push(at);
        this.count();
        const found = await readAside(join(path, files[at]!)).catch(() => []);
        images.push(...found);
        if (found.length > 0) return true;
      }
      return false;
    };
    const steps = Array.from({ length: TRIES }, (_, i) => i);
    const front = await look(steps);
    const back = await look(steps.map((i) => last - i));
    if (!front && !back) await look(steps.map((i) => (last >> 1) + i));
    return { images, looked };
  }
}

/** Does something with each of some items, several at a time; gives the results in the items' order. */
export async function inTurns<Item, Result>(
  items: readonly Item[],
  each: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results = new Array<Result>(items.length);
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < items.length) {
      const at = next++;
      results[at] = await each(items[at]!);
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, items.length) }, work));
  return results;
}

async function readAside(path: string): Promise<ImageIdentity[]> {
  return identitiesOf(asideSource(path), { inflate: inflateAside });
}

async function statsOf(path: string, files: readonly string[], at: readonly number[]): Promise<string> {
  const parts = at.map(async (place) => {
    const found = await stat(join(path, files[place] ?? "")).catch(() => undefined);
    return `${found?.size} ${found?.mtimeMs}`;
  });
  return hash((await Promise.all(parts)).join("\n"));
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 32);
}

function numbersOf(groups: readonly number[]): number[] {
  return groups.length === 1 ? [groups[0]!] : [...new Set(groups)];
}

function rolled(numbers: readonly (readonly number[])[]): NonNullable<CachedHeaders["runs"]> {
  const runs: [number, readonly number[]][] = [];
  for (const groups of numbers) {
    const run = runs.at(-1);
    if (run !== undefined && run[1].join() === groups.join()) run[0]++;
    else runs.push([1, groups]);
  }
  return runs;
}

function unrolled(runs: NonNullable<CachedHeaders["runs"]>): (readonly number[])[] {
  return runs.flatMap(([count, groups]) => new Array<readonly number[]>(count).fill(groups));
}
