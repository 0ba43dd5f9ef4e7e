import type { Triple } from "pleura";
import { type CaseSummary, MASK_LABELS, type ScanSummary, type StageMask } from "pleura/worker";
import { el, formatNumber } from "./dom.ts";

/** What was found, in numbers. */
export function numbersPanel(scan: ScanSummary, summary: CaseSummary): HTMLElement {
  const { lungs, voxels, milliseconds, cleanShape } = summary;
  const spent = Object.values(milliseconds).reduce((sum, ms) => sum + ms, 0);
  return el(
    "div",
    { class: "numbers" },
    table("Lungs", "mL", [
      ["Right", formatNumber(lungs.rightMl)],
      ["Left", formatNumber(lungs.leftMl)],
      ["Both", formatNumber(lungs.totalMl)],
    ]),
    table("Segmentation", "", [
      ["Separated", lungs.separated ? "yes" : "no"],
      ["Erosions", String(lungs.erosions)],
      ["Bodies", String(lungs.bodies)],
      ["Slices cut", String(lungs.cut)],
    ]),
    table(
      "Voxels",
      "",
      Object.entries(voxels).map(([stage, n]) => [MASK_LABELS[stage as StageMask], formatNumber(n)]),
    ),
    table("Time", "ms", [
      ...Object.entries(milliseconds).map(([stage, ms]) => [stage, formatNumber(ms)] as const),
      ["total", formatNumber(spent)],
    ]),
    scanTable(scan, cleanShape),
  );
}

/** The scan's own size. */
export function scanTable({ shape, spacing }: ScanSummary, cleanShape?: Triple): HTMLElement {
  return table("Scan", "z × y × x", [
    ["Voxels", shape.join(" × ")],
    ["mm", spacing.map((s) => formatNumber(s, 3)).join(" × ")],
    ...(cleanShape === undefined ? [] : [["Clean", cleanShape.join(" × ")] as const]),
  ]);
}

function table(title: string, unit: string, rows: readonly (readonly [string, string])[]): HTMLElement {
  const body = rows.map(([name, value]) => el("tr", {}, el("th", { scope: "row" }, name), el("td", {}, value)));
  const heading = el("h2", {}, title, unit === "" ? "" : el("small", {}, unit));
  return el("section", {}, heading, el("table", {}, el("tbody", {}, ...body)));
}
