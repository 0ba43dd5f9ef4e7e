import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { PROFILES } from "../../src/case/profile.ts";
import { checkParameters } from "../../src/pipeline/check-parameters.ts";
import { STEPS } from "../../src/walkthrough/step.ts";
import { faults } from "../helpers/axe.ts";
import { hasChromium, type OpenedPage, openPage, ready, save } from "../helpers/page.ts";

/** How many values of grey the pictures before and after the step at hand have; a blank one has one. */
function greys(page: Page): Promise<number[]> {
  return page.evaluate(() =>
    Array.from(document.querySelectorAll<HTMLCanvasElement>(".step canvas"), (canvas) => {
      const { data } = canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height);
      return new Set(data.filter((_, i) => i % 4 === 0)).size;
    }),
  );
}

/** Goes to a step and waits until it is shown. */
async function show(page: Page, step: string): Promise<void> {
  await page.click(`[data-step="${step}"]`);
  await page.waitForSelector(`[data-shown^="${step} "]`);
}

async function change(page: Page, path: string, value: number): Promise<void> {
  await page.fill(`input[data-path="${path}"]`, String(value));
  await page.press(`input[data-path="${path}"]`, "Tab");
}

describe.skipIf(!hasChromium)("other parameters, in Chromium", { timeout: 60_000 }, () => {
  let opened: OpenedPage;
  let page: Page;
  beforeAll(async () => {
    opened = await openPage();
    page = await opened.open();
    await page.click("#try");
    await ready(page);
    await page.click("button:text-is('Walkthrough')");
    await page.waitForSelector("[data-shown]");
  }, 120_000);
  afterAll(() => opened?.close());

  test("going on through slices while the pipeline runs again raises no error, and ends in the new picture", async () => {
    await show(page, "crop");
    await show(page, "threshold");
    const at = (await page.getAttribute("[data-shown]", "data-shown"))!;
    await page.locator(".pictures").hover();
    await change(page, "lungs.binarize.threshold", -500);
    // At once, while the stages run.
    for (let k = 0; k < 5; k++) await page.mouse.wheel(0, -120);
    await page.click('[data-step="crop"]');
    for (let k = 0; k < 3; k++) await page.mouse.wheel(0, -120);
    await page.click("button:text-is('Viewer')");
    for (const selector of [".axial canvas", ".coronal canvas"]) {
      await page.locator(selector).hover();
      await page.mouse.wheel(0, 120);
    }
    await page.click(".surfaces button:text-is('Bones')");
    await page.click("button:text-is('Walkthrough')");
    await page.waitForSelector('[data-run="done"]');
    // Several turns of the wheel may have come as one.
    await page.waitForFunction(() => {
      const shown = document.querySelector<HTMLElement>("[data-shown]")!.dataset["shown"];
      return shown === `crop axial ${document.querySelector<HTMLInputElement>(".slice input")!.value}`;
    });
    expect(await page.getAttribute("[data-shown]", "data-shown")).not.toBe(at.replace("threshold", "crop"));
    expect(Math.min(...(await greys(page)))).toBeGreaterThan(5);
    expect(await page.locator("[role=alert]:visible").count()).toBe(0);
    await show(page, "threshold");
    await page.click('button[data-path="lungs.binarize.threshold"]');
    await page.waitForSelector('[data-run="done"] button[data-path="lungs.binarize.threshold"]:disabled');
  });

  test.each([
    ["lungs.select.volumeLimits.0", 7.4, "select", /largest body [\d.]+ L; limit: 7.4 L to 7.5 L/],
    ["lungs.select.volumeLimits.0", 9, "select", /two ascending numbers of at least 0 \(litres\)/],
    ["prepare.window.0", 700, "window", /two ascending numbers from -100000 to 100000 \(HU\)/],
  ] as const)(
    "%s = %d fails at its step: those before it stay, and the page says where and why",
    async (path, value, failed, why) => {
      const before = STEPS[STEPS.indexOf(failed) - 1]!;
      await show(page, before);
      const legend = await page.textContent(".words .legend");
      await show(page, failed);
      await change(page, path, value);
      await page.waitForSelector('[data-run="failed"]');
      const notice = (await page.textContent(".case > .trouble"))!;
      const title = await page.textContent(`[data-step="${failed}"] span`);
      expect(notice).toContain(`Failed at step ${STEPS.indexOf(failed) + 1} (${title}). `);
      expect(notice).toMatch(why);
      await page.waitForFunction(() => document.querySelector(".words .trouble") !== null);
      expect(await page.textContent(".words .trouble")).toMatch(why);
      // The list of steps says it too, to the eye and to the ear.
      for (const [k, step] of STEPS.entries()) {
        const at = STEPS.indexOf(failed);
        const outcome = k < at ? "done" : k === at ? "failed" : "not reached";
        expect(await page.getAttribute(`[data-step="${step}"]`, "data-outcome")).toBe(outcome);
        const spoken = await page.locator(`[data-step="${step}"]`).ariaSnapshot();
        expect(spoken.includes(outcome)).toBe(outcome !== "done");
      }
      await show(page, before);
      expect(Math.min(...(await greys(page)))).toBeGreaterThan(20);
      expect(await page.textContent(".words .legend")).toBe(legend);
      await show(page, "crop");
      expect(await page.locator(".step .note:visible").allTextContents()).toEqual(
        Array(2).fill(`Not reached: step ${STEPS.indexOf(failed) + 1} (${title}) failed.`),
      );
      expect(await faults(page)).toEqual([]);
      expect(await page.isDisabled('[data-file="clean"]')).toBe(true);
      await page.click("button:text-is('Show this step')");
      await page.waitForSelector(`[data-shown^="${failed} "]`);
      await page.click(`button[data-path="${path}"]`);
      await page.waitForSelector('[data-run="done"]');
      expect(await page.isHidden(".case > .trouble")).toBe(true);
      expect(await page.locator('[data-outcome="done"]').count()).toBe(STEPS.length);
    },
  );

  test("a step that removes everything shows by which rule", async () => {
    await show(page, "select");
    await change(page, "lungs.select.volumeLimits.0", 7.4);
    await page.waitForSelector('[data-run="failed"]');
    const volume = page.locator(".legend li").filter({ hasText: "volume" }).locator("b");
    await page.waitForFunction(() => document.querySelector(".words .trouble") !== null);
    expect(Number((await volume.textContent())!.replace("\u2009", ""))).toBeGreaterThan(1000);
    expect(await page.locator(".step .note:visible").count()).toBe(0);
    const { width, height } = page.viewportSize()!;
    for (const narrow of [390, 1024, width]) {
      await page.setViewportSize({ width: narrow, height });
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(narrow);
    }
    await page.click('button[data-path="lungs.select.volumeLimits.0"]');
    await page.waitForSelector('[data-run="done"]');
  });

  test("what differs from the defaults is marked in every view, can be saved for --params, and set back at once", async () => {
    const done = () => page.waitForSelector('[data-run="done"]');
    await show(page, "threshold");
    expect(await page.isVisible(".changed")).toBe(false);
    await change(page, "lungs.binarize.threshold", -550);
    await done();
    await show(page, "crop");
    await change(page, "prepare.margin.1", 12);
    await done();
    const texts = await page.locator(".changed li").allTextContents();
    expect(texts).toEqual(["Threshold: \u2212550 HU (default \u2212600)", "Margin above: 12 voxels (default 10)"]);
    const marked = page.locator(".steps [data-changed]");
    expect(await marked.evaluateAll((items) => items.map((item) => (item as HTMLElement).dataset["step"]))).toEqual([
      "threshold",
      "crop",
    ]);
    expect(await page.locator('[data-step="crop"]').ariaSnapshot()).toContain("changed");
    expect(await page.locator(".parameter[data-changed]").count()).toBe(1);
    expect(await faults(page)).toEqual([]);

    await page.click("button:text-is('Viewer')");
    expect(await page.isVisible(".changed")).toBe(true);
    const { name, bytes } = await save(page, "parameters");
    expect(name).toBe("phantom_params.json");
    const { lungs, prepare } = PROFILES.grt123;
    expect(checkParameters(JSON.parse(bytes.toString()), "grt123")).toEqual({
      lungs: { ...lungs, binarize: { ...lungs.binarize, threshold: -550 } },
      prepare: { ...prepare, margin: [5, 12] },
    });

    await page.click(".changed li:first-child button");
    await page.waitForSelector('[data-shown^="threshold "]');
    await page.click("#reset-all");
    await page.waitForSelector('[data-run="done"] .changed[hidden]', { state: "attached" });
    expect(await page.inputValue('input[data-path="lungs.binarize.threshold"]')).toBe("-600");
    expect(await marked.count()).toBe(0);
  });

  test("nothing was complained of", () => expect(opened.troubles).toEqual([]));
});
