import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ServedPage, servePage } from "../../src/node/serve-page.ts";

let root: string;
let served: ServedPage;
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), "pleura-serve-"));
  mkdirSync(join(root, "page/assets"), { recursive: true });
  mkdirSync(join(root, "scan one/sub"), { recursive: true });
  writeFileSync(join(root, "page/index.html"), "<p>page</p>");
  writeFileSync(join(root, "page/assets/a.js"), "1;");
  writeFileSync(join(root, "secret.txt"), "secret");
  writeFileSync(join(root, "scan one/sub/b.dcm"), "slice");
  served = await servePage({ page: join(root, "page"), scan: join(root, "scan one") });
});
afterAll(async () => {
  await served.close();
  rmSync(root, { recursive: true });
});

const secretOf = (address: string) => address.split("=").at(-1) as string;
const bearer = (secret = secretOf(served.url)) => ({ Authorization: `Bearer ${secret}` });

/** Asks without tidying the path, as fetch would. */
function ask(
  path: string,
  headers: Record<string, string> = {},
  method = "GET",
): Promise<{ status: number; type: string; text: string }> {
  const { port } = new URL(served.url);
  return new Promise((resolve, reject) => {
    const asking = request({ host: "127.0.0.1", port, path, headers, method }, (response) => {
      let text = "";
      response.on("data", (part) => {
        text += part;
      });
      response.on("end", () => {
        resolve({ status: response.statusCode ?? 0, type: String(response.headers["content-type"]), text });
      });
    });
    asking.on("error", reject).end();
  });
}

describe("servePage", () => {
  test("serves the page's files with their types, and the scan's in the order of the reader", async () => {
    expect(await ask("/")).toEqual({ status: 200, type: "text/html; charset=utf-8", text: "<p>page</p>" });
    expect(await ask("/assets/a.js")).toMatchObject({ status: 200, type: "text/javascript; charset=utf-8" });
    const index = JSON.parse((await ask("/scan/index.json", bearer())).text);
    expect(index).toMatchObject({ name: "scan_one", files: [{ name: "sub/b.dcm" }] });
    expect(await ask("/scan/0", bearer())).toMatchObject({ status: 200, text: "slice" });
    expect(served.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\?scan#token=[\w-]{32}$/);
  });

  test.each(["/scan/index.json", "/scan/0", "/scan/1", "/scan/none", "/alive"])(
    "tells nothing of %s to those who do not know the token",
    async (path) => {
      const token = secretOf(served.url);
      const wrong = [
        {},
        bearer(""),
        bearer("x"),
        bearer(token.slice(1)),
        bearer(`${token}x`),
        bearer(secretOf(served.urlOnce)),
      ];
      for (const headers of [...wrong, { Authorization: token }, { Authorization: `Basic ${token}` }]) {
        expect(await ask(path, headers)).toEqual({ status: 403, type: "undefined", text: "" });
      }
      expect(await ask(`${path}?token=${token}`)).toMatchObject({ status: 403 });
    },
  );

  test("gives the token for the code once, and for nothing else", async () => {
    const { urlOnce, url, close } = await servePage({ page: join(root, "page"), scan: join(root, "scan one") });
    const { origin } = new URL(url);
    const redeem = (code: string, method = "POST") => fetch(`${origin}/token`, { method, headers: bearer(code) });
    expect((await redeem(secretOf(url))).status).toBe(403);
    expect((await redeem("x")).status).toBe(403);
    expect((await redeem(secretOf(urlOnce), "GET")).status).toBe(405);
    expect(await (await redeem(secretOf(urlOnce))).json()).toEqual({ token: secretOf(url) });
    expect((await redeem(secretOf(urlOnce))).status).toBe(403);
    await close();
  });

  test.runIf(process.platform === "linux" && process.getuid?.() === 0)(
    "gives the token for the code to no other user, whichever protocol they come by",
    async () => {
      const { urlOnce, url, close } = await servePage({ page: join(root, "page") });
      const { origin, port } = new URL(url);
      const script = `
        const request = { method: "POST", headers: { Authorization: "Bearer ${secretOf(urlOnce)}" } };
        const http = await import("node:http");
        for (const host of ["127.0.0.1", "::ffff:127.0.0.1"]) {
          const status = await new Promise((resolve) => http.request({ ...request, host, port: ${port}, path: "/token",
            headers: { ...request.headers, Host: "127.0.0.1" } }, (response) => resolve(response.statusCode)).end());
          console.log(status);
        }`;
      const user = ["--reuid=65534", "--regid=65534", "--clear-groups", process.execPath];
      const { stdout } = await promisify(execFile)("setpriv", [...user, "--input-type=module", "-e", script]);
      expect(stdout).toBe("403\n403\n");
      // And it was not used up by that.
      const own = await fetch(`${origin}/token`, { method: "POST", headers: bearer(secretOf(urlOnce)) });
      expect(await own.json()).toEqual({ token: secretOf(url) });
      await close();
    },
  );

  test("knows when the last page has been closed, and waits for one that is loaded again", async () => {
    const { url, left, close } = await servePage({ page: join(root, "page"), grace: 300 });
    const { origin } = new URL(url);
    let hasEnded = false;
    void left.then(() => {
      hasEnded = true;
    });
    const openPage = async () => {
      const closing = new AbortController();
      expect((await fetch(`${origin}/alive`, { headers: bearer(secretOf(url)), signal: closing.signal })).ok).toBe(
        true,
      );
      return () => closing.abort();
    };
    const closeFirst = await openPage();
    const closeSecond = await openPage();
    closeFirst();
    await pause(500);
    closeSecond();
    const closeAgain = await openPage();
    await pause(500);
    expect(hasEnded).toBe(false);
    closeAgain();
    await left;
    await close();
  });

  test.each([
    "/../secret.txt",
    "/%2e%2e/secret.txt",
    "/assets/../../secret.txt",
    "/scan/1",
    "/scan/../secret.txt",
    "/none",
  ])("does not find %s", async (path) => {
    expect(await ask(path, bearer())).toMatchObject({ status: 404, text: "" });
  });

  test("answers only to requests that name this computer", async () => {
    expect(await ask("/", { Host: "elsewhere.example" })).toMatchObject({ status: 403 });
    expect(await ask("/", { Host: "localhost:1234" })).toMatchObject({ status: 200 });
  });

  test("says that the page has to be built, or that the port is taken", async () => {
    await expect(servePage({ page: join(root, "none") })).rejects.toMatchObject({ code: "not-found" });
    const port = Number(new URL(served.url).port);
    await expect(servePage({ page: join(root, "page"), port })).rejects.toMatchObject({ stage: "options" });
  });
});
