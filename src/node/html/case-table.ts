import { VERDICTS, type Verdict } from "../../quality/verdict.ts";
import type { CaseResult } from "../prep-options.ts";
import { html, type Markup, type Part } from "./markup.ts";

interface Column {
  readonly title: string;
  readonly numeric: boolean;
  /** Left out where there is little room. */
  readonly spare?: true;
  /** What a cell shows. */
  readonly cell: (result: CaseResult, id: string) => Part;
  /** What it is sorted by. */
  readonly key: (result: CaseResult) => string | number | undefined;
}

const lung = (side: "rightMl" | "leftMl" | "totalMl") => ({
  numeric: true,
  cell: (result: CaseResult) => whole(result.status === "failed" ? undefined : result.manifest.lungs[side]),
  key: (result: CaseResult) => (result.status === "failed" ? undefined : result.manifest.lungs[side]),
});

const COLUMNS: readonly Column[] = [
  {
    title: "Case",
    numeric: false,
    cell: (result, id) => html`<a href="#${id}">${result.case}</a>`,
    key: (result) => result.case,
  },
  {
    title: "Status",
    numeric: false,
    cell: ({ status }) => html`<span class="status ${status}">${status}</span>`,
    key: ({ status }) => status,
  },
  {
    title: "Lungs",
    numeric: false,
    cell: (result) => {
      const verdict = verdictOf(result);
      return verdict === undefined ? "" : html`<span class="verdict ${verdict}">${verdict}</span>`;
    },
    key: (result) => {
      const verdict = verdictOf(result);
      return verdict === undefined ? undefined : VERDICTS.indexOf(verdict);
    },
  },
  { title: "Right mL", spare: true, ...lung("rightMl") },
  { title: "Left mL", spare: true, ...lung("leftMl") },
  { title: "Both mL", ...lung("totalMl") },
  {
    title: "Findings",
    numeric: true,
    cell: (result) => findingsOf(result) ?? "",
    key: findingsOf,
  },
  {
    title: "Seconds",
    numeric: true,
    spare: true,
    cell: (result) => (secondsOf(result) ?? 0).toFixed(2),
    key: secondsOf,
  },
  {
    title: "Why it failed",
    numeric: false,
    spare: true,
    cell: (result) => (result.status === "failed" ? `${result.failure.stage}: ${result.failure.code}` : ""),
    key: (result) => (result.status === "failed" ? result.failure.code : ""),
  },
];

/** Anchor of the section about the case in a row, from 0. */
export function sectionId(row: number): string {
  return `case-${row + 1}`;
}

/**
 * The index of a run: one row a case.
 *
 * @param results - in the order in which they are listed
 * @param someFailed - whether a column says why
 * @returns the table in pieces
 */
export async function* caseTable(results: AsyncIterable<CaseResult>, someFailed: boolean): AsyncGenerator<Markup> {
  const columns = COLUMNS.filter(({ title }) => someFailed || title !== "Why it failed");
  yield html`<table class="index"><caption class="hidden">Cases of this run</caption>
<thead><tr><td class="glance"></td>${columns.map((column) => html`<th scope="col" class="${classes(column)}">${column.title}</th>`)}</tr></thead>
<tbody>
`;
  let row = 0;
  for await (const result of results) yield caseRow(result, sectionId(row++), columns);
  yield html`</tbody></table>`;
}

function caseRow(result: CaseResult, id: string, columns: readonly Column[]): Markup {
  const cells = columns.map((column, c) => {
    const content = column.cell(result, id);
    const key = column.key(result) ?? "";
    return c === 0
      ? html`<th scope="row" data-key="${key}">${content}</th>`
      : html`<td class="${classes(column)}" data-key="${key}">${content}</td>`;
  });
  return html`<tr data-case="${id}" data-kind="${kindsOf(result)}"><td class="glance"></td>${cells}</tr>
`;
}

/** The filters that a case answers to. */
function kindsOf(result: CaseResult): string {
  if (result.status === "failed") return "failed";
  const kinds = ["finished"];
  if (result.manifest.findings.length > 0) kinds.push("findings");
  if ((verdictOf(result) ?? "good") !== "good") kinds.push("suspect");
  return kinds.join(" ");
}

function verdictOf(result: CaseResult): Verdict | undefined {
  return result.status === "failed" ? undefined : result.manifest.quality?.verdict;
}

function findingsOf(result: CaseResult): number | undefined {
  return result.status === "failed" ? undefined : result.manifest.findings.length;
}

/** What the case took when it was computed; what it took to fail. */
function secondsOf(result: CaseResult): number {
  return (result.status === "failed" ? result.milliseconds : (result.manifest.milliseconds.total ?? 0)) / 1000;
}

function classes({ numeric, spare }: Column): string {
  return [numeric && "number", spare && "spare"].filter(Boolean).join(" ");
}

function whole(value: number | undefined): string {
  return value === undefined ? "" : String(Math.round(value));
}
