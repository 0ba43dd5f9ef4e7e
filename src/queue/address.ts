import { PleuraError } from "../errors.ts";

/** Where a Redis is and how to get in, as the client wants it. */
export interface RedisAddress {
  readonly host: string;
  readonly port: number;
  /** Number of the database. */
  readonly db: number;
  readonly username?: string;
  readonly password?: string;
  /** Present when the connection is encrypted. */
  readonly tls?: { readonly servername?: string };
}

const FORM = "redis://[[user]:password@]host[:port][/database], or rediss:// for TLS";

/**
 * Reads the address of a Redis.
 *
 * @param url - `redis://` or `rediss://`; user and password percent-encoded
 * @throws PleuraError `invalid-option`; it does not repeat the address, which may hold a password
 */
export function parseRedisUrl(url: string): RedisAddress {
  const parsed = tryParse(url);
  const db = /^\/?(\d*)$/.exec(parsed?.pathname ?? "-")?.[1];
  const isKnown = parsed?.protocol === "redis:" || parsed?.protocol === "rediss:";
  if (parsed === undefined || !isKnown || parsed.hostname === "" || db === undefined) throw badAddress();
  // Brackets are the address's way of writing IPv6, not part of it.
  const host = parsed.hostname.replace(/^\[(.*)\]$/, "$1");
  const [username, password] = [decode(parsed.username), decode(parsed.password)];
  return {
    host,
    port: Number(parsed.port || 6379),
    db: Number(db || 0),
    ...(username !== "" && { username }),
    ...(password !== "" && { password }),
    // Without a name of its own the certificate would be asked for no name at all.
    ...(parsed.protocol === "rediss:" && { tls: /^[\d.]+$|:/.test(host) ? {} : { servername: host } }),
  };
}

/** The address for people: without user and password. */
export function addressLabel({ host, port, db, tls }: RedisAddress): string {
  const name = host.includes(":") ? `[${host}]` : host;
  return `${tls === undefined ? "redis" : "rediss"}://${name}:${port}/${db}`;
}

function tryParse(url: string): URL | undefined {
  try {
    return new URL(url);
  } catch {
    return undefined;
  }
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw badAddress();
  }
}

function badAddress(): PleuraError {
  return new PleuraError("invalid-option", `Expected ${FORM} as the address of Redis`, {
    stage: "options",
    hint: "Percent-encode what is special in a password: @ is %40, / is %2F",
  });
}
