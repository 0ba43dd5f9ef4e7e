import { execFileSync } from "node:child_process";
import { cpus } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { servePage } from "pleura/node";
import { ROOT } from "../scripts/lib/paths.mjs";
import { LONG, writeLong } from "./goals.mjs";
import { median, printTable, withSpread } from "./measure.mjs";

/** The page may take so many times Node's time. */
const GOAL = 1.5;
/** Cases of a process or a page: the first, and those that find the code compiled. */
const CASES = 3;
/** Nobody has chosen a folder earlier, ms after the page was loaded. */
const CHOOSING = 2000;
const FLAGS = [
  "--no-sandbox",
  "--disable-background-networking",
  // There may be no graphics card.
  "--use-gl=angle",
  "--use-angle=swiftshader",
  "--enable-unsafe-swiftshader",
];

/**
 * Measures how long the page in Chromium takes from the choice of a folder until its lungs are on
 * the screen, and how long Node takes from the folder to the saved outputs. Both begin anew for
 * every run and take turns; of each, the first case and the later ones count by themselves.
 *
 * @param {string} scan folder of one series
 * @param {string} scratch folder for everything that is written
 * @param {number} runs of each figure; the median counts
 */
export async function printChromium(scan, scratch, runs) {
  const long = join(scratch, "long");
  const { slices } = await writeLong(scan, long);
  const here = await measure(scan, scratch, runs);
  const there = await measure(long, scratch, runs);
  const row = (name, text) => [name, text(here), text(there)];
  const compared = (name, of) => {
    const ratio = (m) => median(of(m.page)) / median(of(m.node));
    const met = ratio(here) <= GOAL && ratio(there) <= GOAL;
    return [
      [...row(`Node, ${name}`, (m) => withSpread(of(m.node))), "", ""],
      [...row(`page, ${name}`, (m) => withSpread(of(m.page))), "", ""],
      [...row("  page / Node", (m) => `${ratio(m).toFixed(2)} ×`), `${GOAL} ×`, met ? "yes" : "no"],
    ];
  };
  console.log(`${cpus()[0].model}, ${cpus().length} cores, Node ${process.version}, Chromium ${here.version}`);
  console.log(`median (range) of ${runs} runs of ${CASES} cases\n`);
  printTable([
    ["ms", `${slices} slices`, `${LONG} slices`, "goal", "met"],
    ...compared("first case", (cases) => cases.map(([first]) => first)),
    ...compared("later cases", (cases) => cases.flatMap(([, ...later]) => later)),
  ]);
}

async function measure(scan, scratch, runs) {
  const served = await servePage({ page: join(ROOT, "dist/app") });
  const [node, page] = [[], []];
  let version;
  for (let run = 0; run < runs; run++) {
    node.push(nodeCases(scan, scratch));
    const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: FLAGS });
    version = browser.version();
    page.push(await pageCases(browser, served.url, scan));
    await browser.close();
  }
  await served.close();
  return { node, page, version };
}

/** Milliseconds of some cases in a Node of their own. */
function nodeCases(scan, scratch) {
  const script = new URL("node-cases.mjs", import.meta.url).pathname;
  return JSON.parse(execFileSync(process.execPath, [script, scan, join(scratch, "out"), `${CASES}`], { cwd: ROOT }));
}

/** Milliseconds of some cases in one page. */
async function pageCases(browser, url, scan) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.goto(url);
  await page.waitForTimeout(CHOOSING);
  for (let k = 1; k <= CASES; k++) {
    await page.setInputFiles("input[webkitdirectory]", scan);
    await page.waitForFunction((n) => performance.getEntriesByName("lungs shown").length === n, k);
    // The surfaces are made after the slices are shown; the next case is not to wait for them.
    await page.locator('[data-surfaces="shown"]').waitFor();
    await page.click("button:text-is('Open another')");
  }
  return page.evaluate(() => performance.getEntriesByName("lungs shown").map(({ duration }) => duration));
}
