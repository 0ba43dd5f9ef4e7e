import { PleuraError, type Stage } from "../errors.ts";

const MAKE_ROOM = "The disk is full: make room, and run the same command again";
const PERMISSIONS = "The permissions do not allow it to this user";
/** What helps against the system's reasons. */
const HINTS: Readonly<Record<string, string>> = {
  ENOSPC: MAKE_ROOM,
  EDQUOT: MAKE_ROOM,
  EFBIG: "A file may not be so large here: see ulimit -f",
  EROFS: "The disk is mounted for reading only",
  EACCES: PERMISSIONS,
  EPERM: PERMISSIONS,
  EIO: "The disk or the network has failed: look at the system's log, and copy the data again if they are damaged",
  ESTALE: "The file was replaced on its server meanwhile: run the same command again",
  EMFILE: "Too many files are open: see ulimit -n, or try fewer workers",
  ENFILE: "Too many files are open on this machine: try fewer workers",
};
/** Calls of the system that only read; `open` does either. */
const READING = new Set(["open", "read", "scandir", "opendir", "stat", "lstat", "fstat", "realpath", "readlink"]);
const WRITING = new Set(
  "open write mkdir mkdtemp rename unlink rm rmdir link symlink copyfile ftruncate fsync fdatasync chmod utime".split(
    " ",
  ),
);

/** The error for a file or folder that could not be written, with the system's own reason. */
export function writeFailed(path: string, cause: unknown): PleuraError {
  return failed("write-failed", "cannot write here", "write", path, cause);
}

/** The error for a file or folder that could not be read, with the system's own reason. */
export function readFailed(path: string, cause: unknown): PleuraError {
  return failed("read-failed", "cannot be read", "read", path, cause);
}

/**
 * The typed error for one of the system's own, as `fs` throws it.
 *
 * @param stage - that was running: what the system calls "open" is told by it
 * @returns `undefined` for any other error
 */
export function fromSystem(error: unknown, stage: Stage): PleuraError | undefined {
  const { code, syscall, path = "" } = error instanceof Error ? (error as NodeJS.ErrnoException) : {};
  if (code === undefined || syscall === undefined) return undefined;
  if (WRITING.has(syscall) && (stage === "write" || !READING.has(syscall))) return writeFailed(path, error);
  return READING.has(syscall) ? readFailed(path, error) : undefined;
}

/** Whether an error is one of the system's, by their names. */
export function hasCode(error: unknown, ...codes: string[]): boolean {
  return codes.includes(String((error as NodeJS.ErrnoException).code));
}

function failed(code: "write-failed" | "read-failed", what: string, stage: Stage, file: string, cause: unknown) {
  const { code: reason = "", message } =
    cause instanceof Error ? (cause as NodeJS.ErrnoException) : { message: `${cause}` };
  const hint = HINTS[reason];
  return new PleuraError(code, what, {
    stage,
    ...(file !== "" && { file }),
    // "EACCES: permission denied, open '…'": the rest is said already.
    measured: /^[A-Z0-9]+: [^,]+/.exec(message)?.[0] ?? (reason || message),
    cause,
    ...(hint !== undefined && { hint }),
  });
}
