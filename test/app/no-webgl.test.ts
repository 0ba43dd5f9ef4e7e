import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { faults } from "../helpers/axe.ts";
import { hasChromium, type OpenedPage, openPage, ready, save } from "../helpers/page.ts";

const SIZES = [1440, 1024, 390];

/** Places and sizes of the four views. */
async function views(page: Page): Promise<unknown> {
  return page.evaluate(() => {
    return Array.from(document.querySelectorAll(".view"), (view) => {
      const { x, y, width, height } = view.getBoundingClientRect();
      return [view.className, x, y + scrollY, width, height].map((n) => (typeof n === "number" ? Math.round(n) : n));
    });
  });
}

describe.skipIf(!hasChromium)("a browser without WebGL", { timeout: 60_000 }, () => {
  let opened: OpenedPage;
  let page: Page;
  let usual: OpenedPage;
  const said: string[] = [];
  beforeAll(async () => {
    opened = await openPage(["--disable-gpu", "--disable-3d-apis"]);
    page = await opened.open();
    page.on("console", (message) => said.push(message.text()));
    page.on("pageerror", (error) => said.push(error.message));
    await page.click("#try");
    await ready(page);
    await page.waitForSelector('[data-surfaces="unavailable"]');
  }, 120_000);
  afterAll(async () => {
    await opened?.close();
    await usual?.close();
  });

  test("gets one plain sentence in place of the 3-D view, and no buttons for it", async () => {
    expect(await page.textContent(".surfaces .note")).toBe(
      "3-D needs WebGL, which this browser does not offer or has switched off. Everything else works without it.",
    );
    expect(await page.locator(".surfaces button, .surfaces canvas").count()).toBe(0);
    expect(await page.locator("[role=alert]:visible").count()).toBe(0);
    expect(await faults(page)).toEqual([]);
  });

  test("works on: other masks, other parameters, the surface as a file", async () => {
    await page.selectOption(".toolbar label:has-text('Mask') select", "body");
    expect((await save(page, "surface")).bytes.length).toBeGreaterThan(1000);
    await page.click("button:text-is('Walkthrough')");
    await page.click('[data-step="bones"]');
    await page.fill('input[data-path="prepare.padValue"]', "100");
    await page.keyboard.press("Tab");
    await page.waitForSelector('button[data-path="prepare.padValue"]:not(:disabled)');
    await page.waitForSelector('[data-run="done"]');
    await page.click("button:text-is('Viewer')");
    expect(await page.locator("[role=alert]:visible").count()).toBe(0);
    // As the page was at first, to be compared with another one.
    await page.click("button:text-is('Reset all')");
    await page.waitForSelector("button:text-is('Reset all')", { state: "hidden" });
    await page.waitForSelector('[data-run="done"]');
  });

  test("nothing raw is said in its console", () => expect(said).toEqual([]));

  test.each(SIZES)("at %i pixels the planes are as large as with WebGL", async (width) => {
    await page.setViewportSize({ width, height: 844 });
    usual ??= await openPage();
    const other = await usual.open({ viewport: { width, height: 844 } });
    await other.click("#try");
    await ready(other);
    await other.waitForSelector('[data-surfaces="shown"]', { timeout: 30_000 });
    expect(await views(page)).toEqual(await views(other));
    await other.context().close();
  });
});
