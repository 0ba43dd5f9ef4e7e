import { readdir, rm, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { BOOKKEEPING, lockCase } from "./case-lock.ts";
import { removeUnfinished } from "./outputs.ts";
import { fateOf, parseOwner } from "./owner.ts";

/**
 * Removes what killed processes have left in an output folder: unfinished files, locks, and the
 * files of cases without a manifest. What belongs to a process that is alive, or of which nobody
 * here can say, is left alone.
 *
 * @param out - output folder; it may be missing
 * @throws PleuraError `write-failed` when the folder cannot be written
 */
export async function sweep(out: string): Promise<void> {
  for (const name of await list(out)) {
    if (name.startsWith(".pleura-")) await removeOrphan(out, name);
  }
  const bookkeeping = join(out, BOOKKEEPING);
  for (const name of await list(bookkeeping)) {
    if (name.endsWith(".lock")) await finishAbandoned(out, name.slice(0, -".lock".length));
    else await removeOrphan(bookkeeping, name);
  }
  // It stays where something lies in it.
  await rmdir(bookkeeping).catch(() => undefined);
}

async function list(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}

async function removeOrphan(folder: string, name: string): Promise<void> {
  const owner = parseOwner(name);
  if (owner !== undefined && fateOf(owner) === "gone") await rm(join(folder, name), { recursive: true, force: true });
}

/** Taking the lock tells whether its owner is gone. */
async function finishAbandoned(out: string, name: string): Promise<void> {
  const lock = lockCase(out, name);
  if (lock === undefined) return;
  try {
    await removeUnfinished(out, name);
  } finally {
    lock.release();
  }
}
