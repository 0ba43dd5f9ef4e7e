import type { CaseSummary } from "pleura/worker";
import { el } from "./dom.ts";

type Finding = CaseSummary["findings"][number];

/** So many are always in sight. */
const ALWAYS = 2;
/** What matters most comes first: what could not be put right, then what was read as it is. */
const ORDER: readonly Finding["severity"][] = ["fatal", "warning", "corrected"];

/** What is odd about a scan, at the head of its page. */
export class Findings {
  readonly element = el("section", { class: "findings", "aria-label": "Findings" });

  /** Shows these in place of the last ones. */
  show(findings: readonly Finding[]): void {
    const sorted = findings.toSorted((a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity));
    const rest = sorted.slice(ALWAYS);
    const more = el("details", {}, el("summary", {}, `${rest.length} more`), list(rest));
    const none = el("p", { class: "quiet" }, "Nothing odd was found.");
    this.element.replaceChildren(
      el("h2", {}, "Findings", el("small", {}, findings.length === 0 ? "" : String(findings.length))),
      el("div", {}, findings.length === 0 ? none : list(sorted.slice(0, ALWAYS)), ...(rest.length > 0 ? [more] : [])),
    );
  }
}

function list(findings: readonly Finding[]): HTMLElement {
  const items = findings.map(({ severity, message, measured }) =>
    el("li", { class: severity }, el("b", {}, severity), ` ${message}`, measured === undefined ? "" : ` (${measured})`),
  );
  return el("ul", {}, ...items);
}
