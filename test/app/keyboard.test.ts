import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasChromium, type OpenedPage, openPage, ready } from "../helpers/page.ts";

/** More stops than any view has. */
const MOST_STOPS = 80;

/** Goes on with Tab until an element has the focus. */
async function tabTo(page: Page, selector: string): Promise<void> {
  for (let k = 0; k < MOST_STOPS; k++) {
    if (await page.evaluate((found) => document.activeElement?.matches(found), selector)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`Tab does not lead to ${selector}`);
}

async function press(page: Page, key: string, times: number): Promise<void> {
  for (let k = 0; k < times; k++) await page.keyboard.press(key);
}

/** What the 3-D view shows. */
function surfaces(page: Page): Promise<string> {
  return page.evaluate(() => document.querySelector<HTMLCanvasElement>(".surfaces canvas")!.toDataURL());
}

describe.skipIf(!hasChromium)("the page without a mouse, in Chromium", { timeout: 60_000 }, () => {
  let opened: OpenedPage;
  let page: Page;
  beforeAll(async () => {
    opened = await openPage();
    page = await opened.open();
    await tabTo(page, "#try");
    await page.keyboard.press("Enter");
    await ready(page);
    await page.waitForSelector('[data-surfaces="shown"]');
  }, 120_000);
  afterAll(() => opened?.close());

  test("says what was found, and leads on from the new view", async () => {
    expect(await page.textContent("[role=status].spoken")).toMatch(
      /^Done. Right lung [\d\u2009]+ millilitres, left lung/,
    );
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe("MAIN");
  });

  test("moves the crosshair and tells the value there", async () => {
    await tabTo(page, ".axial canvas");
    const readOut = async () => (await page.textContent(".read-out"))!;
    expect(await readOut()).toMatch(/\d HU/);
    const left = async () => Number(/L (\u2212?[\d.]+) mm/.exec(await readOut())![1]!.replace("\u2212", "-"));
    const before = await left();
    await press(page, "Shift+ArrowRight", 3);
    expect((await left()) - before).toBeGreaterThan(1);
  });

  test("measures a distance and an area", async () => {
    await tabTo(page, '[data-value="distance"]');
    await page.keyboard.press("Space");
    await tabTo(page, ".axial canvas");
    await page.keyboard.press("Enter");
    await press(page, "Shift+ArrowRight", 5);
    await page.keyboard.press("Enter");
    expect(await page.textContent(".measured")).toMatch(/^\d+\.\d mm$/);
    await tabTo(page, '[data-value="area"]');
    await page.keyboard.press("Space");
    await tabTo(page, ".axial canvas");
    await page.keyboard.press("Enter");
    for (const key of ["Shift+ArrowDown", "Shift+ArrowLeft"]) {
      await press(page, key, 5);
      await page.keyboard.press("Enter");
    }
    await page.keyboard.press("Enter");
    expect(await page.textContent(".measured")).toMatch(/^[\d\u2009]+ mm², mean .* HU$/);
  });

  test("turns the surfaces", async () => {
    await tabTo(page, ".surfaces canvas");
    const before = await surfaces(page);
    await press(page, "ArrowLeft", 2);
    expect(await surfaces(page)).not.toBe(before);
  });

  test("goes through the walkthrough, changes a parameter and takes it back", async () => {
    await tabTo(page, '[data-value="walkthrough"]');
    await page.keyboard.press("Enter");
    await tabTo(page, '[data-step="shape"]');
    await page.keyboard.press("Enter");
    await page.waitForSelector('[data-shown^="shape axial"]');
    await tabTo(page, '[data-value="coronal"]');
    await page.keyboard.press("Space");
    await page.waitForSelector('[data-shown^="shape coronal"]');
    await tabTo(page, 'input[data-path="lungs.binarize.minArea"]');
    await page.keyboard.press("ArrowUp");
    const reset = 'button[data-path="lungs.binarize.minArea"]';
    await page.waitForSelector(`${reset}:not(:disabled)`);
    // The focus is still at the parameter, so that the next stop is its reset.
    await page.waitForFunction(() => document.activeElement?.matches("input[data-path]"));
    await page.keyboard.press("Tab");
    expect(await page.evaluate((found) => document.activeElement?.matches(found), reset)).toBe(true);
    await page.keyboard.press("Enter");
    await page.waitForSelector(`${reset}:disabled`);
  });

  test("saves, closes the menu with Escape, and begins anew", async () => {
    await tabTo(page, ".menu summary");
    await page.keyboard.press("Enter");
    await tabTo(page, '[data-file="clean"]');
    const [download] = await Promise.all([page.waitForEvent("download"), page.keyboard.press("Enter")]);
    expect(download.suggestedFilename()).toBe("phantom_clean.npy");
    await tabTo(page, ".menu summary");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Escape");
    expect(await page.evaluate(() => document.querySelector<HTMLDetailsElement>(".menu")!.open)).toBe(false);
    expect(await page.evaluate(() => document.activeElement?.matches(".menu summary"))).toBe(true);
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    expect(await page.getAttribute("body", "data-state")).toBe("open");
    await tabTo(page, "input[webkitdirectory]");
  });
});
