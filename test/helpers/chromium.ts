import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

/** Chromium as a distribution installs it; CHROMIUM names another one. */
const PATHS = [process.env["CHROMIUM"], "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** The browser's program, or undefined where none is installed. */
export const CHROMIUM = PATHS.find((path) => path !== undefined && existsSync(path));

/**
 * Starts the browser without a window.
 *
 * @param graphics - flags that say how it draws; default: not with a graphics card
 */
export function startChromium(graphics: readonly string[] = ["--disable-gpu"]): Promise<Browser> {
  return chromium.launch({
    executablePath: CHROMIUM!,
    args: ["--no-sandbox", "--disable-background-networking", ...graphics],
  });
}
