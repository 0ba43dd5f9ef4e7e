import type { CDPSession, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bodyBox } from "../../app/viewer/body-box.ts";
import { PlaneFrame } from "../../app/viewer/plane-frame.ts";
import { windowName, windowOf } from "../../app/viewer/windows.ts";
import { type Fitting, panBy, wholeZoom, zoomAbout, zoomToBox } from "../../app/viewer/zoom.ts";
import { middleOfLung } from "../../src/lungs/middle-of-lung.ts";
import { BitVolume } from "../../src/volume/bit-volume.ts";
import { hasChromium, type OpenedPage, openPage, ready, save } from "../helpers/page.ts";

const FITTING: Fitting = { columns: 200, rows: 100, pixel: [2, 1], pane: [400, 300] };

describe("zoom", () => {
  test("the whole slice fills the pane in one direction and lies in its middle", () => {
    const frame = new PlaneFrame(FITTING, wholeZoom(FITTING));
    expect([frame.left, frame.top, frame.width, frame.height]).toEqual([50, 0, 300, 300]);
  });

  test("what is zoomed about stays where it is, in any order of steps", () => {
    let zoom = wholeZoom(FITTING);
    const fixed = { column: 20, row: 70 };
    const before = new PlaneFrame(FITTING, zoom).toScreen(fixed);
    for (const factor of [1.5, 2, 0.8, 3]) {
      zoom = zoomAbout(zoom, factor, fixed, FITTING);
      const { x, y } = new PlaneFrame(FITTING, zoom).toScreen(fixed);
      expect(x).toBeCloseTo(before.x, 9);
      expect(y).toBeCloseTo(before.y, 9);
    }
    expect(zoom.scale).toBeCloseTo(7.2, 9);
  });

  test("a box fits the pane with a margin, and its middle is the pane's", () => {
    const frame = new PlaneFrame(FITTING, zoomToBox(FITTING, { left: 60, top: 40, right: 99, bottom: 59 }));
    const from = frame.toScreen({ column: 59.5, row: 39.5 });
    const to = frame.toScreen({ column: 99.5, row: 59.5 });
    expect((from.x + to.x) / 2).toBeCloseTo(200, 9);
    expect((from.y + to.y) / 2).toBeCloseTo(150, 9);
    expect(to.y - from.y).toBeCloseTo(0.96 * 300, 9);
    expect(to.x - from.x).toBeCloseTo(0.96 * 300, 9);
  });

  test("a picture cannot be moved out of sight", () => {
    expect(panBy(wholeZoom(FITTING), -1e6, 1e6, FITTING).middle).toEqual({ column: 199, row: 0 });
  });
});

describe("the body in a slice", () => {
  const slice = (rows: readonly string[]) => ({
    width: rows[0]!.length,
    height: rows.length,
    values: Int16Array.from(rows.join(""), (c) => (c === "." ? -1000 : 40)),
  });

  test("is the largest piece of tissue, without a couch below it", () => {
    const picture = slice(["..........", "...####...", "..##..##..", "...####...", "..........", "##########"]);
    expect(bodyBox(picture)).toEqual({ left: 2, top: 1, right: 7, bottom: 3 });
  });

  test("is nowhere in air", () => expect(bodyBox(slice(["...", "..."]))).toBeUndefined());
});

test("a window keeps a sensible width and level, and its name when it has one", () => {
  expect(windowOf(-600, 1500)).toEqual([-1350, 150]);
  expect(windowName(windowOf(-600, 1500))).toBe("Lung");
  expect(windowName(windowOf(-600, 1499))).toBeUndefined();
  expect(windowOf(0, -50)).toEqual([-0.5, 0.5]);
});

describe("where the crosshair begins", () => {
  const lung = (from: number, to: number) => {
    const mask = new BitVolume([5, 6, 70]);
    for (let y = 1; y < 5; y++) for (let x = from; x < to; x++) mask.set(3, y, x);
    mask.set(3, 2, to);
    mask.set(1, 0, from);
    return mask;
  };

  test("is in the right lung, in the slice that shows most of it", () => {
    expect(middleOfLung({ right: lung(3, 20), left: lung(40, 60) })).toEqual([3, 2, 11]);
  });

  test("is in the left lung where there is no right one, and in the middle where there is none", () => {
    const none = new BitVolume([5, 6, 70]);
    expect(middleOfLung({ right: none, left: lung(40, 60) })).toEqual([3, 2, 50]);
    expect(middleOfLung({ right: none, left: none })).toEqual([2, 3, 35]);
  });
});

/** Box of what is brighter than black in a pane, as shares of the pane: left, top, right, bottom. */
function brightBox(page: Page, plane: string): Promise<readonly number[]> {
  return page.evaluate((name) => {
    const canvas = document.querySelector<HTMLCanvasElement>(`.${name} canvas`)!;
    const { width, height } = canvas;
    const { data } = canvas.getContext("2d")!.getImageData(0, 0, width, height);
    let [left, top, right, bottom] = [width, height, -1, -1];
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        // Tissue is not black in the mediastinal window, and grey: the crosshair and the labels have a tint.
        const i = 4 * (y * width + x);
        if (data[i]! < 30 || data[i] !== data[i + 1] || data[i] !== data[i + 2]) continue;
        [left, right, top, bottom] = [Math.min(left, x), Math.max(right, x), Math.min(top, y), Math.max(bottom, y)];
      }
    }
    return [left / width, top / height, right / width, bottom / height];
  }, plane);
}

const pixelsOf = (page: Page, plane: string): Promise<string> =>
  page.evaluate((name) => document.querySelector<HTMLCanvasElement>(`.${name} canvas`)!.toDataURL(), plane);

describe.skipIf(!hasChromium)("a plane, in Chromium", { timeout: 60_000 }, () => {
  let opened: OpenedPage;
  let page: Page;
  let phone: Page;
  let session: CDPSession;
  beforeAll(async () => {
    opened = await openPage();
    page = await opened.open();
    phone = await opened.open({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
    for (const one of [page, phone]) {
      await one.click("#try");
      await ready(one);
    }
    session = await phone.context().newCDPSession(phone);
  }, 120_000);
  afterAll(() => opened?.close());

  const middle = async () => {
    const { x, y, width, height } = (await page.locator(".axial canvas").boundingBox())!;
    return { x: x + width / 2, y: y + height / 2 };
  };
  /** Value and place under a place of the pane. */
  const under = async (x: number, y: number) => {
    await page.mouse.move(x, y);
    return page.locator(".read-out .index").textContent();
  };
  const numbers = async () => [
    await page.inputValue('[aria-label="Window level, HU"]'),
    await page.inputValue('[aria-label="Window width, HU"]'),
  ];

  test("begins with the crosshair in a lung, told by the value there", async () => {
    await page.mouse.move(5, 5);
    expect(await page.textContent(".read-out .value")).toMatch(/^−[5-9]\d\d HU$/);
  });

  test("shows the body as large as it fits, or the whole slice", async () => {
    await page.selectOption("select", "Mediastinum");
    await page.click("button:text-is('Fit body')");
    const [left, top, right, bottom] = (await brightBox(page, "axial")) as [number, number, number, number];
    expect(Math.max(right - left, bottom - top)).toBeGreaterThan(0.9);
    await page.click("button:text-is('Fit slice')");
    const whole = (await brightBox(page, "axial")) as [number, number, number, number];
    expect(whole[3] - whole[1]).toBeLessThan(bottom - top);
    await page.focus(".axial canvas");
    await page.keyboard.press("0");
    expect(await brightBox(page, "axial")).toEqual([left, top, right, bottom]);
    await page.selectOption("select", "Lung");
  });

  test("zooms by Ctrl and the wheel; what is under the pointer stays there, and so does the slice", async () => {
    const { x, y } = await middle();
    const slice = await page.textContent(".axial .position");
    const [at, beside] = [await under(x + 60, y + 20), await under(x + 100, y + 20)];
    await under(x + 60, y + 20);
    await page.keyboard.down("Control");
    for (let k = 0; k < 4; k++) await page.mouse.wheel(0, -120);
    await page.keyboard.up("Control");
    expect(await under(x + 60, y + 20)).toBe(at);
    expect(await under(x + 100, y + 20)).not.toBe(beside);
    expect(await page.textContent(".axial .position")).toBe(slice);
    expect(await page.evaluate(() => visualViewport!.scale)).toBe(1);
  });

  test.each(["middle", "Space"])("is moved by dragging with %s", async (by) => {
    const { x, y } = await middle();
    const at = await under(x, y);
    if (by === "Space") await page.keyboard.down(" ");
    const button = by === "Space" ? "left" : "middle";
    await page.mouse.down({ button });
    await page.mouse.move(x + 40, y + 30, { steps: 4 });
    await page.mouse.up({ button });
    if (by === "Space") await page.keyboard.up(" ");
    expect(await under(x + 40, y + 30)).toBe(at);
    expect(await page.textContent(".read-out .index")).toBe(at);
  });

  test("a drag with the right button changes the window, whose numbers are shown and can be typed", async () => {
    const { x, y } = await middle();
    expect(await numbers()).toEqual(["-600", "1500"]);
    const before = await pixelsOf(page, "coronal");
    await page.mouse.move(x, y);
    await page.mouse.down({ button: "right" });
    await page.mouse.move(x + 40, y - 20, { steps: 4 });
    await page.mouse.up({ button: "right" });
    const [level, width] = (await numbers()).map(Number) as [number, number];
    expect(level).toBeLessThan(-650);
    expect(width).toBeGreaterThan(1600);
    expect(await page.inputValue("select")).toBe("Custom");
    expect(await pixelsOf(page, "coronal")).not.toBe(before);
    await page.fill('[aria-label="Window level, HU"]', "-600");
    await page.fill('[aria-label="Window width, HU"]', "1500");
    await page.keyboard.press("Enter");
    expect(await page.inputValue("select")).toBe("Lung");
    expect(await pixelsOf(page, "coronal")).toBe(before);
  });

  test("a slider goes through its slices", async () => {
    await page.focus('[aria-label="Sagittal, slice"]');
    const before = Number.parseInt((await page.textContent(".sagittal .position"))!, 10);
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    expect(Number.parseInt((await page.textContent(".sagittal .position"))!, 10)).toBe(before + 2);
  });

  test("fills the screen, and comes back", async () => {
    const small = (await page.locator(".coronal canvas").boundingBox())!;
    await page.click('[aria-label="Enlarge Coronal"]');
    await page.waitForFunction(
      (width) => document.querySelector(".coronal canvas")!.clientWidth > 1.5 * width,
      small.width,
    );
    await page.click('[aria-label="Make Coronal small again"]');
    await page.waitForFunction(
      (width) => document.querySelector(".coronal canvas")!.clientWidth < 1.1 * width,
      small.width,
    );
  });

  test("is saved with all others as one picture", async () => {
    const { name, bytes } = await save(page, "panes");
    expect(name).toBe("phantom_panes.png");
    const grid = (await page.locator(".views").boundingBox())!;
    // Width and height of a PNG.
    expect(bytes.readUInt32BE(16)).toBe(Math.round(grid.width));
    expect(Math.abs(bytes.readUInt32BE(20) - grid.height)).toBeLessThanOrEqual(1);
  });

  test("two fingers zoom it, and the page stays as it is", async () => {
    await phone.evaluate(() => document.querySelector(".axial canvas")!.scrollIntoView({ block: "center" }));
    const { x, y, width, height } = (await phone.locator(".axial canvas").boundingBox())!;
    const [cx, cy] = [x + width / 2, y + height / 2];
    const slice = await phone.textContent(".axial .position");
    const before = await pixelsOf(phone, "axial");
    const fingers = (apart: number) => [
      { x: cx - apart, y: cy, id: 0 },
      { x: cx + apart, y: cy, id: 1 },
    ];
    await session.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: fingers(30) });
    for (const apart of [40, 60, 80]) {
      await session.send("Input.dispatchTouchEvent", { type: "touchMove", touchPoints: fingers(apart) });
    }
    await session.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
    expect(await pixelsOf(phone, "axial")).not.toBe(before);
    expect(await phone.textContent(".axial .position")).toBe(slice);
    expect(await phone.evaluate(() => visualViewport!.scale)).toBe(1);
  });

  test("nothing was complained of", () => expect(opened.troubles).toEqual([]));
});
