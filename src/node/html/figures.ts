import type { HuHistogram } from "../../pictures/hu-histogram.ts";
import { html, type Markup } from "./markup.ts";

const WIDTH = 320;
const HEIGHT = 120;
/** Room below the bars for the labels of the axis. */
const AXIS = 22;

/** The distribution of the lungs' values as a drawing of bars. */
export function histogramFigure({ low, step, counts, mean }: HuHistogram): Markup {
  const most = Math.max(1, ...counts);
  const total = Math.max(
    1,
    counts.reduce((sum, n) => sum + n, 0),
  );
  const bar = WIDTH / counts.length;
  const x = (hu: number) => ((hu - low) / (step * counts.length)) * WIDTH;
  const ticks = [-1000, -800, -600, -400, -200, 0];
  const peak = low + step * (counts.indexOf(most) + 0.5);
  const label = `Most voxels near ${hounsfield(peak)}, mean ${hounsfield(mean)}`;
  return html`<figure class="histogram">
<svg viewBox="0 0 ${WIDTH} ${HEIGHT + AXIS}" role="img" aria-label="${`Histogram of Hounsfield units inside the lungs. ${label}`}">
<g class="ticks">${ticks.map(
    (hu) =>
      html`<line x1="${fixed(x(hu))}" x2="${fixed(x(hu))}" y1="0" y2="${HEIGHT}"/><text x="${fixed(x(hu))}" y="${HEIGHT + 16}">${minus(hu)}</text>`,
  )}</g>
<g class="bars">${counts.map((n, i) => {
    const height = (n / most) * (HEIGHT - 4);
    const range = `${minus(low + i * step)} to ${minus(low + (i + 1) * step)} HU: ${((100 * n) / total).toFixed(1)} %`;
    return html`<rect x="${fixed(i * bar)}" y="${fixed(HEIGHT - height)}" width="${fixed(bar - 1)}" height="${fixed(height)}"><title>${range}</title></rect>`;
  })}</g>
<line class="mean" x1="${fixed(x(mean))}" x2="${fixed(x(mean))}" y1="0" y2="${HEIGHT}"/>
<line class="axis" x1="0" x2="${WIDTH}" y1="${HEIGHT}" y2="${HEIGHT}"/>
</svg>
<figcaption>${label}.</figcaption>
</figure>`;
}

/** A bar from the left, its length a share of the cell's width. */
export function shareBar(share: number): Markup {
  return html`<svg class="share" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true"><rect width="${fixed(100 * share)}" height="6"/></svg>`;
}

/** A value in Hounsfield units, with a true minus sign. */
export function hounsfield(value: number): string {
  return `${minus(Math.round(value))} HU`;
}

function minus(value: number): string {
  return String(value).replace("-", "−");
}

function fixed(value: number): string {
  return String(Math.round(value * 10) / 10);
}
