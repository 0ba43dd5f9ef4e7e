import type { CaseManifest } from "../../case/manifest.ts";
import { counted } from "../../counted.ts";
import type { Quality } from "../../quality/verdict.ts";
import type { CasePreview } from "../case-preview.ts";
import type { CaseFailure } from "../failure.ts";
import type { CaseResult } from "../prep-options.ts";
import { histogramFigure, shareBar } from "./figures.ts";
import { html, type Markup } from "./markup.ts";

/**
 * Everything about one case.
 *
 * @param result - how it ended
 * @param id - anchor of the section
 * @param preview - its pictures; a failed case has none
 */
export function caseSection(result: CaseResult, id: string, preview: CasePreview | undefined): Markup {
  return html`<section class="case" id="${id}" aria-labelledby="${id}-name" data-case="${id}">
<h2 id="${id}-name">${result.case} <span class="status ${result.status}">${result.status}</span></h2>
${result.status === "failed" ? failureText(result.failure) : [preview && pictures(preview), details(result.manifest, preview)]}
<p class="up"><a href="#cases">All cases</a></p>
</section>
`;
}

function failureText({ stage, code, message, measured, limit }: CaseFailure): Markup {
  return html`<p class="failure">${message}</p>
<dl class="facts">${fact("Stage", stage)}${fact("Code", code)}${measured && fact("Measured", measured)}${limit && fact("Limit", limit)}</dl>
`;
}

function pictures({ pictures: all }: CasePreview): Markup {
  const figure = ({ kind, title, width, height, png }: CasePreview["pictures"][number]) =>
    html`<figure class="${kind}"><img src="data:image/png;base64,${png}" width="${width}" height="${height}" alt="${alt(kind, title)}" loading="lazy" decoding="async"><figcaption>${title}</figcaption></figure>
`;
  return html`<div class="pictures">
${all.map(figure)}</div>
`;
}

function alt(kind: CasePreview["pictures"][number]["kind"], title: string): string {
  if (kind === "nodule") return `${title}: axial, coronal and sagittal slice of clean with the nodule's box`;
  return kind === "slice"
    ? `${title}: slice with both lungs outlined`
    : `Surface of both lungs, ${title.toLowerCase()}`;
}

function details(
  { lungs, geometry, input, quality, findings, milliseconds }: CaseManifest,
  preview: CasePreview | undefined,
): Markup {
  const { original, resampled } = geometry;
  return html`<div class="details">
<div><h3>Lungs</h3><dl class="facts">
${fact("Right", millilitres(lungs.rightMl))}${fact("Left", millilitres(lungs.leftMl))}${fact("Both", millilitres(lungs.totalMl))}
${fact("Separated", lungs.separated ? `after ${counted(lungs.erosions, "erosion")}` : "no: dilated as one")}
${fact("Cut from the top", counted(lungs.cut, "slice"))}
${fact("Scan", voxels(original.shape))}${fact("Spacing", millimetres(original.spacing))}
${fact("Clean", voxels(geometry.shape))}${fact("Clean spacing", millimetres(resampled.spacing))}
${fact("Files read", `${input.files}, ${(input.bytes / 2 ** 20).toFixed(1)} MiB`)}
</dl></div>
${quality && html`<div><h3>Lungs are ${quality.verdict}</h3>${reasonList(quality.reasons)}</div>`}
<div><h3>Findings</h3>${findingList(findings)}</div>
<div><h3>Time</h3>${stageTable(milliseconds)}</div>
${preview && html`<div><h3>Values inside the lungs</h3>${histogramFigure(preview.histogram)}</div>`}
</div>
`;
}

function reasonList(reasons: Quality["reasons"]): Markup {
  if (reasons.length === 0) return html`<p class="none">Nothing about them is unusual.</p>`;
  return html`<ul class="findings">${reasons.map(
    ({ code, text, limit, unit }) =>
      html`<li><code class="warning">${code}</code> ${text} <span class="measured">limit ${String(limit)} ${unit}</span></li>`,
  )}</ul>`;
}

function findingList(findings: CaseManifest["findings"]): Markup {
  if (findings.length === 0) return html`<p class="none">None.</p>`;
  return html`<ul class="findings">${findings.map(
    ({ code, severity, message, measured, limit }) =>
      html`<li><code class="${severity}">${code}</code> ${message}${measured !== undefined && html` <span class="measured">${measured}${limit !== undefined && `; limit ${limit}`}</span>`}</li>`,
  )}</ul>`;
}

function stageTable({ total = 0, ...stages }: CaseManifest["milliseconds"]): Markup {
  const laps = Object.entries(stages);
  const longest = Math.max(1, ...laps.map(([, ms]) => ms));
  return html`<table class="stages"><thead><tr><th scope="col">Stage</th><th scope="col" class="number">ms</th><th><span class="hidden">Share</span></th></tr></thead>
<tbody>${laps.map(([stage, ms]) => html`<tr><th scope="row">${stage}</th><td class="number">${ms.toFixed(1)}</td><td>${shareBar(ms / longest)}</td></tr>`)}</tbody>
<tfoot><tr><th scope="row">total</th><td class="number">${total.toFixed(1)}</td><td></td></tr></tfoot></table>`;
}

function fact(name: string, value: string): Markup {
  return html`<div><dt>${name}</dt><dd>${value}</dd></div>`;
}

function voxels(shape: readonly number[]): string {
  return `${shape.join(" × ")} voxels`;
}

function millimetres(spacing: readonly number[]): string {
  return `${spacing.map((mm) => Number(mm.toFixed(3))).join(" × ")} mm`;
}

function millilitres(volume: number): string {
  return `${Math.round(volume)} mL`;
}
