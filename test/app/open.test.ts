import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { prepCase } from "../../src/node/prep-case.ts";
import { faults } from "../helpers/axe.ts";
import { dicomFile } from "../helpers/dicom.ts";
import { hasChromium, type OpenedPage, openPage, ready, save } from "../helpers/page.ts";
import { type Scans, writeScans } from "../helpers/scans.ts";

/** Drops files and folders on the page as a file manager does. */
async function drop(page: Page, ...files: readonly string[]): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: [...files], dragOperationsMask: 1 };
  for (const type of ["dragEnter", "dragOver", "drop"] as const) {
    await session.send("Input.dispatchDragEvent", { type, x: 300, y: 300, data });
  }
  await session.detach();
}

describe.skipIf(!hasChromium)("opening a scan in Chromium", { timeout: 60_000 }, () => {
  let root: string;
  let scans: Scans;
  let opened: OpenedPage;
  let page: Page;
  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), "pleura-open-"));
    scans = await writeScans(root);
    opened = await openPage();
  }, 120_000);
  afterAll(async () => {
    await opened?.close();
    rmSync(root, { recursive: true, force: true });
  });
  beforeEach(async () => {
    page = await opened.open();
  });
  afterEach(() => page.context().close());

  const trouble = async (): Promise<string | null> => {
    await page.waitForSelector('body[data-state="open"] .trouble');
    return page.locator(".trouble").textContent();
  };

  /** Expects what the page saves to be what the command line writes for the same input, times aside. */
  async function expectSameFiles(input: string, options: { fillGaps?: boolean; series?: string } = {}): Promise<void> {
    const out = mkdtempSync(join(root, "out-"));
    expect((await prepCase(input, { out, ...options })).status).toBe("done");
    for (const file of ["clean", "label", "lungs"]) {
      const saved = await save(page, file);
      expect(saved.bytes.equals(readFileSync(join(out, saved.name))), saved.name).toBe(true);
    }
    const timeless = (text: Buffer) => text.toString().replace(/"milliseconds": \{[^}]*\}/, "");
    const manifest = await save(page, "manifest");
    expect(timeless(manifest.bytes)).toBe(timeless(readFileSync(join(out, manifest.name))));
  }

  test("a folder with folders in it that is dropped gives the command line's files", async () => {
    await drop(page, scans.folder);
    await ready(page);
    expect(await page.locator("header .title").textContent()).toBe("chest");
    await expectSameFiles(scans.folder);
  });

  test("so do a zip and an image file", async () => {
    await drop(page, scans.zip);
    await ready(page);
    await expectSameFiles(scans.zip);
    await drop(page, scans.nifti);
    await page.waitForSelector('body[data-state="running"]');
    await ready(page);
    await expectSameFiles(scans.nifti);
  });

  test("several files, and a folder beside a file, are one scan", async () => {
    const parts = ["a", "b/c"].map((part) => join(scans.folder, part));
    const files = parts.flatMap((part) => readdirSync(part).map((name) => join(part, name)));
    await drop(page, ...files);
    await ready(page);
    const { bytes } = await save(page, "clean");
    await drop(page, parts[0]!, join(scans.folder, "b"), scans.notes);
    await page.waitForSelector('body[data-state="running"]');
    await ready(page);
    expect((await save(page, "clean")).bytes.equals(bytes)).toBe(true);
    expect(JSON.parse((await save(page, "manifest")).bytes.toString()).input).toMatchObject({ files: 51, skipped: 1 });
  });

  test("what is no scan is refused in words, and the page works on", async () => {
    await drop(page, scans.notes);
    expect(await trouble()).toContain("no DICOM file");
    await drop(page, scans.empty);
    await page.waitForFunction(() => document.querySelector(".trouble")?.textContent?.includes("no file in what"));
    expect(await faults(page)).toEqual([]);
    await drop(page, scans.folder);
    await ready(page);
  });

  test("a series with a gap can be opened with its gaps filled, and the manifest says so", async () => {
    await drop(page, scans.gappy);
    expect(await trouble()).toContain("Slices are missing: about 2");
    expect(await page.locator(".series").textContent()).toContain("What lay in a missing slice is not in the result");
    expect(await faults(page)).toEqual([]);
    await page.click("button:text-is('Fill the gaps and open')");
    await ready(page);
    expect(await page.locator(".findings").textContent()).toContain("the slices were interpolated to an even grid");
    await expectSameFiles(scans.gappy, { fillGaps: true });
  });

  test("of two series the one with a gap is refused, and the other is a click away", async () => {
    await drop(page, scans.two);
    await page.waitForSelector('body[data-state="ready"], .trouble');
    const rows = await page.locator(".series tbody tr").allTextContents();
    expect(rows).toHaveLength(2);
    const [holed, whole] = rows[0]!.includes("missing") ? [0, 1] : [1, 0];
    expect(rows[holed]).toContain("Slices are missing: about 2, in 1 place (a step of");
    expect(rows[whole]).toContain("nothing odd");
    const isOpen = (await page.getAttribute("body", "data-state")) === "ready";
    if (isOpen) await page.click(".choice summary");
    await page
      .locator(".series tbody tr")
      .nth(isOpen ? holed : whole)
      .getByRole("button")
      .click();
    await page.waitForSelector('body[data-state="running"]');
    await ready(page);
    const { parameters } = JSON.parse((await save(page, "manifest")).bytes.toString());
    expect(parameters.read).toMatchObject({ series: expect.stringMatching(/^[\d.]+$/), fillGaps: isOpen });
    await expectSameFiles(scans.two, parameters.read);
    await page.click(".choice summary");
    expect(await page.locator('.series [aria-current="true"]').count()).toBe(1);
    expect(await faults(page)).toEqual([]);
  });

  test("a scan that is too large is refused with a word on what to do", async () => {
    // Three slices of 30,000 × 30,000, as their headers say, in a few bytes.
    const slices = [0, 1, 2].map((k) => ({
      name: `${k}.dcm`,
      mimeType: "application/dicom",
      buffer: Buffer.from(
        dicomFile(
          {
            Rows: 30_000,
            Columns: 30_000,
            InstanceNumber: k + 1,
            ImagePositionPatient: [0, 0, k],
            PixelData: new Uint8Array(64),
          },
          "1.2.840.10008.1.2.4.70",
        ),
      ),
    }));
    await page.setInputFiles("input[type=file]:not([webkitdirectory])", slices);
    expect(await trouble()).toMatch(/too large for a page .*5.03 GiB; limit: 2 GiB.*pleura prep/);
  });

  test("nothing is asked of another origin, and nothing complained of", () => {
    const { origin } = new URL(opened.served.url);
    expect(opened.requests.filter((url) => !url.startsWith("blob:") && new URL(url).origin !== origin)).toEqual([]);
    expect(opened.troubles).toEqual([]);
  });
});
