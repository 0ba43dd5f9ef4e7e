import { readdir, rm, rmdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { isCaseName } from "../case/safe-name.ts";
import { BOOKKEEPING, CLAIMS, lockCase } from "./case-lock.ts";
import { removeUnfinished } from "./outputs.ts";
import { fateOf, parseOwner } from "./owner.ts";

/** Nobody works so long on one case: what an owner out of sight has left so long ago, it has left for good. */
const OLD_MS = 24 * 3600 * 1000;

/**
 * Removes what killed processes have left in an output folder: unfinished files, locks, and the
 * files of cases without a manifest. What belongs to a process that is alive is left alone, and for
 * a day what belongs to one of another machine. So is what cannot be removed: it is in nobody's way, and a
 * case that it does concern fails by name when its turn comes.
 *
 * @param out - output folder; it may be missing
 */
export async function sweep(out: string): Promise<void> {
  for (const name of await list(out)) {
    if (name.startsWith(".pleura-")) await removeOrphan(out, name);
  }
  const bookkeeping = join(out, BOOKKEEPING);
  for (const name of await list(bookkeeping)) {
    if (name.endsWith(".lock")) await finishAbandoned(out, name.slice(0, -".lock".length)).catch(() => undefined);
    else await removeOrphan(bookkeeping, name);
  }
  for (const name of await list(join(bookkeeping, CLAIMS))) {
    if (name.startsWith(".pleura-")) await removeOrphan(join(bookkeeping, CLAIMS), name);
  }
  // It stays where something lies in it.
  await rmdir(bookkeeping).catch(() => undefined);
}

async function list(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}

async function removeOrphan(folder: string, name: string): Promise<void> {
  const owner = parseOwner(name);
  if (owner === undefined) return;
  const path = join(folder, name);
  const fate = fateOf(owner);
  if (fate === "alive" || (fate === "unknown" && !(await isOld(path)))) return;
  await rm(path, { recursive: true, force: true }).catch(() => undefined);
}

async function isOld(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found !== undefined && Date.now() - found.mtimeMs > OLD_MS;
}

/** Taking the lock tells whether its owner is gone. */
async function finishAbandoned(out: string, name: string): Promise<void> {
  if (!isCaseName(name)) return;
  const lock = lockCase(out, name);
  if (lock === undefined) return;
  try {
    await removeUnfinished(out, name);
  } finally {
    lock.release();
  }
}
