import { readFile } from "node:fs/promises";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { type ServedPage, servePage } from "../../src/node/serve-page.ts";
import { built } from "./builds.ts";
import { CHROMIUM, startChromium } from "./chromium.ts";

export const hasChromium = CHROMIUM !== undefined;

/** The 3-D view needs a renderer, and there is no graphics card; memory is measured after its garbage was collected. */
const FLAGS = ["--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--js-flags=--expose-gc"];

/** The built page in a real browser, and what it asked of the network. */
export interface OpenedPage {
  readonly browser: Browser;
  readonly served: ServedPage;
  /** Folder of the built page. */
  readonly folder: string;
  /** Opens the page anew; what goes wrong in it is kept in `troubles`. */
  open(options?: BrowserContextOptions): Promise<Page>;
  /** Addresses that were asked for. */
  readonly requests: string[];
  /** Errors and warnings of the page's console, and errors nobody caught. */
  readonly troubles: string[];
  close(): Promise<void>;
}

/**
 * Serves the built page and starts a browser.
 *
 * @param flags - that say how the browser draws
 */
export async function openPage(flags = FLAGS): Promise<OpenedPage> {
  const folder = await built("page");
  const served = await servePage({ page: folder });
  const browser = await startChromium(flags);
  const requests: string[] = [];
  const troubles: string[] = [];
  return {
    browser,
    served,
    folder,
    requests,
    troubles,
    async open(options) {
      const context = await browser.newContext({
        acceptDownloads: true,
        viewport: { width: 1280, height: 800 },
        ...options,
      });
      context.on("request", (request) => requests.push(request.url()));
      const page = await context.newPage();
      page.on("console", (message) => {
        // The tests read canvases back and draw without a graphics card; both are warned about.
        const isOwn = !/GPU stall|swiftshader|WebGL|readback/i.test(message.text());
        if (["error", "warning"].includes(message.type()) && isOwn) troubles.push(message.text());
      });
      page.on("pageerror", (error) => troubles.push(error.message));
      await page.goto(served.url);
      return page;
    },
    async close() {
      await browser.close();
      await served.close();
    },
  };
}

/** Waits for the lungs of the scan that is being run. */
export async function ready(page: Page): Promise<void> {
  await page.waitForSelector('body[data-state="ready"]', { timeout: 60_000 });
}

/** Saves one of the case's files and gives its name and bytes. */
export async function save(page: Page, file: string): Promise<{ name: string; bytes: Buffer }> {
  await page.click("summary:text-is('Save')");
  const [download] = await Promise.all([page.waitForEvent("download"), page.click(`[data-file="${file}"]`)]);
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
}
