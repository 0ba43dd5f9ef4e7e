import { createHash } from "node:crypto";
import { cp, mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { writePhantom } from "../../src/node/write-phantom.ts";
import { makePhantom } from "../../src/phantom/phantom.ts";

/** Distinct small patients among the scans. */
const PATIENTS = 3;

/**
 * Fills a folder with small scans, a fraction of a second each, `case-01` and so on, and with a
 * last case that is no scan.
 *
 * @returns names of the scans
 */
export async function writeScans(folder: string, count: number): Promise<string[]> {
  const names = Array.from({ length: count }, (_, i) => `case-${String(i + 1).padStart(2, "0")}`);
  for (const [i, name] of names.entries()) {
    const path = join(folder, name);
    if (i < PATIENTS) {
      await writePhantom(makePhantom({ size: 64, slices: 24, spacing: [8, 5, 5], seed: i + 1 }), path);
    } else await cp(join(folder, names[i % PATIENTS] as string), path, { recursive: true });
  }
  await mkdir(join(folder, "no-scan"), { recursive: true });
  return names;
}

/**
 * Everything that lies in a folder: the hash of its bytes by path; of JSON files
 * the text, without what differs from run to run. Which of several copies has claimed a series does too.
 */
export async function contentsOf(folder: string): Promise<Map<string, string>> {
  const contents = new Map<string, string>();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    if (entry.parentPath.endsWith(".pleura/series")) continue;
    const bytes = await readFile(path);
    const isJson = entry.name.endsWith(".json");
    contents.set(path.slice(folder.length), isJson ? timeless(bytes.toString()) : hashOf(bytes));
  }
  return new Map([...contents].sort());
}

function hashOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function timeless(json: string): string {
  const { milliseconds: _, at: __, ...rest } = JSON.parse(json) as Record<string, unknown>;
  return JSON.stringify(rest);
}
