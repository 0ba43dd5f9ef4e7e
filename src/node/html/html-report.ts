import { createHash } from "node:crypto";
import { counted } from "../../counted.ts";
import { readCasePreview } from "../case-preview.ts";
import type { RunReport } from "../run-report.ts";
import { writeWholeFile } from "../staging.ts";
import { reportedCases } from "../write-report.ts";
import { caseSection } from "./case-section.ts";
import { caseTable, sectionId } from "./case-table.ts";
import { html, Markup } from "./markup.ts";
import { SCRIPT } from "./script.ts";
import { STYLE } from "./style.ts";

/**
 * Writes a run as one HTML file that needs nothing else: an index that sorts and filters, and for
 * each case its pictures, volumes, findings and times. It may load nothing, from nowhere; scripts
 * and styles are let in by their digests only.
 *
 * Cases are written one after the other, so the page may be larger than the memory. It is there
 * whole or not at all.
 *
 * @param path - file to write; its folder is made if missing
 * @param out - the run's output folder, with the `<case>_preview.json` of a run with `preview`
 * @param report - from `prepAll`
 * @throws PleuraError `write-failed`
 *
 * @example
 * const report = await prepAll(["scans"], { out: "prepared", preview: true });
 * await writeHtmlReport("prepared/report.html", "prepared", report);
 */
export async function writeHtmlReport(path: string, out: string, report: RunReport): Promise<void> {
  await writeWholeFile(path, pageParts(out, report));
}

async function* pageParts(out: string, report: RunReport): AsyncGenerator<string> {
  yield pageHead(report).source;
  for await (const part of caseTable(reportedCases(out, report), report.failed > 0)) yield part.source;
  yield html`</div></section>
<div id="sections">
`.source;
  let row = 0;
  for await (const result of reportedCases(out, report)) {
    const preview = result.status === "failed" ? undefined : await readCasePreview(out, result.case);
    yield caseSection(result, sectionId(row++), preview).source;
  }
  yield html`</div></main>
<script>${new Markup(SCRIPT)}</script>
</body></html>
`.source;
}

function pageHead(report: RunReport): Markup {
  const { cases, done, skipped, failed, workers, milliseconds, version } = report;
  const policy = [
    "default-src 'none'",
    "img-src data:",
    `style-src ${digest(STYLE)}`,
    `script-src ${digest(SCRIPT)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  const outcomes = [`${done} done`, skipped > 0 && `${skipped} finished before`, `${failed} failed`].filter(Boolean);
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="dark light">
<title>${cases.length === 1 ? cases[0]!.case : counted(cases.length, "case")} - pleura</title>
<style>${new Markup(STYLE)}</style></head>
<body><a class="skip" href="#sections">Skip to the pictures</a>
<header><h1>pleura</h1>
<p>${outcomes.join(", ")} in ${(milliseconds / 1000).toFixed(1)} s with ${counted(workers, "process", "processes")}; version ${version}</p>
<p class="key"><span class="right">Right lung</span> <span class="left">Left lung</span> Seen from the front and in axial and coronal slices, the patient's left is on the right.</p></header>
<main><section id="cases" aria-labelledby="cases-title"><h2 id="cases-title">Cases</h2>
<form class="filter" hidden><label>Find <input type="search" name="text" autocomplete="off" spellcheck="false"></label>
<fieldset><legend class="hidden">Show</legend>${[
    ["all", "All"],
    ["finished", "Finished"],
    ["suspect", "Lungs in doubt"],
    ["findings", "With findings"],
    ["failed", "Failed"],
  ].map(
    ([value, label]) =>
      html`<label><input type="radio" name="kind" value="${value}"${value === "all" && new Markup(" checked")}><span>${label}</span></label>`,
  )}</fieldset>
<output aria-live="polite"></output></form>
<div class="scroll">`;
}

/** What a content security policy lets in: the digest of an inline script or style. */
function digest(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}
