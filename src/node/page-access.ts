import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { peerUser } from "./peer-user.ts";

/** Who may ask a served page's server for anything of the scan. */
export interface PageAccess {
  /** The secret that every such request has to bring. */
  readonly token: string;
  /** A code that is given for the token once, to a process of this user. */
  readonly code: string;
  /** Whether a request brings the token. */
  hasToken(request: IncomingMessage): boolean;
  /** Gives the token for the code; `undefined` for anything else, and the second time. */
  redeem(request: IncomingMessage): string | undefined;
}

/**
 * Makes a token and a code.
 *
 * The code exists because a browser is started with its address on the command line, which every user
 * of the computer can read. What can be read there is worthless to others: it works once, and where the
 * system tells whose a connection is, only for this user.
 */
export function makePageAccess(): PageAccess {
  const token = secret();
  const code = secret();
  let isRedeemed = false;
  return {
    token,
    code,
    hasToken: (request) => brings(request, token),
    redeem(request) {
      if (isRedeemed || !brings(request, code) || !isOwn(request)) return undefined;
      isRedeemed = true;
      return token;
    },
  };
}

function secret(): string {
  return randomBytes(24).toString("base64url");
}

/** Compared by their hashes, which are of one length, and in a time that tells nothing. */
function brings(request: IncomingMessage, expected: string): boolean {
  const given = /^Bearer ([\w-]+)$/.exec(request.headers.authorization ?? "")?.[1] ?? "";
  return timingSafeEqual(digest(given), digest(expected));
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

function isOwn({ socket }: IncomingMessage): boolean {
  const user = peerUser(socket.remotePort, socket.localPort);
  // Root can look everywhere anyway.
  return user === undefined || user === 0 || user === process.getuid?.();
}
