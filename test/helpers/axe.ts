import axe from "axe-core";
import type { Page } from "playwright-core";

/** Faults of accessibility that axe takes for serious or critical. */
export async function faults(page: Page): Promise<string[]> {
  // Playwright's own world: the page's policy forbids scripts that are not its own.
  await page.evaluate(axe.source);
  return page.evaluate(async () => {
    const { violations } = await (window as unknown as { axe: typeof axe }).axe.run();
    return violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).join(", ")}`);
  });
}
