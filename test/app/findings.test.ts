import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { writePhantom } from "../../src/node/write-phantom.ts";
import { makePhantom } from "../../src/phantom/phantom.ts";
import { faults } from "../helpers/axe.ts";
import { dicomFile } from "../helpers/dicom.ts";
import { hasChromium, type OpenedPage, openPage, ready } from "../helpers/page.ts";

const SIZES = [
  { width: 1440, height: 900 },
  { width: 1024, height: 768 },
  { width: 390, height: 844 },
];

/** Whether all of it is on the screen, and in front. */
function isInSight(page: Page, selector: string): Promise<boolean> {
  return page.evaluate((found) => {
    const element = document.querySelector(found)!;
    const { top, bottom, left, right } = element.getBoundingClientRect();
    const middle = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
    return top >= 0 && bottom <= innerHeight && left >= 0 && right <= innerWidth && element.contains(middle);
  }, selector);
}

describe.skipIf(!hasChromium)("what a user is told first, in Chromium", { timeout: 60_000 }, () => {
  let opened: OpenedPage;
  let root: string;
  let odd: string;
  let magnetic: string;
  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), "pleura-findings-"));
    odd = join(root, "odd");
    await writePhantom(makePhantom({ size: 64, slices: 24, spacing: [8, 5, 5] }), odd);
    // A slice twice, which is put right; the field of view of so coarse a phantom cuts the body.
    const [first] = readdirSync(odd).sort();
    cpSync(join(odd, first!), join(odd, "again.dcm"));
    magnetic = join(root, "magnetic");
    mkdirSync(magnetic);
    for (let k = 0; k < 3; k++) {
      const position = { Modality: "MR", InstanceNumber: k + 1, ImagePositionPatient: [0, 0, k] };
      writeFileSync(join(magnetic, `${k}.dcm`), dicomFile(position));
    }
    opened = await openPage();
  }, 120_000);
  afterAll(async () => {
    await opened?.close();
    rmSync(root, { recursive: true, force: true });
  });

  test.each(SIZES)("is what is odd about the scan, without scrolling, at $width pixels", async (viewport) => {
    const page = await opened.open({ viewport });
    await page.setInputFiles("input[webkitdirectory]", odd);
    await ready(page);
    for (const tab of ["Viewer", "Walkthrough"]) {
      await page.click(`button:text-is('${tab}')`);
      expect(await page.textContent(".findings")).toMatch(/corrected Some positions occur several times/);
      expect(await isInSight(page, ".findings li")).toBe(true);
      // Nothing but the head of the page stands before it.
      const before = await page.evaluate(() => {
        const top = document.querySelector(".findings")!.getBoundingClientRect().top;
        return top - document.querySelector("header")!.getBoundingClientRect().bottom;
      });
      expect(before).toBeLessThan(1);
    }
    expect(await faults(page)).toEqual([]);
    await page.context().close();
  });

  test("many findings leave room for the pictures: what matters most, and the rest on demand", async () => {
    const page = await opened.open({ viewport: { width: 390, height: 844 } });
    const series = join(root, "many");
    cpSync(odd, series, { recursive: true });
    // Rows from the back to the front, and one slice with an intercept of its own.
    for (const [k, name] of readdirSync(series).sort().entries()) {
      const bytes = readFileSync(join(series, name));
      bytes.write("1\\0\\0\\0\\-1\\0", bytes.indexOf("1\\0\\0\\0\\1\\0"), "latin1");
      if (k === 9) bytes.write("-1000", bytes.indexOf("-1024"), "latin1");
      writeFileSync(join(series, name), bytes);
    }
    await page.setInputFiles("input[webkitdirectory]", series);
    await ready(page);
    const shown = await page.locator(".findings > div > ul > li").count();
    expect(shown).toBe(2);
    // Doubts about the lungs come first, then what was read as it is, then what was put right.
    expect(await page.textContent(".findings li")).toMatch(/^(doubtful|bad) /);
    const total = Number(await page.textContent(".findings h2 small"));
    expect(total).toBeGreaterThan(2);
    expect(await page.locator(".findings li:visible").count()).toBe(2);
    await page.click(".findings summary");
    expect(await page.locator(".findings li:visible").count()).toBe(total);
    await page.context().close();
  });

  test("is that nothing odd was found, where that is so", async () => {
    const page = await opened.open();
    await page.click("#try");
    await ready(page);
    expect(await page.textContent(".findings")).toContain("Nothing odd was found.");
    await page.context().close();
  });

  test("is the modality of what is no CT", async () => {
    const page = await opened.open();
    await page.setInputFiles("input[webkitdirectory]", magnetic);
    await page.waitForSelector(".open .trouble");
    expect(await page.textContent(".open .trouble")).toContain(
      "There is no CT image here (measured: 3 DICOM files: 3 MR; limit: at least 2 CT images). Only CT is read",
    );
    await page.context().close();
  });
});
