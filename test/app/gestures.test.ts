import type { CDPSession, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WheelDistance } from "../../app/slice-gestures.ts";
import { hasChromium, type OpenedPage, openPage, ready } from "../helpers/page.ts";

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 };

/** Number of the slice that a plane shows. */
async function sliceOf(page: Page, plane: string): Promise<number> {
  return Number.parseInt((await page.textContent(`.${plane} .position`))!, 10);
}

interface Place {
  readonly x: number;
  readonly y: number;
}

/** Resolves when the page has not scrolled for some frames: after a swipe it goes on for a while. */
function atRest(page: Page): Promise<void> {
  return page.evaluate(
    () =>
      new Promise<void>((resolve) => {
        let last = Number.NaN;
        let still = 0;
        const look = () => {
          still = scrollY === last ? still + 1 : 0;
          last = scrollY;
          if (still > 10) resolve();
          else requestAnimationFrame(look);
        };
        look();
      }),
  );
}

/** The middle of what is found, after it was scrolled to the middle of the screen. */
async function middleOf(page: Page, selector: string): Promise<Place> {
  await atRest(page);
  await page.evaluate((found) => document.querySelector(found)!.scrollIntoView({ block: "center" }), selector);
  const { x, y, width, height } = (await page.locator(selector).first().boundingBox())!;
  return { x: x + width / 2, y: y + height / 2 };
}

/** Moves a real finger in steps, as a touch screen reports them. */
async function swipe(session: CDPSession, from: Place, by: Place, steps = 10): Promise<void> {
  const at = (share: number) => [{ x: from.x + by.x * share, y: from.y + by.y * share }];
  await session.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: at(0) });
  for (let k = 1; k <= steps; k++) {
    await session.send("Input.dispatchTouchEvent", { type: "touchMove", touchPoints: at(k / steps) });
  }
  await session.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
}

describe("the distance that a wheel was turned", () => {
  const turn = (distance: WheelDistance, every: number, ...pixels: number[]) =>
    pixels.map((by, k) => distance.turn(by, k * every)).reduce((sum, steps) => sum + steps, 0);

  test("is a slice for each notch of a mouse, however far browsers say that it goes", () => {
    for (const notch of [53, 100, 120, 240]) {
      expect(turn(new WheelDistance(), 30, ...Array(7).fill(notch))).toBe(7);
      expect(turn(new WheelDistance(), 30, ...Array(7).fill(-notch))).toBe(-7);
    }
  });

  test("adds up what a trackpad says in many small parts", () => {
    expect(turn(new WheelDistance(), 16, ...Array(10).fill(4))).toBe(0);
    expect(turn(new WheelDistance(), 16, ...Array(50).fill(4))).toBe(4);
    expect(turn(new WheelDistance(), 16, 30, 30, -30, -30)).toBe(0);
    // What was left over from some time ago counts no more.
    expect(turn(new WheelDistance(), 1000, 30, 30, 30)).toBe(0);
  });
});

describe.skipIf(!hasChromium)("slices by wheel and finger, in Chromium", { timeout: 60_000 }, () => {
  let opened: OpenedPage;
  let page: Page;
  let phone: Page;
  let session: CDPSession;
  beforeAll(async () => {
    opened = await openPage();
    page = await opened.open();
    phone = await opened.open(PHONE);
    for (const one of [page, phone]) {
      await one.click("#try");
      await ready(one);
    }
    session = await phone.context().newCDPSession(phone);
  }, 120_000);
  afterAll(() => opened?.close());

  test("a trackpad's gesture of ten small events is no ten slices", async () => {
    await page.locator(".axial canvas").hover();
    const before = await sliceOf(page, "axial");
    for (let k = 0; k < 10; k++) await page.mouse.wheel(0, 6);
    await page.waitForFunction(
      (n) => !document.querySelector(".axial .position")!.textContent!.startsWith(`${n} `),
      before,
    );
    expect(await sliceOf(page, "axial")).toBe(before - 1);
  });

  test("a notch of a mouse's wheel is one slice", async () => {
    await page.locator(".coronal canvas").hover();
    const before = await sliceOf(page, "coronal");
    await page.mouse.wheel(0, -120);
    await page.waitForFunction(
      (n) => document.querySelector(".coronal .position")!.textContent!.startsWith(`${n} `),
      before + 1,
    );
  });

  test.each([
    ["up", { x: 0, y: -120 }, 15],
    ["down", { x: 0, y: 120 }, -15],
    ["to the right", { x: 96, y: 0 }, 12],
    ["to the left", { x: -96, y: 0 }, -12],
  ])("a swipe %s on a plane goes through its slices, and the page stays", async (_, by, slices) => {
    const from = await middleOf(phone, ".axial canvas");
    const before = await sliceOf(phone, "axial");
    const [others, scrolled] = [await sliceOf(phone, "coronal"), await phone.evaluate(() => scrollY)];
    await swipe(session, from, by);
    await atRest(phone);
    expect((await sliceOf(phone, "axial")) - before).toBe(slices);
    // The other planes cross where they crossed before.
    expect(await sliceOf(phone, "coronal")).toBe(others);
    expect(await phone.evaluate(() => scrollY)).toBe(scrolled);
  });

  test("a tap moves the crosshair", async () => {
    const { x, y } = await middleOf(phone, ".axial canvas");
    const tap = async (at: number): Promise<number> => {
      const before = await sliceOf(phone, "sagittal");
      await phone.touchscreen.tap(at, y);
      await phone.waitForFunction(
        (n) => !document.querySelector(".sagittal .position")!.textContent!.startsWith(`${n} `),
        before,
      );
      return sliceOf(phone, "sagittal");
    };
    const left = await tap(x + 60);
    expect(await tap(x - 60)).toBeLessThan(left - 10);
  });

  test.each([
    ["beside a plane", ".coronal canvas", -1],
    ["on a plane's caption", ".coronal figcaption", 0],
    ["on the tools", ".toolbar", 0],
    ["on the findings", ".findings", 0],
  ])("the page scrolls by a swipe %s", async (_, selector, side) => {
    const middle = await middleOf(phone, selector);
    const from = side === 0 ? middle : { x: 12, y: middle.y };
    const slices = await sliceOf(phone, "coronal");
    const before = await phone.evaluate(() => scrollY);
    const up = before + 844 < (await phone.evaluate(() => document.documentElement.scrollHeight)) - 100;
    await swipe(session, from, { x: 0, y: up ? -150 : 150 });
    await phone.waitForFunction((y) => Math.abs(scrollY - y) > 50, before);
    expect(await sliceOf(phone, "coronal")).toBe(slices);
  });

  test("wherever the page is scrolled to, there is a place to scroll it by", async () => {
    const height = await phone.evaluate(() => document.documentElement.scrollHeight);
    for (let top = 0; top < height - 844; top += 200) {
      await phone.evaluate((y) => scrollTo(0, y), top);
      const held = await phone.evaluate(() => {
        let free = 0;
        for (let x = 4; x < innerWidth; x += 8) {
          for (let y = 4; y < innerHeight; y += 8) {
            const { touchAction } = getComputedStyle(document.elementFromPoint(x, y)!);
            if (touchAction === "auto" || touchAction === "manipulation") free++;
          }
        }
        return free * 64;
      });
      // As much as a thumb's way from top to bottom beside the planes.
      expect(held, `at ${top}`).toBeGreaterThan(2 * 24 * 700);
    }
  });

  test("a finger measures where it was told to", async () => {
    await phone.click("button:text-is('Distance')");
    const from = await middleOf(phone, ".axial canvas");
    const before = await sliceOf(phone, "axial");
    await swipe(session, from, { x: 80, y: 0 });
    expect(await phone.textContent(".measured")).toMatch(/^\d+\.\d mm$/);
    expect(await sliceOf(phone, "axial")).toBe(before);
    await phone.click("button:text-is('Crosshair')");
  });

  test("a swipe on a picture of the walkthrough goes through its slices, and the page scrolls beside it", async () => {
    await phone.click("button:text-is('Walkthrough')");
    await phone.waitForSelector("[data-shown]");
    const position = () => phone.locator(".slice output").textContent();
    const from = await middleOf(phone, ".step canvas");
    const before = Number.parseInt((await position())!, 10);
    await swipe(session, from, { x: 0, y: -80 });
    expect(Number.parseInt((await position())!, 10)).toBe(before + 10);
    const scrolled = await phone.evaluate(() => scrollY);
    await swipe(session, { x: 12, y: 500 }, { x: 0, y: -200 });
    await phone.waitForFunction((y) => scrollY > y + 50, scrolled);
  });

  test("nothing was complained of", () => expect(opened.troubles).toEqual([]));
});
