import type { Finding } from "pleura";
import type { StackChoice } from "pleura/worker";
import { button, el, formatNumber } from "./dom.ts";

/** How a stack is to be opened. */
export interface SeriesWish {
  /** Absent for the one that is taken anyway. */
  readonly series?: string;
  readonly fillGaps: boolean;
}

const GAPS =
  "Filling makes up the missing slices, or evens their distances, by linear interpolation between neighbours. " +
  "What lay in a missing slice is not in the result; nodules there are lost. The manifest says that it was done.";

/** The stacks of images that lie among the files, each with what is odd about it and a way to open it. */
export function seriesList(stacks: readonly StackChoice[], onChoose: (wish: SeriesWish) => void): HTMLElement {
  const head = ["Series", "Plane", "Images", "Spacing, mm", "Findings", ""].map((text, column) =>
    el("th", { scope: "col", class: column === 2 || column === 3 ? "number" : undefined }, text),
  );
  const rows = stacks.map((stack) => row(stack, onChoose));
  const table = el("table", {}, el("thead", {}, el("tr", {}, ...head)), el("tbody", {}, ...rows));
  const note = stacks.some(({ fillable }) => fillable) ? [el("p", { class: "quiet" }, GAPS)] : [];
  return el("div", { class: "series", role: "region", "aria-label": "Series", tabindex: 0 }, table, ...note);
}

function row(stack: StackChoice, onChoose: (wish: SeriesWish) => void): HTMLElement {
  const { folders, seriesUid, seriesNumber, plane, images, spacing, opened, usual, refused, fillable } = stack;
  const title = `Series ${seriesNumber ?? "without a number"}`;
  const label = fillable ? "Fill the gaps and open" : opened ? "Open" : "Open this";
  const wish = { ...(usual ? {} : { series: seriesUid }), fillGaps: fillable };
  const open = button(label, () => onChoose(wish), {
    disabled: opened || (refused && !fillable),
    "aria-label": `${title}: ${label.toLowerCase()}`,
  });
  return el(
    "tr",
    { "aria-current": opened ? "true" : undefined },
    el("th", { scope: "row" }, title, ...placeOf(folders)),
    el("td", {}, plane),
    el("td", { class: "number" }, formatNumber(images)),
    el("td", { class: "number" }, spacing === undefined ? "" : spacing.map((s) => formatNumber(s, 2)).join(" × ")),
    el("td", { class: "odd" }, stack.error ?? (stack.findings.map(inWords).join(". ") || "nothing odd")),
    el("td", {}, open),
  );
}

/** Where the images lie, unless that is the folder that was opened. */
function placeOf([first = ".", ...others]: readonly string[]): HTMLElement[] {
  if (first === "." && others.length === 0) return [];
  const more = others.length === 0 ? "" : ` and ${others.length} more`;
  return [el("div", { class: "quiet" }, `${first}${more}`)];
}

function inWords({ message, measured }: Finding): string {
  return measured === undefined ? message : `${message} (${measured})`;
}
