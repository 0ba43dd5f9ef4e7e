import { createReadStream, type PathLike, readdirSync } from "node:fs";
import { stat } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import { PleuraError } from "../errors.ts";
import { caseName } from "./cases/scan-file.ts";
import { type InputFile, listInputFiles } from "./input-files.ts";
import { countOpenPages, type OpenPages } from "./open-pages.ts";
import { makePageAccess, type PageAccess } from "./page-access.ts";

/** Options of {@link servePage}. */
export interface ServePageOptions {
  /** Folder of the built page. */
  readonly page: string;
  /** A scan to be opened by the page: a folder, a `.zip`, or an image file. */
  readonly scan?: string;
  /** Port; default: any that is free. */
  readonly port?: number;
  /** Milliseconds that the last page has to come back, as one does that is loaded again. Default 20,000. */
  readonly grace?: number;
}

/** A page that is being served. */
export interface ServedPage {
  /** Where a browser finds it, with the secret that lets it read the scan: whoever knows it can. */
  readonly url: string;
  /**
   * The same for a command line, where other users of the computer may see it: it works once, and on Linux
   * only for this user.
   */
  readonly urlOnce: string;
  /** Resolves when the last page that was open has been closed, and not come back within the grace. */
  readonly left: Promise<void>;
  /** Stops serving. */
  close(): Promise<void>;
}

const LOOPBACK = "127.0.0.1";
const DEFAULT_GRACE_MS = 20_000;
const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".wasm": "application/wasm",
  ".svg": "image/svg+xml",
  ".webmanifest": "application/manifest+json",
};
const BYTES = "application/octet-stream";
const HEADERS: Readonly<Record<string, string>> = {
  "Content-Security-Policy":
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' blob:; " +
    "connect-src 'self' blob:; worker-src 'self' blob:; manifest-src 'self'; base-uri 'none'; form-action 'none'; " +
    "frame-ancestors 'none'",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
};

/**
 * Serves the page, and a scan beside it, to this computer alone.
 *
 * Only files that were there at the start are served, by exact name, and only to requests that
 * name this computer as their host, so that no other site can reach them through a browser. What tells
 * anything of the scan, its name included, needs the token of the address, so that no other user of the
 * computer can reach it either; the page's own files do not, and are the same for everyone.
 *
 * ```
 * page: GET …            the page's files
 * scan: GET scan/index.json, scan/0 …    Authorization: Bearer <token>
 *       GET alive        the same; an answer that does not end, as long as the page is open
 *       POST token       Authorization: Bearer <code of urlOnce>; answers with the token
 * ```
 *
 * @throws PleuraError `not-found` when the page or the scan is not there, `write-failed` when the port is taken
 */
export async function servePage({
  page,
  scan,
  port = 0,
  grace = DEFAULT_GRACE_MS,
}: ServePageOptions): Promise<ServedPage> {
  const files = pageFiles(page);
  const scanFiles = scan === undefined ? [] : listInputFiles(resolve(scan));
  const name = scan === undefined ? "" : caseName(resolve(scan));
  const access = makePageAccess();
  const pages = countOpenPages(grace);
  const server = createServer((request, response) => {
    answer(request, response, { files, name, scan: scanFiles, access, pages }).catch(() => response.destroy());
  });
  await listen(server, port);
  const { port: actual } = server.address() as AddressInfo;
  const url = `http://${LOOPBACK}:${actual}/${scan === undefined ? "" : "?scan"}`;
  return {
    // Behind the #, where no request and no log of one repeats it.
    url: `${url}#token=${access.token}`,
    urlOnce: `${url}#once=${access.code}`,
    left: pages.left,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

function pageFiles(page: string): ReadonlyMap<string, string> {
  try {
    const entries = readdirSync(page, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const paths = entries.map((entry) => join(entry.parentPath, entry.name));
    return new Map(paths.map((path) => [path.slice(resolve(page).length).replaceAll("\\", "/"), path]));
  } catch (cause) {
    throw new PleuraError("not-found", "The page is not there", {
      stage: "options",
      file: page,
      hint: "Build it with npm run build",
      cause,
    });
  }
}

async function listen(server: Server, port: number): Promise<void> {
  await new Promise<void>((listening, reject) => {
    server.once("error", (cause) =>
      reject(new PleuraError("write-failed", `The port ${port} cannot be used`, { stage: "options", cause })),
    );
    server.listen(port, LOOPBACK, listening);
  });
}

/** What is served. */
interface Served {
  readonly files: ReadonlyMap<string, string>;
  /** Name of the scan. */
  readonly name: string;
  readonly scan: readonly InputFile[];
  readonly access: PageAccess;
  readonly pages: OpenPages;
}

async function answer(request: IncomingMessage, response: ServerResponse, served: Served): Promise<void> {
  const { pathname } = new URL(request.url ?? "/", "http://page");
  if (!/^(127\.0\.0\.1|localhost)(:\d+)?$/.test(request.headers.host ?? "")) return refuse(response, 403);
  if (pathname === "/token") return giveToken(request, response, served.access);
  if (request.method !== "GET" && request.method !== "HEAD") return refuse(response, 405);
  if (pathname === "/alive" || pathname.startsWith("/scan/")) {
    // Before anything is looked for, so that an answer does not tell what there is.
    if (!served.access.hasToken(request)) return refuse(response, 403);
    return answerToPage(request, response, pathname, served);
  }
  const path = served.files.get(pathname === "/" ? "/index.html" : pathname);
  if (path === undefined) return refuse(response, 404);
  await sendFile(request, response, path, {
    "Content-Type": TYPES[extname(path)] ?? BYTES,
    "Cache-Control": "no-cache",
  });
}

/** Answers a request that has brought the token. */
async function answerToPage(
  request: IncomingMessage,
  response: ServerResponse,
  pathname: string,
  { name, scan, pages }: Served,
): Promise<void> {
  if (pathname === "/alive") {
    pages.hold(response);
    response.writeHead(200, { ...HEADERS, "Content-Type": "text/plain", "Cache-Control": "no-store" }).flushHeaders();
    return;
  }
  if (pathname === "/scan/index.json" && scan.length > 0) {
    const list = scan.map((file) => ({ name: file.name, modified: file.modified }));
    return sendJson(response, { name, files: list });
  }
  const file = scan[Number(/^\/scan\/(\d+)$/.exec(pathname)?.[1] ?? Number.NaN)];
  if (file === undefined) return refuse(response, 404);
  const headers = { "Content-Type": BYTES, "Cache-Control": "no-store" };
  // What cannot be read is an empty file to the page, which then says that it is missing.
  if (file.problem === undefined) await sendFile(request, response, file.path, headers);
  else response.writeHead(200, { ...HEADERS, ...headers, "Content-Length": 0 }).end();
}

function giveToken(request: IncomingMessage, response: ServerResponse, access: PageAccess): void {
  const token = request.method === "POST" ? access.redeem(request) : undefined;
  if (token === undefined) refuse(response, request.method === "POST" ? 403 : 405);
  else sendJson(response, { token });
}

function sendJson(response: ServerResponse, value: object): void {
  response.writeHead(200, { ...HEADERS, "Content-Type": TYPES[".json"], "Cache-Control": "no-store" });
  response.end(JSON.stringify(value));
}

async function sendFile(
  request: IncomingMessage,
  response: ServerResponse,
  path: PathLike,
  headers: Readonly<Record<string, string>>,
): Promise<void> {
  const { size } = await stat(path);
  response.writeHead(200, { ...HEADERS, ...headers, "Content-Length": size });
  if (request.method === "HEAD") response.end();
  else await pipeline(createReadStream(path), response);
}

function refuse(response: ServerResponse, status: number): void {
  response.writeHead(status, HEADERS).end();
}
