import type { ScanSummary } from "pleura/worker";
import { button, el, formatNumber } from "./dom.ts";

/** The stacks of images that lie among the files, when there is more than one. */
export function seriesList({ stacks }: ScanSummary, onChoose: (seriesUid: string) => void): HTMLElement {
  const rows = stacks.map(({ seriesUid, seriesNumber, plane, images, spacing, chosen, findings, error }) => {
    const title = `Series ${seriesNumber ?? "without a number"}`;
    const open = button(chosen ? "Open" : "Open this", () => onChoose(seriesUid), {
      disabled: chosen || error !== undefined,
      "aria-label": `${title}: open`,
    });
    const detail = spacing === undefined ? "" : `${spacing.map((s) => formatNumber(s, 2)).join(" × ")} mm`;
    const odd = error ?? (findings.map(({ message }) => message).join(". ") || "nothing odd");
    return el(
      "tr",
      { "aria-current": chosen ? "true" : undefined },
      el("th", { scope: "row" }, title),
      el("td", {}, plane),
      el("td", { class: "number" }, formatNumber(images)),
      el("td", { class: "number" }, detail),
      el("td", {}, odd),
      el("td", {}, open),
    );
  });
  const head = ["Series", "Plane", "Images", "Spacing", "Findings", ""].map((text) => el("th", { scope: "col" }, text));
  const table = el("table", {}, el("thead", {}, el("tr", {}, ...head)), el("tbody", {}, ...rows));
  return el("details", { class: "series" }, el("summary", {}, `${stacks.length} series lie here`), table);
}
