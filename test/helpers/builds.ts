/**
 * What tests need built, built once for all test files, and only when one asks for it.
 *
 * Test files run in processes of their own, so the process that starts them builds and answers over
 * loopback: `GET /cli` and `GET /page` answer with the folder once it is there.
 */
import { execFile } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { inject } from "vitest";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    readonly builds: number;
  }
}

const ROOT = join(import.meta.dirname, "../..");
const node = async (...args: string[]) => {
  // Vite builds for development where this is "test", as Vitest sets it.
  const env = { ...process.env, NODE_ENV: "production" };
  await promisify(execFile)(process.execPath, args, { cwd: ROOT, env });
};

/** Answers requests for builds until the run ends; Vitest calls it before the first test file. */
export default async function setup({ provide }: TestProject): Promise<() => void> {
  // Inside the repository, from where the dependencies are found, and not `dist`, which belongs to the user.
  const folder = join(ROOT, `node_modules/.cache/pleura-test/${process.pid}`);
  const cli = once(async () => {
    mkdirSync(folder, { recursive: true });
    await node("node_modules/tsdown/dist/run.mjs", "--no-dts", "--out-dir", folder);
    return folder;
  });
  // The command looks for the page beside itself.
  const page = once(async () => {
    const out = join(await cli(), "app");
    await node("node_modules/vite/bin/vite.js", "build", "--logLevel", "error", "--emptyOutDir", "--outDir", out);
    return out;
  });
  const server = createServer((request, response) => {
    (request.url === "/page" ? page() : cli()).then(
      (built) => response.end(built),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  provide("builds", (server.address() as AddressInfo).port);
  return () => {
    server.close();
    rmSync(folder, { recursive: true, force: true });
  };
}

/** Folder of the built command line, or of the built page; no test may change what is in it. */
export async function built(what: "cli" | "page"): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${inject("builds")}/${what}`);
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  return text;
}

function once(build: () => Promise<string>): () => Promise<string> {
  let result: Promise<string> | undefined;
  return () => {
    result ??= build();
    return result;
  };
}
