import { randomUUID } from "node:crypto";
import {
  closeSync,
  lstatSync,
  mkdirSync,
  openSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  write,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { checkCaseName } from "../case/safe-name.ts";
import { PleuraError } from "../errors.ts";
import { linkOnce } from "./create-once.ts";
import { readLock } from "./lock-file.ts";
import { fateOf, readOwner, SELF, temporaryName } from "./owner.ts";
import { hasCode, writeFailed } from "./system-error.ts";

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
/** After so many attempts in a row, between which other processes changed something, this one waits its turn. */
const ATTEMPTS = 8;

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
 * @throws PleuraError `lock-unusable` when there is a lock that cannot be read, `write-failed`,
 * `invalid-option` for a name that is no case's
 */
export function lockCase(out: string, name: string): CaseLock | undefined {
  checkCaseName(name);
  const folder = join(out, BOOKKEEPING);
  const path = join(folder, `${name}.lock`);
  const text = JSON.stringify({ ...SELF, token: randomUUID() });
  try {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      mkdirSync(folder, { recursive: true });
      const file = create(path, text, attempt === ATTEMPTS);
      if (file !== undefined) return held(folder, path, text, file);
      const found = readLock(path);
      if (found !== undefined && !removeAbandoned(folder, path, found)) return undefined;
    }
    return undefined;
  } catch (cause) {
    throw cause instanceof PleuraError ? cause : writeFailed(path, cause);
  }
}

function held(folder: string, path: string, text: string, file: number): CaseLock {
  // By writing, not by setting the time: the time is then that of the disk's own clock.
  const beat = setInterval(() => write(file, text, 0, () => undefined), BEAT_MS);
  beat.unref();
  const holds = () => {
    try {
      return readLock(path) === text;
    } catch {
      return false;
    }
  };
  return {
    holds,
    release() {
      clearInterval(beat);
      // How the case ended stands already. A lock that cannot be removed ends with its process.
      quietly(() => closeSync(file));
      if (holds()) quietly(() => rmSync(path, { force: true }));
      // It stays where something lies in it.
      quietly(() => rmdirSync(folder));
    },
  };
}

/**
 * Creates the lock.
 *
 * @param isLast - whether a missing folder is an error: otherwise another process has just removed it
 * @returns `undefined` when there is a lock
 */
function create(path: string, text: string, isLast: boolean): number | undefined {
  let file: number;
  try {
    file = openSync(path, "wx");
  } catch (error) {
    if (hasCode(error, "EEXIST") || (hasCode(error, "ENOENT") && !isLast)) return undefined;
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

/**
 * @param text - what the lock was read as
 * @returns false when the lock has an owner that may be alive
 */
function removeAbandoned(folder: string, path: string, text: string): boolean {
  if (!isAbandoned(folder, path, text)) return false;
  // Two processes may get here together: what is taken aside must be what was looked at.
  const aside = join(folder, temporaryName());
  try {
    renameSync(path, aside);
    if (readLock(aside) !== text) linkOnce(aside, path);
  } catch (error) {
    // Another process was faster. An owner whose lock is lost that way finds it out by `holds`.
    if (!hasCode(error, "ENOENT", "EEXIST")) throw error;
  } finally {
    rmSync(aside, { force: true });
  }
  return true;
}

function isAbandoned(folder: string, path: string, text: string): boolean {
  const owner = readOwner(text);
  const fate = owner === undefined ? "unknown" : fateOf(owner);
  if (fate !== "unknown") return fate === "gone";
  return silence(folder, path) > (owner === undefined ? UNREADABLE_MS : ABANDONED_MS);
}

/** Milliseconds since a file was written, by the clock of its own disk; 0 when it is gone. */
function silence(folder: string, path: string): number {
  const probe = join(folder, temporaryName());
  try {
    closeSync(openSync(probe, "wx"));
    const now = statSync(probe).mtimeMs;
    // A time in the future tells nothing either: an owner that is alive writes the time of now.
    return Math.abs(now - (lstatSync(path, { throwIfNoEntry: false })?.mtimeMs ?? now));
  } finally {
    rmSync(probe, { force: true });
  }
}

function quietly(act: () => void): void {
  try {
    act();
  } catch {
    // See the caller.
  }
}
