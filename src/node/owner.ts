import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { hostname, platform } from "node:os";

/** A process on some machine, told apart from later ones that get the same number. */
export interface Owner {
  /** Name of the machine: letters, digits, `_`, `.` and `-`. */
  readonly host: string;
  /** Number of the process. */
  readonly pid: number;
  /** When it began, in clock ticks since the machine did; empty where the system does not tell. */
  readonly started: string;
}

/** This process. */
export const SELF: Owner = {
  host: hostname().replace(/[^\w.-]/g, "_"),
  pid: process.pid,
  started: statusOf(process.pid)?.started ?? "",
};

/**
 * Reads an owner from the text of a lock.
 *
 * @returns `undefined` when the text is anything else
 */
export function readOwner(text: string): Owner | undefined {
  try {
    const { host, pid, started } = JSON.parse(text) as Partial<Owner>;
    const isOwner = typeof host === "string" && Number.isSafeInteger(pid) && typeof started === "string";
    return isOwner ? { host, pid: pid as number, started } : undefined;
  } catch {
    return undefined;
  }
}

/** The owner as part of a file name; {@link parseOwner} reads it back. */
export function ownerLabel({ host, pid, started }: Owner): string {
  return `${host}~${pid}~${started}`;
}

/**
 * A name for a temporary file or folder of this process, unlike any other. `sweep` sees by it whose
 * it is. It does not hold the name of the file that it becomes, which may be as long as names may be.
 */
export function temporaryName(): string {
  return `.pleura-${ownerLabel(SELF)}~${randomBytes(6).toString("hex")}`;
}

/** Finds an owner's label in a file name, behind the first `-` or `.lock.`. */
export function parseOwner(name: string): Owner | undefined {
  const [, host, pid, started] = /^(?:\.pleura-|.*\.lock\.)([\w.-]+)~(\d+)~(\d*)~/.exec(name) ?? [];
  return host === undefined || started === undefined ? undefined : { host, pid: Number(pid), started };
}

/**
 * Whether a process still runs. A zombie does not.
 *
 * @returns `unknown` for processes of other machines, and where a number may have been used again
 */
export function fateOf({ host, pid, started }: Owner): "alive" | "gone" | "unknown" {
  if (host !== SELF.host) return "unknown";
  if (platform() === "linux") {
    const status = statusOf(pid);
    return status !== undefined && !"ZX".includes(status.state) && status.started === started ? "alive" : "gone";
  }
  try {
    process.kill(pid, 0);
    return pid === SELF.pid ? "alive" : "unknown";
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH" ? "gone" : "unknown";
  }
}

/** State and start of a process, on Linux: fields 3 and 22 of proc(5)'s `stat`. */
function statusOf(pid: number): { readonly state: string; readonly started: string } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "latin1");
    // The second field, the program's name, may hold blanks and brackets.
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    return { state: fields[0] ?? "", started: fields[19] ?? "" };
  } catch {
    return undefined;
  }
}
