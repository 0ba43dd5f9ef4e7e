import { createReadStream, readdirSync } from "node:fs";
import { stat } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import { PleuraError } from "../errors.ts";
import { caseName } from "./cases/scan-file.ts";
import { type InputFile, listInputFiles } from "./input-files.ts";

/** Options of {@link servePage}. */
export interface ServePageOptions {
  /** Folder of the built page. */
  readonly page: string;
  /** A scan to be opened by the page: a folder, a `.zip`, or an image file. */
  readonly scan?: string;
  /** Port; default: any that is free. */
  readonly port?: number;
}

/** A page that is being served. */
export interface ServedPage {
  /** Where a browser finds it. */
  readonly url: string;
  /** Stops serving. */
  close(): Promise<void>;
}

const LOOPBACK = "127.0.0.1";
const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".wasm": "application/wasm",
  ".svg": "image/svg+xml",
  ".webmanifest": "application/manifest+json",
};
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
 * name this computer as their host, so that no other site can reach them through a browser.
 *
 * @throws PleuraError `not-found` when the page or the scan is not there, `write-failed` when the port is taken
 */
export async function servePage({ page, scan, port = 0 }: ServePageOptions): Promise<ServedPage> {
  const files = pageFiles(page);
  const scanFiles = scan === undefined ? [] : listInputFiles(resolve(scan));
  const name = scan === undefined ? "" : caseName(resolve(scan));
  const server = createServer((request, response) => {
    answer(request, response, files, name, scanFiles).catch(() => response.destroy());
  });
  await listen(server, port);
  const { port: actual } = server.address() as AddressInfo;
  return {
    url: `http://${LOOPBACK}:${actual}/${scan === undefined ? "" : "?scan"}`,
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

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  files: ReadonlyMap<string, string>,
  name: string,
  scan: readonly InputFile[],
): Promise<void> {
  const { pathname } = new URL(request.url ?? "/", "http://page");
  if (!/^(127\.0\.0\.1|localhost)(:\d+)?$/.test(request.headers.host ?? "")) return refuse(response, 403);
  if (request.method !== "GET" && request.method !== "HEAD") return refuse(response, 405);
  if (pathname === "/scan/index.json" && scan.length > 0) {
    const list = scan.map((file) => ({ name: file.name, modified: file.modified }));
    response.writeHead(200, { ...HEADERS, "Content-Type": TYPES[".json"], "Cache-Control": "no-store" });
    response.end(JSON.stringify({ name, files: list }));
    return;
  }
  const number = /^\/scan\/(\d+)$/.exec(pathname)?.[1];
  const scanFile = number === undefined ? undefined : scan[Number(number)];
  const path = number === undefined ? files.get(pathname === "/" ? "/index.html" : pathname) : scanFile?.path;
  if (path === undefined) return refuse(response, 404);
  // What cannot be read is an empty file to the page, which then says that it is missing.
  const isReadable = scanFile?.problem === undefined;
  const size = isReadable ? (await stat(path)).size : 0;
  const type = TYPES[extname(String(path))];
  response.writeHead(200, {
    ...HEADERS,
    "Content-Type": number !== undefined || type === undefined ? "application/octet-stream" : type,
    "Content-Length": size,
    "Cache-Control": number === undefined ? "no-cache" : "no-store",
  });
  if (request.method === "HEAD" || !isReadable) response.end();
  else await pipeline(createReadStream(path), response);
}

function refuse(response: ServerResponse, status: number): void {
  response.writeHead(status, HEADERS).end();
}
