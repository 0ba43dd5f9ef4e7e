import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type axe from "axe-core";
import { decode } from "fast-png";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type BuiltCli, buildCli, type Outcome } from "../helpers/built-cli.ts";
import { CHROMIUM, startChromium } from "../helpers/chromium.ts";

const SMALL = ["--size", "96", "--slices", "24", "--spacing", "8,3.4,3.4"];
const GOOD = ["case-2", "case-10", "case-3", "<b>&"];
/** What a folder called `<b>&` is called in the run. */
const SAFE = "_b_";

let pleura: BuiltCli;
let root: string;
let out: string;
let first: Outcome;
let page: string;

beforeAll(async () => {
  pleura = await buildCli();
  root = await mkdtemp(join(tmpdir(), "pleura-html-"));
  out = join(root, "out");
  for (const [i, name] of GOOD.entries()) {
    await pleura.run("phantom", join(root, "scans", name), ...SMALL, "--seed", String(i + 1));
  }
  await pleura.run("phantom", join(root, "scans/abdomen"), ...SMALL, "--no-lungs");
  first = await pleura.run("prep", join(root, "scans"), "--out", out, "--html", "--workers", "2");
  page = await readFile(join(out, "report.html"), "utf8");
}, 60_000);
afterAll(async () => {
  await rm(root, { recursive: true, force: true });
});

/** The part of the page about one case. */
function section(name: string): string {
  const found = page.split('<section class="case"').find((part) => part.includes(`-name">${name} <`));
  if (found === undefined) throw new Error(`no section about ${name}`);
  return found;
}

describe("the report of a run", () => {
  test("has every case; the one without lungs says why", () => {
    expect(first.status).toBe(1);
    expect(page.match(/<tr data-case=/g)).toHaveLength(5);
    for (const name of ["case-2", "case-10", "case-3", SAFE]) expect(section(name)).toContain('class="status done"');
    const failed = section("abdomen");
    expect(failed).toContain('class="status failed"');
    expect(failed).toMatch(/No body of air in the scan can be lungs/);
    expect(failed).toMatch(/<dt>Limit<\/dt><dd>0.68 L to 7.5 L<\/dd>/);
    expect(failed).not.toContain("<img");
  });

  test("shows six slices and three turned surfaces of each lung, whole PNG files", () => {
    const images = [
      ...section("case-2").matchAll(
        /<figure class="(\w+)"><img src="data:image\/png;base64,([^"]+)" width="(\d+)" height="(\d+)" alt="([^"]+)"/g,
      ),
    ];
    expect(images.map(([, kind]) => kind)).toEqual([...Array(6).fill("slice"), ...Array(3).fill("surface")]);
    expect(new Set(images.map(([, , data]) => data)).size).toBe(9);
    for (const [, , data, width, height] of images) {
      const png = decode(Buffer.from(data!, "base64"));
      expect([png.width, png.height]).toEqual([Number(width), Number(height)]);
    }
  });

  test("holds stages with their times, volumes, and a histogram of the lungs' values", async () => {
    const text = section("case-3");
    const manifest = JSON.parse(await readFile(join(out, "case-3.json"), "utf8"));
    for (const [stage, ms] of Object.entries(manifest.milliseconds as Record<string, number>)) {
      expect(text).toContain(`<th scope="row">${stage}</th><td class="number">${ms.toFixed(1)}</td>`);
    }
    expect(manifest.milliseconds.preview).toBeGreaterThan(0);
    expect(text).toContain(`${Math.round(manifest.lungs.rightMl)} mL`);
    const shares = [...text.matchAll(/HU: ([\d.]+) %<\/title>/g)].map(([, share]) => Number(share));
    expect(shares).toHaveLength(50);
    expect(Math.abs(shares.reduce((sum, share) => sum + share, 0) - 100)).toBeLessThan(2.5);
  });

  test("weighs little, names no other place, and lets nothing in but its own script and style", async () => {
    const { size } = await stat(join(out, "report.html"));
    expect(size / 5).toBeLessThan(400_000);
    const text = page.replace(/base64,[^"]*/g, "");
    expect(text).not.toMatch(/https?:|\/\/\w|url\(|@import|<link|<iframe|srcset/);
    const [, policy = ""] = /Content-Security-Policy" content="([^"]+)"/.exec(page) ?? [];
    expect(policy).toContain("default-src &#39;none&#39;");
    expect(policy).not.toContain("unsafe");
    for (const tag of ["style", "script"]) {
      const [, body = ""] = new RegExp(`<${tag}>([^]*?)</${tag}>`).exec(page) ?? [];
      expect(policy).toContain(createHash("sha256").update(body).digest("base64"));
    }
    expect(text).not.toContain(' style="');
    expect(text).not.toMatch(/ on\w+="/);
  });

  test("names neither the patient nor where the scans lie", () => {
    expect(page).not.toMatch(/phantom\^|PatientName|PatientID/i);
    expect(page).not.toContain(root);
  });

  test("of a run that was done before shows the same pictures, without computing them again", async () => {
    const before = (await stat(join(out, "case-2_preview.json"))).mtimeMs;
    const elsewhere = join(root, "reports/again.html");
    const { stdout } = await pleura.run("prep", join(root, "scans"), "--out", out, "--html", elsewhere);
    expect(stdout.match(/ {2}skipped {2}/g)).toHaveLength(4);
    expect((await stat(join(out, "case-2_preview.json"))).mtimeMs).toBe(before);
    const again = await readFile(elsewhere, "utf8");
    expect(again.match(/<img/g)).toHaveLength(36);
    expect(again.match(/base64,[^"]+/g)).toEqual(page.match(/base64,[^"]+/g));
    expect((await readdir(join(root, "reports"))).sort()).toEqual(["again.html"]);
  });

  test("a case that was done without pictures is done again for them", async () => {
    const plain = join(root, "plain");
    await pleura.run("prep", join(root, "scans/case-2"), "--out", plain);
    expect(await readdir(plain)).not.toContain("case-2_preview.json");
    const { stdout } = await pleura.run("prep", join(root, "scans/case-2"), "--out", plain, "--html");
    expect(stdout).toMatch(/case-2 {2}done/);
    expect(await readdir(plain)).toContain("report.html");
    expect((await pleura.run("prep", join(root, "scans/case-2"), "--out", plain)).stdout).toMatch(/case-2 {2}skipped/);
  });
});

describe.skipIf(CHROMIUM === undefined)("the report in Chromium, from the disk, without a network", () => {
  let browser: Browser;
  let tab: Page;
  const requests: string[] = [];
  const errors: string[] = [];

  beforeAll(async () => {
    browser = await startChromium();
    const context = await browser.newContext({ offline: true, viewport: { width: 1440, height: 900 } });
    tab = await context.newPage();
    tab.on("request", (request) => requests.push(request.url()));
    tab.on("console", (message) => errors.push(message.text()));
    tab.on("pageerror", (error) => errors.push(error.message));
    await tab.goto(pathToFileURL(join(out, "report.html")).href);
  });
  afterAll(() => browser.close());

  const names = () => tab.locator(".index tbody tr:visible th").allTextContents();
  const sectionNames = async () =>
    (await tab.locator(".case:visible h2").allTextContents()).map((text) => text.split(" ")[0]);

  test("sorts by name as people count, and by volume, failures last", async () => {
    await tab.getByRole("button", { name: "Case" }).click();
    expect(await names()).toEqual(["_b_", "abdomen", "case-2", "case-3", "case-10"]);
    expect(await sectionNames()).toEqual(await names());
    await tab.getByRole("button", { name: "Both mL" }).click();
    const heading = tab.getByRole("columnheader", { name: "Both mL" });
    expect(await heading.getAttribute("aria-sort")).toBe("ascending");
    const ascending = await names();
    expect(ascending.at(-1)).toBe("abdomen");
    await tab.getByRole("button", { name: "Both mL" }).click();
    expect(await heading.getAttribute("aria-sort")).toBe("descending");
    const descending = await names();
    expect(descending.at(-1)).toBe("abdomen");
    expect(descending.slice(0, 4)).toEqual(ascending.slice(0, 4).reverse());
    expect(await tab.locator("[aria-sort]").count()).toBe(1);
  });

  test("filters by kind and by text, rows and sections together", async () => {
    await tab.getByRole("radio", { name: "Failed" }).check();
    expect(await names()).toEqual(["abdomen"]);
    expect(await sectionNames()).toEqual(["abdomen"]);
    await tab.getByRole("radio", { name: "Finished" }).check();
    expect(await names()).toHaveLength(4);
    await tab.getByRole("searchbox").fill("CASE-1");
    expect(await names()).toEqual(["case-10"]);
    expect(await tab.locator("output").textContent()).toBe("1 of 5 shown");
    await tab.getByRole("searchbox").fill("");
    await tab.getByRole("radio", { name: "All" }).check();
    expect(await names()).toHaveLength(5);
  });

  test("decodes every picture, and each surface shows both lungs", async () => {
    const seen = await tab.evaluate(async () => {
      const images = [...document.querySelectorAll<HTMLImageElement>(".case img")];
      const canvas = document.createElement("canvas");
      const context = canvas.getContext("2d", { willReadFrequently: true })!;
      return Promise.all(
        images.map(async (image) => {
          image.loading = "eager";
          await image.decode();
          [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
          context.drawImage(image, 0, 0);
          const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
          let [right, left] = [0, 0];
          for (let i = 0; i < data.length; i += 4) {
            if (data[i + 1]! > data[i]! + 40) right++;
            if (data[i]! > data[i + 2]! + 40) left++;
          }
          return { title: image.parentElement!.textContent, right, left };
        }),
      );
    });
    expect(seen).toHaveLength(36);
    for (const { right, left } of seen.filter(({ title }) => /front|behind/.test(title!))) {
      expect(Math.min(right, left)).toBeGreaterThan(5000);
    }
  });

  test("has no fault that axe-core knows, dark or light", async () => {
    await tab.evaluate(await readFile(fileURLToPath(import.meta.resolve("axe-core/axe.min.js")), "utf8"));
    for (const colorScheme of ["dark", "light"] as const) {
      await tab.emulateMedia({ colorScheme });
      const faults = await tab.evaluate(async () => {
        const { violations } = await (globalThis as unknown as { axe: typeof axe }).axe.run();
        return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
      });
      expect(faults).toEqual([]);
    }
  });

  test("fits a phone, and can be used by the keyboard alone", async () => {
    await tab.setViewportSize({ width: 390, height: 800 });
    expect(await tab.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    await tab.setViewportSize({ width: 1440, height: 900 });
    await tab.getByRole("button", { name: "Case" }).focus();
    await tab.keyboard.press("Enter");
    expect((await names())[0]).toBe("_b_");
  });

  test("asks for nothing but itself and breaks no rule of its policy", () => {
    expect(requests.filter((url) => !url.startsWith("data:") && !url.endsWith("/out/report.html"))).toEqual([]);
    expect(errors).toEqual([]);
  });
});
