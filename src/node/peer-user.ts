import { readFileSync } from "node:fs";

/** proc(5): IPv4, and IPv6, with which a program may also reach 127.0.0.1. */
const TABLES = ["/proc/net/tcp", "/proc/net/tcp6"];

/**
 * The user who holds the other end of a connection within this computer, on Linux.
 *
 * @param theirs - port at the other end
 * @param ours - port at this end
 * @returns number of the user; `undefined` where the system does not tell
 */
export function peerUser(theirs: number | undefined, ours: number | undefined): number | undefined {
  if (theirs === undefined || ours === undefined) return undefined;
  const ends = [theirs, ours].map((port) => `:${port.toString(16).toUpperCase().padStart(4, "0")}`);
  for (const table of TABLES) {
    for (const line of readLines(table)) {
      // sl, local address, remote address, state, queues, timer, retransmissions, user
      const [, local = "", remote = "", , , , , user] = line.trim().split(/\s+/);
      if (local.endsWith(ends[0]!) && remote.endsWith(ends[1]!) && user !== undefined) return Number(user);
    }
  }
  return undefined;
}

function readLines(path: string): string[] {
  try {
    return readFileSync(path, "latin1").split("\n");
  } catch {
    return [];
  }
}
