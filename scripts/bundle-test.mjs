/**
 * Installs the tarball of `npm pack` into an empty folder, bundles a program that imports the core,
 * `pleura/browser` and `pleura/worker` for a page with esbuild, webpack and Vite, each without any
 * setting of its own, and runs every bundle in Chromium under a content-security policy without
 * `unsafe-eval`. What the page computes must be what the installed package computes in Node.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import esbuild from "esbuild";
import { chromium } from "playwright-core";
import * as vite from "vite";
import webpack from "webpack";
import { encodedSeries } from "./lib/encoded-series.mjs";
import { installTarball } from "./lib/install-tarball.mjs";

/** The smallest program of all: it must not bring the decoders along. */
const CORE = `
import { makePhantom, segmentLungs } from "pleura";

const { lung1, lung2 } = segmentLungs(makePhantom({ size: 128, slices: 48, spacing: [7, 2.8, 2.8] }));
globalThis.run = () => [lung1.count(), lung2.count()];
`;

/** Every entry point for pages: a compressed series of each codec is read, and a session answers. */
const PAGE = `
import { makePhantom, prepare, segmentLungs } from "pleura";
import { readSeries } from "pleura/browser";
import { Connection, PROFILES, serveSession } from "pleura/worker";

const decode = (base64) => new Blob([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))]);

globalThis.run = async (series) => {
  const answer = {};
  for (const [name, files] of Object.entries(series)) {
    const { voxels } = await readSeries(files.map(decode));
    answer[name] = voxels.reduce((sum, value, i) => (31 * sum + value + i) | 0, 0);
  }
  const volume = makePhantom({ size: 128, slices: 48, spacing: [7, 2.8, 2.8] });
  const { clean } = prepare(volume, segmentLungs(volume));
  answer.clean = clean.voxels.reduce((sum, value) => sum + value, 0);
  const { port1, port2 } = new MessageChannel();
  serveSession(port1);
  const session = new Connection(port2, () => {});
  await session.call("phantom", { size: 128, slices: 48, spacing: [7, 2.8, 2.8] });
  answer.lungs = (await session.call("run", PROFILES.grt123)).lungs;
  port1.close();
  return answer;
};
`;

/** Runs a program of these as it is, without a bundler. */
const IN_NODE = `
import(process.argv[1])
  .then(() => globalThis.run(JSON.parse(require("fs").readFileSync("series.json", "utf8"))))
  .then((answer) => console.log(JSON.stringify(answer)));
`;

const PROGRAMS = { core: CORE, page: PAGE };
const CHROMIUM = [process.env.CHROMIUM, "/usr/bin/chromium"].find((path) => path !== undefined && existsSync(path));
const POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'";
const TYPES = { ".js": "text/javascript", ".html": "text/html" };

/** Each bundler as its own documentation begins: an entry, and a folder for what is made of it. */
const BUNDLERS = {
  async esbuild(entry, folder) {
    const outfile = join(folder, "main.js");
    const { warnings } = await esbuild.build({ entryPoints: [entry], bundle: true, outfile, logLevel: "silent" });
    assert.deepEqual(warnings, []);
    return "main.js";
  },
  async webpack(entry, folder) {
    const compiler = webpack({ mode: "production", context: join(entry, ".."), entry, output: { path: folder } });
    const stats = await new Promise((resolve, reject) => {
      compiler.run((error, made) => (error ? reject(error) : resolve(made)));
    });
    // What it says of sizes and of chunks is advice; the size of the core's bundle is checked below.
    const { errors, warnings } = stats.toJson({ all: false, errors: true, warnings: true });
    const said = [...errors, ...warnings].map(({ message }) => message);
    assert.deepEqual(
      said.filter((message) => !/size limit|reduce the size|performance recommendations/.test(message)),
      [],
    );
    return "main.js";
  },
  async vite(entry, folder) {
    const root = join(entry, "..");
    writeFileSync(join(root, "index.html"), `<script type="module" src="${entry.slice(root.length)}"></script>`);
    await vite.build({ root, configFile: false, logLevel: "error", build: { outDir: folder, emptyOutDir: true } });
    return /src="\/([^"]+)"/.exec(readFileSync(join(folder, "index.html"), "utf8"))[1];
  },
};

/** Serves the folder to this computer under the policy. */
async function serve(folder) {
  const server = createServer(({ url }, response) => {
    const { pathname } = new URL(url, "http://localhost");
    const file = join(folder, pathname);
    const isThere = existsSync(file) && statSync(file).isFile();
    const type = TYPES[extname(file)] ?? "application/octet-stream";
    const body = isThere ? readFileSync(file) : Buffer.alloc(0);
    response.writeHead(isThere ? 200 : 404, {
      "content-type": type,
      "content-length": body.length,
      "content-security-policy": POLICY,
    });
    response.end(body);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { server, origin: `http://127.0.0.1:${server.address().port}` };
}

/** Runs a bundle in a page: what it answers, and how many bytes of scripts it loads for that. */
async function runInPage(browser, address, series) {
  const page = await browser.newPage();
  let bytes = 0;
  page.on("response", (response) => {
    if (response.url().endsWith(".js")) bytes += Number(response.headers()["content-length"]);
  });
  const troubles = [];
  page.on("pageerror", (error) => troubles.push(error.message));
  page.on("console", (message) => message.type() === "error" && troubles.push(message.text()));
  try {
    await page.goto(address);
    await page
      .waitForFunction(() => "run" in globalThis, undefined, { timeout: 20_000 })
      .catch((error) => {
        throw new Error(troubles.join("\n") || error.message);
      });
    const answer = await page.evaluate((files) => globalThis.run(files), series);
    assert.deepEqual(troubles, []);
    return { answer, bytes };
  } finally {
    await page.close();
  }
}

if (CHROMIUM === undefined) console.log("The bundles are built and not run: there is no Chromium; CHROMIUM names one");
const folder = installTarball();
let browser;
try {
  const encoded = Object.entries(await encodedSeries());
  const series = Object.fromEntries(
    encoded.map(([name, files]) => [name, files.map((bytes) => Buffer.from(bytes).toString("base64"))]),
  );
  writeFileSync(join(folder, "series.json"), JSON.stringify(series));
  if (CHROMIUM !== undefined) {
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox", "--disable-gpu"] });
  }
  for (const [program, text] of Object.entries(PROGRAMS)) {
    const entry = join(folder, `${program}.js`);
    writeFileSync(entry, text);
    const expected = JSON.parse(
      execFileSync(process.execPath, ["-e", IN_NODE, entry], { cwd: folder, encoding: "utf8" }),
    );
    for (const [bundler, build] of Object.entries(BUNDLERS)) {
      const out = join(folder, `${program}-${bundler}`);
      mkdirSync(out);
      const script = await build(entry, out);
      if (browser === undefined) continue;
      const html = `<!doctype html><meta charset="utf-8"><script type="module" src="${script}"></script>`;
      writeFileSync(join(out, "start.html"), html);
      const { server, origin } = await serve(out);
      const { answer, bytes } = await runInPage(browser, `${origin}/start.html`, series).finally(() => server.close());
      assert.deepEqual(answer, expected);
      // The decoders weigh more than a megabyte.
      if (program === "core") assert.ok(bytes < 600_000, `${bundler}: the core alone loads ${bytes} bytes`);
      console.log(`${program} with ${bundler}: ${Math.round(bytes / 1000)} kB of scripts, the same answer as in Node`);
    }
  }
} finally {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
}
