import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { get } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
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

/** Asks without tidying the path, as fetch would. */
function ask(
  path: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; type: string; text: string }> {
  const { port } = new URL(served.url);
  return new Promise((resolve, reject) => {
    get({ host: "127.0.0.1", port, path, headers }, (response) => {
      let text = "";
      response.on("data", (part) => {
        text += part;
      });
      response.on("end", () => {
        resolve({ status: response.statusCode ?? 0, type: String(response.headers["content-type"]), text });
      });
    }).on("error", reject);
  });
}

describe("servePage", () => {
  test("serves the page's files with their types, and the scan's in the order of the reader", async () => {
    expect(await ask("/")).toEqual({ status: 200, type: "text/html; charset=utf-8", text: "<p>page</p>" });
    expect(await ask("/assets/a.js")).toMatchObject({ status: 200, type: "text/javascript; charset=utf-8" });
    const index = JSON.parse((await ask("/scan/index.json")).text);
    expect(index).toMatchObject({ name: "scan_one", files: [{ name: "sub/b.dcm" }] });
    expect(await ask("/scan/0")).toMatchObject({ status: 200, text: "slice" });
    expect(served.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\?scan$/);
  });

  test.each([
    "/../secret.txt",
    "/%2e%2e/secret.txt",
    "/assets/../../secret.txt",
    "/scan/1",
    "/scan/../secret.txt",
    "/none",
  ])("does not find %s", async (path) => {
    expect(await ask(path)).toMatchObject({ status: 404, text: "" });
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
