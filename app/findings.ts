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
  show(findings: readonly Finding[], quality?: CaseSummary["quality"]): void {
    const doubts = quality === undefined || quality.verdict === "good" ? [] : doubtsOf(quality);
    const odd = findings.toSorted((a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity));
    const sorted: readonly Line[] = [...doubts, ...odd];
    const rest = sorted.slice(ALWAYS);
    const more = el("details", {}, el("summary", {}, `${rest.length} more`), list(rest));
    const none = el("p", { class: "quiet" }, "Nothing odd was found.");
    this.element.replaceChildren(
      el("h2", {}, "Findings", el("small", {}, sorted.length === 0 ? "" : String(sorted.length))),
      el("div", {}, sorted.length === 0 ? none : list(sorted.slice(0, ALWAYS)), ...(rest.length > 0 ? [more] : [])),
    );
  }
}

/** A line of the list: a finding, or a reason to doubt the lungs. */
type Line = Pick<Finding, "severity" | "message" | "measured"> & { readonly word?: string };

function doubtsOf({ verdict, reasons }: CaseSummary["quality"]): Line[] {
  const severity = verdict === "bad" ? "fatal" : "warning";
  return reasons.map(({ text, limit, unit }) => ({
    severity,
    word: verdict,
    message: `${text}; sound lungs: ${limit} ${unit}`.trim(),
  }));
}

function list(findings: readonly Line[]): HTMLElement {
  const items = findings.map(({ severity, word = severity, message, measured }) =>
    el("li", { class: severity }, el("b", {}, word), ` ${message}`, measured === undefined ? "" : ` (${measured})`),
  );
  return el("ul", {}, ...items);
}
