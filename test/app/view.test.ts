import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { writePhantom } from "../../src/node/write-phantom.ts";
import { makePhantom } from "../../src/phantom/phantom.ts";
import { built } from "../helpers/builds.ts";
import { type BuiltCli, buildCli } from "../helpers/built-cli.ts";
import { startChromium } from "../helpers/chromium.ts";
import { HURRIED, hurryTimers } from "../helpers/misbehave.ts";
import { hasChromium, ready, save } from "../helpers/page.ts";

const isLinux = process.platform === "linux";

/** Lets the time pass that a page has to come back, once the server has seen it go. */
async function passGrace(child: ChildProcess): Promise<void> {
  let said = "";
  child.stderr?.on("data", (data) => (said += String(data)));
  await vi.waitUntil(() => said.includes(HURRIED) || !child.kill("SIGUSR2"), { timeout: 20_000, interval: 50 });
}

describe.skipIf(!hasChromium || !isLinux)("pleura view, built, with Chromium", { timeout: 60_000 }, () => {
  let pleura: BuiltCli;
  let root: string;
  let child: ChildProcess;
  let url: string;
  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), "pleura-view-"));
    pleura = await buildCli();
    await built("page");
    await writePhantom(makePhantom({ size: 128, slices: 50 }), join(root, "chest"));
    await pleura.run("prep", join(root, "chest"), "--out", join(root, "out"));
    // In place of the program that opens the user's browser: it writes down what it was asked for.
    mkdirSync(join(root, "bin"));
    writeFileSync(join(root, "bin/xdg-open"), `#!/bin/sh\necho "$1" > '${join(root, "asked")}'\n`);
    chmodSync(join(root, "bin/xdg-open"), 0o755);
    const path = process.env["PATH"];
    process.env["PATH"] = `${join(root, "bin")}${delimiter}${path}`;
    hurryTimers();
    child = pleura.start("view", join(root, "chest"));
    vi.unstubAllEnvs();
    process.env["PATH"] = path;
    const [line] = await once(child.stdout!, "data");
    url = String(line).trim();
  }, 120_000);
  afterAll(() => {
    child?.kill("SIGKILL");
    rmSync(root, { recursive: true, force: true });
  });

  test("opens the page's address on this computer alone in the user's browser, without its secret", async () => {
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\?scan#token=[\w-]{32}$/);
    for (let k = 0; k < 100 && !existsSync(join(root, "asked")); k++) await new Promise((next) => setTimeout(next, 50));
    const asked = readFileSync(join(root, "asked"), "utf8").trim();
    expect(asked).toMatch(new RegExp(`^${url.split("#")[0]?.replace("?", "\\?")}#once=[\\w-]{32}$`));
    expect(asked).not.toContain(url.split("=")[1]);
  });

  test("whoever knows only the port learns nothing of the scan", async () => {
    for (const path of ["scan/index.json", "scan/0", "alive"]) {
      expect((await fetch(new URL(path, url))).status).toBe(403);
    }
  });

  test("the scan is loaded, its lungs are shown, and the files are those of pleura prep", async () => {
    const browser = await startChromium();
    const page = await browser.newPage();
    const requests: string[] = [];
    page.on("request", (request) => requests.push(request.url()));
    // What the user's browser is asked to open; then the same again, as when the page is loaded again.
    await page.goto(readFileSync(join(root, "asked"), "utf8").trim());
    await ready(page);
    await page.reload();
    await ready(page);
    expect(page.url()).toBe(url);
    expect(await page.textContent("header .title")).toBe("chest");
    expect(await page.textContent(".numbers")).toMatch(/Right[\d\u2009]+Left[\d\u2009]+/);
    const { name, bytes } = await save(page, "clean");
    expect(bytes.equals(readFileSync(join(root, "out", name)))).toBe(true);
    const manifest = JSON.parse((await save(page, "manifest")).bytes.toString());
    const { milliseconds, ...expected } = JSON.parse(readFileSync(join(root, "out/chest.json"), "utf8"));
    expect(manifest).toMatchObject(expected);
    const { origin } = new URL(url);
    expect(requests.filter((asked) => !asked.startsWith("blob:") && new URL(asked).origin !== origin)).toEqual([]);
    await browser.close();
  });

  test("ends when the page is closed, and the address with it", async () => {
    // The browser of the test before has been closed.
    const ended = once(child, "exit");
    await passGrace(child);
    expect(await ended).toEqual([0, null]);
    await expect(fetch(url)).rejects.toThrow();
  });

  test("with --keep it goes on; Ctrl-C ends it", async () => {
    hurryTimers();
    const kept = pleura.start("view", "--no-open", "--keep");
    vi.unstubAllEnvs();
    const [line] = await once(kept.stdout!, "data");
    const address = String(line).trim();
    const closing = new AbortController();
    const headers = { Authorization: `Bearer ${address.split("=")[1]}` };
    expect((await fetch(new URL("alive", address), { headers, signal: closing.signal })).ok).toBe(true);
    closing.abort();
    await passGrace(kept);
    expect((await fetch(address)).ok).toBe(true);
    const ended = once(kept, "exit");
    kept.kill("SIGINT");
    expect(await ended).toEqual([0, null]);
    await expect(fetch(address)).rejects.toThrow();
  });
});
