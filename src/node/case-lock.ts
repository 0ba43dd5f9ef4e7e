import { randomUUID } from "node:crypto";
import {
  closeSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  write,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { fateOf, type Owner, ownerLabel, SELF } from "./owner.ts";
import { writeFailed } from "./staging.ts";

/** Hidden folder inside the output folder, for locks and for the records of failures. */
export const BOOKKEEPING = ".pleura";

/** Folder within it that says which case has read which series. */
export const CLAIMS = "series";

/** Milliseconds between two looks at a case that another process works on. */
export const POLL_MS = 250;

/** Milliseconds between two signs of life. */
const BEAT_MS = 10_000;
/** Without a sign of life for so long, an owner that cannot be looked at is taken for gone. */
const ABANDONED_MS = 120_000;
/** A lock without an owner's name is one that is being written, or that a power cut emptied. */
const UNREADABLE_MS = 5_000;

/** The right to write a case's files, held by one process at a time. */
export interface CaseLock {
  /** Whether it is still this process's: after a long sleep another may have taken it over. */
  holds(): boolean;
  /** Gives it back. */
  release(): void;
}

/**
 * Takes the lock of a case: the file `.pleura/<case>.lock`, which names its owner and is written
 * anew every ten seconds. The lock of an owner that is gone is taken over: at once where that can
 * be seen, after two minutes without a sign of life where it cannot.
 *
 * @param out - output folder, made if missing
 * @param name - the case
 * @returns `undefined` while another process holds it
 * @throws PleuraError `write-failed`
 */
export function lockCase(out: string, name: string): CaseLock | undefined {
  const path = join(out, BOOKKEEPING, `${name}.lock`);
  const text = JSON.stringify({ ...SELF, token: randomUUID() });
  try {
    for (;;) {
      mkdirSync(join(out, BOOKKEEPING), { recursive: true });
      const file = create(path, text);
      if (file !== undefined) return held(out, path, text, file);
      if (!removeAbandoned(path)) return undefined;
    }
  } catch (cause) {
    throw writeFailed(path, cause);
  }
}

function held(out: string, path: string, text: string, file: number): CaseLock {
  // By writing, not by setting the time: the time is then that of the disk's own clock.
  const beat = setInterval(() => write(file, text, 0, () => undefined), BEAT_MS);
  beat.unref();
  const holds = () => readText(path) === text;
  return {
    holds,
    release() {
      clearInterval(beat);
      closeSync(file);
      if (holds()) rmSync(path, { force: true });
      removeIfEmpty(join(out, BOOKKEEPING));
    },
  };
}

/** Creates the lock; `undefined` when there is one, or when the folder has just been removed. */
function create(path: string, text: string): number | undefined {
  let file: number;
  try {
    file = openSync(path, "wx");
  } catch (error) {
    if (hasCode(error, "EEXIST", "ENOENT")) return undefined;
    throw error;
  }
  try {
    writeSync(file, text, 0);
    return file;
  } catch (error) {
    closeSync(file);
    rmSync(path, { force: true });
    throw error;
  }
}

/** @returns false when the lock has an owner that may be alive */
function removeAbandoned(path: string): boolean {
  const text = readText(path);
  if (text === undefined) return true;
  if (!isAbandoned(path, text)) return false;
  // Two processes may get here together: what is taken aside must be what was looked at.
  const aside = `${path}.${ownerLabel(SELF)}~`;
  try {
    renameSync(path, aside);
    if (readText(aside) !== text) linkSync(aside, path);
  } catch (error) {
    // Another process was faster. An owner whose lock is lost that way finds it out by `holds`.
    if (!hasCode(error, "ENOENT", "EEXIST")) throw error;
  } finally {
    rmSync(aside, { force: true });
  }
  return true;
}

function isAbandoned(path: string, text: string): boolean {
  const owner = parse(text);
  const fate = owner === undefined ? "unknown" : fateOf(owner);
  if (fate !== "unknown") return fate === "gone";
  return silence(path) > (owner === undefined ? UNREADABLE_MS : ABANDONED_MS);
}

/** Milliseconds since a file was written, by the clock of its own disk. */
function silence(path: string): number {
  const probe = `${path}.${ownerLabel(SELF)}~now`;
  try {
    closeSync(openSync(probe, "w"));
    return statSync(probe).mtimeMs - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0);
  } finally {
    rmSync(probe, { force: true });
  }
}

function parse(text: string): Owner | undefined {
  try {
    return JSON.parse(text) as Owner;
  } catch {
    return undefined;
  }
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

/** Removes a folder unless something lies in it. */
function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch (error) {
    if (!hasCode(error, "ENOTEMPTY", "EEXIST", "ENOENT", "EPERM", "EBUSY")) throw error;
  }
}

function hasCode(error: unknown, ...codes: string[]): boolean {
  return codes.includes(String((error as NodeJS.ErrnoException).code));
}
