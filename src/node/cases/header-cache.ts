import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { BOOKKEEPING } from "../case-lock.ts";
import { writeWholeFile } from "../staging.ts";
import type { ImageGroup } from "./image-group.ts";

/** What headers of one folder have shown. */
export interface CachedHeaders {
  /** Which files were looked at, and a hash of their sizes and times; missing where the key covers all files. */
  readonly looked?: { readonly at: readonly number[]; readonly stats: string };
  readonly groups: readonly ImageGroup[];
  /** Of all files in their order: how many, and the numbers of their groups. */
  readonly runs?: readonly (readonly [count: number, groups: readonly number[]])[];
}

const FILE = "headers.json";
/** Goes up when what is kept changes. */
const FORMAT = 1;
/** Reading fewer headers anew takes less time than it is worth. */
const WORTHWHILE = 256;
/** Characters that are written at a time. */
const PIECE = 1 << 20;

/**
 * What was read of headers, kept below the output folder for the next look at the same inputs. Folders are
 * named by hashes over their path and the names of their files, patients and UIDs by hashes too: nothing in it can be read.
 */
export class HeaderCache {
  private readonly used = new Map<string, CachedHeaders>();
  private known: Promise<Map<string, CachedHeaders>> | undefined;
  private fresh = 0;

  /** @param out - output folder; without one nothing is kept */
  constructor(private readonly out?: string) {}

  /** What is known of a folder. */
  async get(key: string): Promise<CachedHeaders | undefined> {
    const entry = this.used.get(key);
    if (entry !== undefined || this.out === undefined) return entry;
    this.known ??= load(join(this.out, BOOKKEEPING, FILE));
    return (await this.known).get(key);
  }

  /** Keeps what is known of a folder. @param read - number of headers that were read for it, 0 when it was known before */
  put(key: string, entry: CachedHeaders, read: number): void {
    this.used.set(key, entry);
    this.fresh += read;
  }

  /**
   * Writes what was used, when enough of it is new.
   *
   * @throws PleuraError `write-failed`
   */
  async save(): Promise<void> {
    if (this.out === undefined || this.fresh < WORTHWHILE) return;
    this.fresh = 0;
    await writeWholeFile(join(this.out, BOOKKEEPING, FILE), lines(this.used));
  }
}

async function load(path: string): Promise<Map<string, CachedHeaders>> {
  try {
    const [head = "", ...entries] = (await readFile(path, "utf8")).split("\n");
    if (JSON.parse(head).format !== FORMAT) return new Map();
    return new Map(
      entries.filter(Boolean).map((line) => {
        const { key, ...entry } = JSON.parse(line) as CachedHeaders & { readonly key: string };
        return [key, entry];
      }),
    );
  } catch {
    // None, or one that a full disk has cut: everything is read anew.
    return new Map();
  }
}

async function* lines(entries: ReadonlyMap<string, CachedHeaders>): AsyncGenerator<string> {
  let text = `${JSON.stringify({ format: FORMAT })}\n`;
  for (const [key, entry] of entries) {
    text += `${JSON.stringify({ key, ...entry })}\n`;
    if (text.length < PIECE) continue;
    yield text;
    text = "";
  }
  yield text;
}
