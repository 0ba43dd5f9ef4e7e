import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import { chromium } from "playwright-core";

const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml" };
const CHROMIUM = [process.env.CHROMIUM, "/usr/bin/chromium"].find((path) => path !== undefined && existsSync(path));
const BASE = "/x/y/";

/** Visits the site below /x/y/ in Chromium: pages, search, reference and the page that computes. */
export async function visit(folder) {
  if (CHROMIUM === undefined) return console.log("Not visited: there is no Chromium; CHROMIUM names one");
  const server = createServer(({ url }, response) => {
    const { pathname } = new URL(url, "http://x");
    const path = join(folder, pathname.slice(BASE.length).replace(/(^|\/)$/, "$1index.html"));
    const there = pathname.startsWith(BASE) && existsSync(path) && statSync(path).isFile();
    const type = { ...TYPES, ".wasm": "application/wasm", ".png": "image/png" }[extname(path)];
    response.writeHead(there ? 200 : 404, { "Content-Type": type ?? "application/octet-stream" });
    response.end(there ? readFileSync(path) : "");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const origin = `http://127.0.0.1:${server.address().port}`;
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
  try {
    const context = await browser.newContext();
    const troubles = [];
    context.on("request", (request) => {
      const url = request.url();
      if (!/^(blob|data):/.test(url) && !url.startsWith(`${origin}${BASE}`)) troubles.push(`request to ${url}`);
    });
    context.on("response", (response) => {
      if (response.status() >= 400) troubles.push(`${response.status()} for ${response.url()}`);
    });
    context.on("console", (message) => {
      if (message.type() === "error") troubles.push(`${message.text()} ${message.location().url}`);
    });
    context.on("weberror", (error) => troubles.push(String(error.error())));
    const page = await context.newPage();
    await page.goto(origin + BASE);
    await page.getByRole("navigation").getByRole("link", { name: "Error and finding codes" }).click();
    await page.getByRole("heading", { level: 1, name: "Error and finding codes" }).waitFor();
    await page.getByRole("searchbox").fill("missing slices");
    await page.getByRole("status").getByRole("link").first().click();
    await page.waitForLoadState();
    await page.getByRole("link", { name: "Reference", exact: true }).click();
    await page.getByRole("link", { name: "node", exact: true }).first().waitFor();
    await page.goto(`${origin}${BASE}index.html`);
    await page.getByRole("link", { name: /^Try it/ }).click();
    await page.getByRole("button", { name: "Try it with a made-up scan" }).click();
    await page.locator("canvas").first().waitFor({ timeout: 60_000 });
    assert.deepEqual(troubles, []);
    console.log("Visited below /x/y/ in Chromium: no error, no request elsewhere");
  } finally {
    await browser.close();
    server.close();
  }
}
