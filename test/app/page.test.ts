import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { decodeNpy, encodeNpy } from "../../src/formats/npy.ts";
import { servePage } from "../../src/node/serve-page.ts";
import { makePhantom } from "../../src/phantom/phantom.ts";
import { patientToIndex } from "../../src/volume/affine.ts";
import { STEPS } from "../../src/walkthrough/step.ts";
import { faults } from "../helpers/axe.ts";
import { compute } from "../helpers/compute.ts";
import { hasChromium, type OpenedPage, openPage, ready, save } from "../helpers/page.ts";

/** Share of a canvas's pixels in which red and blue differ clearly: the grey values have none. */
function colouredShare(page: Page, selector: string): Promise<number> {
  return page.evaluate((found) => {
    const canvas = document.querySelector<HTMLCanvasElement>(found)!;
    const { data } = canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height);
    let coloured = 0;
    for (let i = 0; i < data.length; i += 4) coloured += Number(Math.abs(data[i]! - data[i + 2]!) > 20);
    return (4 * coloured) / data.length;
  }, selector);
}

/** Pixels of a canvas in the colour of nodules. */
function yellowPixels(page: Page, selector: string): Promise<number> {
  return page.evaluate((found) => {
    const canvas = document.querySelector<HTMLCanvasElement>(found)!;
    const { data } = canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height);
    let count = 0;
    for (let i = 0; i < data.length; i += 4) count += Number(data[i]! > 200 && data[i + 1]! > 160 && data[i + 2]! < 90);
    return count;
  }, selector);
}

describe.skipIf(!hasChromium)("the page, in Chromium", { timeout: 60_000 }, () => {
  let opened: OpenedPage;
  let page: Page;
  beforeAll(async () => {
    opened = await openPage();
    page = await opened.open();
    await page.click("#try");
    await ready(page);
  }, 120_000);
  afterAll(() => opened?.close());

  test("shows the lungs of the made-up scan, right and left, in three planes", async () => {
    for (const plane of ["axial", "coronal"]) {
      expect(await colouredShare(page, `.${plane} canvas`)).toBeGreaterThan(0.05);
    }
    await page.waitForSelector('[data-surfaces="shown"]', { timeout: 30_000 });
  });

  test("saves clean.npy byte for byte as the pipeline makes it", async () => {
    const { clean } = compute(makePhantom());
    const { name, bytes } = await save(page, "clean");
    expect(name).toBe("phantom_clean.npy");
    expect(bytes.equals(encodeNpy("uint8", [1, ...clean.shape], clean.voxels))).toBe(true);
  });

  test("saves the manifest, the surface and a picture", async () => {
    const manifest = JSON.parse((await save(page, "manifest")).bytes.toString());
    expect(manifest).toMatchObject({ case: "phantom", profile: "grt123", lungs: { separated: true } });
    const surface = await save(page, "surface");
    expect(surface.bytes.length).toBe(84 + 50 * surface.bytes.readUInt32LE(80));
    expect((await save(page, "picture")).bytes.subarray(1, 4).toString()).toBe("PNG");
  });

  test("tells Hounsfield units and patient millimetres under the pointer", async () => {
    const { width, height } = (await page.locator(".axial canvas").boundingBox())!;
    await page.locator(".axial canvas").hover({ position: { x: width / 2 - width / 6, y: height / 2 } });
    const told = (await page.locator(".read-out").textContent())!;
    expect(told).toMatch(/−[6-9]\d\d HU/);
    expect(told).toMatch(/L −?[\d.]+ mm/);
  });

  test("goes through slices by keyboard, and measures a distance", async () => {
    const position = page.locator(".axial .position");
    const before = (await position.textContent())!;
    await page.focus(".axial canvas");
    await page.keyboard.press("ArrowUp");
    expect(Number.parseInt((await position.textContent())!, 10)).toBe(Number.parseInt(before, 10) + 1);
    await page.click("button:text-is('Distance')");
    const box = (await page.locator(".axial canvas").boundingBox())!;
    const before_ = await colouredShare(page, ".axial canvas");
    await page.mouse.move(box.x + 100, box.y + 100);
    await page.mouse.down();
    await page.mouse.move(box.x + 200, box.y + 100);
    await page.mouse.up();
    expect(await colouredShare(page, ".axial canvas")).not.toBe(before_);
  });

  test.each(["dark", "light"] as const)(
    "has no serious fault of accessibility in any view, %s",
    async (colorScheme) => {
      const other = await opened.open({ colorScheme });
      expect(await faults(other)).toEqual([]);
      await other.click("#try");
      await ready(other);
      await other.click("summary:text-is('Save')");
      expect(await faults(other)).toEqual([]);
      await other.click("button:text-is('Walkthrough')");
      await other.waitForSelector("[data-shown]");
      for (const step of ["hounsfield", "select"]) {
        await other.click(`[data-step="${step}"]`);
        await other.waitForSelector(`[data-shown^="${step} "]`);
        expect(await faults(other)).toEqual([]);
      }
      await other.context().close();
    },
  );

  test("shows a stage's mask in space", async () => {
    const picture = () =>
      page.evaluate(() => document.querySelector<HTMLCanvasElement>(".surfaces canvas")!.toDataURL());
    const seen = new Set([await picture()]);
    for (const mask of ["body", "lung2", "dilated1"]) {
      await page.selectOption(".toolbar label:has-text('Mask') select", mask);
      await page.click(".surfaces button:text-is('Mask')");
      await page.waitForSelector('[data-surfaces="shown"]');
      await page.waitForSelector(".surfaces button:text-is('Mask')[aria-pressed=true]");
      seen.add(await picture());
    }
    expect(seen.size).toBe(4);
    await page.selectOption(".toolbar label:has-text('Mask') select", "lungs");
  });

  test("fits a phone, a tablet and a desk without scrolling sideways", async () => {
    const other = await opened.open({ viewport: { width: 390, height: 844 } });
    const widths = async () => {
      for (const width of [390, 1024, 1440]) {
        await other.setViewportSize({ width, height: 844 });
        expect(await other.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
      }
    };
    await widths();
    await other.click("#try");
    await ready(other);
    await widths();
    await other.click("button:text-is('Walkthrough')");
    await widths();
    await other.context().close();
  });

  test("shows every step, each with another picture where it changes something", async () => {
    await page.click("button:text-is('Walkthrough')");
    const pictures = new Map<string, string>();
    for (const step of STEPS) {
      await page.click(`[data-step="${step}"]`);
      await page.waitForSelector(`[data-shown^="${step} "]`);
      pictures.set(
        step,
        await page.evaluate(() => document.querySelectorAll<HTMLCanvasElement>(".step canvas")[1]!.toDataURL()),
      );
    }
    for (const step of [
      "threshold",
      "regions",
      "shape",
      "bodies",
      "select",
      "holes",
      "cores",
      "split",
      "hull",
      "window",
      "bones",
      "resample",
      "crop",
    ] as const) {
      expect(pictures.get(step), step).not.toBe(pictures.get(STEPS[STEPS.indexOf(step) - 1]!));
    }
  });

  test("shows a step in the plane that is chosen", async () => {
    for (const plane of ["Coronal", "Sagittal", "Axial"]) {
      await page.click(`.slice button:text-is('${plane}')`);
      await page.waitForSelector(`[data-shown^="crop ${plane.toLowerCase()} "]`);
    }
    await page.locator(".pictures").hover();
    const before = await page.getAttribute("[data-shown]", "data-shown");
    await page.mouse.wheel(0, -100);
    await page.waitForFunction(
      (shown) => document.querySelector("[data-shown]")!.getAttribute("data-shown") !== shown,
      before,
    );
  });

  test("runs again when a parameter changes", async () => {
    const padding = '[data-path="prepare.padValue"]';
    await page.click('[data-step="bones"]');
    await page.waitForSelector(padding);
    await page.fill(padding, "0");
    await page.press(padding, "Tab");
    await page.waitForFunction(() => document.querySelector(".parameter .default:not(:disabled)") !== null);
    const { bytes } = await save(page, "clean");
    expect(bytes.at(-1)).toBe(0);
  });

  test("says why there are no lungs with other parameters, shows none, and finds them again", async () => {
    const threshold = '[data-path="lungs.binarize.threshold"]';
    await page.click('[data-step="threshold"]');
    await page.fill(`input${threshold}`, "-1000");
    await page.press(`input${threshold}`, "Tab");
    await page.waitForSelector('[data-run="failed"]');
    expect(await page.textContent(".case > .trouble")).toMatch(/No body of air .*0.68 L to 7.5 L/);
    expect(await page.textContent(".side")).not.toContain("Right");
    expect(await faults(page)).toEqual([]);
    await page.click("button:text-is('Viewer')");
    expect(await colouredShare(page, ".axial canvas")).toBeLessThan(0.02);
    await page.click("button:text-is('Walkthrough')");
    await page.click(`button${threshold}`);
    await page.waitForSelector('[data-run="done"]');
    expect(await page.isHidden(".case > .trouble")).toBe(true);
    expect(await page.textContent(".side")).toContain("Right");
  });

  test("says what is wrong with a file that is no scan", async () => {
    const other = await opened.open();
    await other.setInputFiles("input[type=file]:not([webkitdirectory])", {
      name: "notes.txt",
      mimeType: "text/plain",
      buffer: Buffer.from("no scan"),
    });
    await other.waitForSelector(".trouble");
    expect((await other.locator(".trouble").textContent())!).toContain("no DICOM file");
    await other.context().close();
  });

  test("leads to a nodule, marks it in the slices, and opens annotations", async () => {
    const other = await opened.open();
    await other.click("#try");
    await ready(other);
    const { truth, affine } = makePhantom();
    await other.click("button[aria-label='Go to nodule 2']");
    const place = truth.nodules[1]!.centre;
    const index = patientToIndex(affine, place).map(Math.round);
    await other.waitForFunction(
      (text) => document.querySelector(".read-out")!.textContent!.includes(text),
      `voxel ${index.join(", ")}`,
    );
    for (const plane of ["axial", "coronal", "sagittal"])
      expect(await yellowPixels(other, `.${plane} canvas`)).toBeGreaterThan(20);
    const [l, p, s] = truth.nodules[0]!.centre;
    const annotate = (name: string, text: string) =>
      other.setInputFiles("#annotations", { name, mimeType: "text/csv", buffer: Buffer.from(text) });
    await annotate(
      "a.csv",
      `seriesuid,coordX,coordY,coordZ,diameter_mm\nphantom,${l},${p},${s},9\nphantom,0,0,900,4\n`,
    );
    await other.waitForSelector("text=9.0 mm, 100 % shown");
    expect(await other.textContent(".nodules")).toMatch(/2\s?4\.0 mm, outside the scan/);
    const { rows, hidden } = await other.evaluate(() => {
      const panel = document.querySelector(".nodules")!;
      const heights = Array.from(panel.querySelectorAll("li"), (row) => row.getBoundingClientRect().height);
      return { rows: heights, hidden: panel.scrollHeight - panel.clientHeight };
    });
    expect(Math.max(...rows)).toBeLessThan(30);
    expect(hidden).toBe(0);
    expect(await other.textContent(".nodules .warning")).toContain("line 3");
    const label = decodeNpy((await save(other, "label")).bytes);
    expect([label.dtype, label.shape]).toEqual(["float64", [2, 4]]);
    expect(JSON.parse((await save(other, "nodules")).bytes.toString()).nodules).toHaveLength(2);
    await annotate("b.csv", "seriesuid,coordX,coordY,coordZ,diameter_mm\n1.2.3,0,0,0,4\n");
    await other.waitForSelector(".nodules .trouble");
    expect(await other.textContent(".nodules .trouble")).toMatch(/nothing about this scan/);
    expect(await faults(other)).toEqual([]);
    await other.screenshot({ path: process.env["PLEURA_SHOT"] ?? "/dev/null", type: "png" });
    await other.context().close();
  });

  test("is back at the beginning after a cancel, and works on", async () => {
    const other = await opened.open();
    await other.click("#try");
    await other.click("#cancel");
    expect(await other.getAttribute("body", "data-state")).toBe("open");
    await other.click("#try");
    await ready(other);
    await other.context().close();
  });

  test("can be installed", async () => {
    const session = await page.context().newCDPSession(page);
    const { errors, data } = await session.send("Page.getAppManifest");
    expect(errors).toEqual([]);
    expect(JSON.parse(data!)).toMatchObject({ name: "pleura", display: "standalone" });
    const { installabilityErrors } = await session.send("Page.getInstallabilityErrors");
    // A private window, as every test has one, is the only reason against it.
    expect(installabilityErrors.map(({ errorId }) => errorId)).toEqual(["in-incognito"]);
  });

  test("works without a network once it was loaded", async () => {
    const served = await servePage({ page: opened.folder });
    const other = await (await opened.browser.newContext()).newPage();
    await other.goto(served.url);
    await other.waitForFunction(() => navigator.serviceWorker?.controller);
    await served.close();
    await other.reload();
    await other.click("#try");
    await ready(other);
    await other.waitForSelector('[data-surfaces="shown"]', { timeout: 30_000 });
    await other.context().close();
  });

  test("names no address but relative ones, so that it works from any path", () => {
    const files = readdirSync(opened.folder).filter((name) => /\.(html|webmanifest|js)$/.test(name));
    for (const file of files) {
      expect(readFileSync(join(opened.folder, file), "utf8"), file).not.toMatch(/(src|href|start_url)"?[=:]\s*"\//);
    }
  });

  test("asked nothing of any other origin, and complained of nothing", () => {
    const { origin } = new URL(opened.served.url);
    const outside = opened.requests.filter((url) => !url.startsWith("blob:") && new URL(url).origin !== origin);
    expect(outside).toEqual([]);
    expect(opened.troubles).toEqual([]);
  });
});
