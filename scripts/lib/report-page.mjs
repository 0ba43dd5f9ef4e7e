import { encodePng } from "pleura";

/**
 * One page that needs no other file: the steps as pictures, what they took, and what was found.
 *
 * @param manifest the case's manifest
 * @param steps from `drawSteps`
 * @returns HTML
 */
export function reportPage(manifest, steps) {
  const { lungs, geometry, milliseconds, findings } = manifest;
  const { total, ...stages } = milliseconds;
  const longest = Math.max(...Object.values(stages));
  const figures = steps.map(
    ({ title, caption, axial, coronal }) => `
    <figure>
      ${image(axial, `${title}, axial`)}
      ${image(coronal, `${title}, coronal`)}
      <figcaption><b>${text(title)}</b><br>${text(caption)}</figcaption>
    </figure>`,
  );
  const times = Object.entries(stages).map(
    ([stage, ms]) => `
    <tr><th>${text(stage)}</th><td>${ms.toFixed(1)}</td>
      <td><span class="bar" style="width:${((100 * ms) / longest).toFixed(1)}%"></span></td></tr>`,
  );
  const facts = [
    ["Scan", grid(geometry.original)],
    ["Saved", grid({ shape: geometry.shape, spacing: geometry.resampled.spacing })],
    ["Right lung", millilitres(lungs.rightMl)],
    ["Left lung", millilitres(lungs.leftMl)],
    ["Erosions until the lungs fell apart", lungs.erosions],
    ["Slices cut from the top", lungs.cut],
    ["Findings", findings.length === 0 ? "none" : findings.map((finding) => finding.message).join("; ")],
  ].map(([name, value]) => `<tr><th>${text(name)}</th><td>${text(value)}</td></tr>`);
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${text(manifest.case)} - pleura</title>
<style>
  body { margin: 2rem auto; max-width: 84rem; padding: 0 1rem; background: #0d1117; color: #c9d1d9; font: 15px/1.5 system-ui, sans-serif; }
  h1 { font-size: 1.4rem; font-weight: 600; color: #f0f6fc; }
  h2 { margin-top: 2.5rem; font-size: 1.05rem; font-weight: 600; color: #f0f6fc; }
  .steps { display: grid; grid-template-columns: repeat(auto-fill, minmax(19rem, 1fr)); gap: 1.5rem; }
  figure { margin: 0; padding: .75rem; background: #161b22; border-radius: 8px; }
  img { display: block; width: 100%; height: 15rem; object-fit: contain; margin-bottom: .5rem; }
  figcaption b { color: #f0f6fc; }
  .tables { display: flex; flex-wrap: wrap; gap: 4rem; }
  th { padding: .2rem 2rem .2rem 0; font-weight: 400; text-align: left; color: #8b949e; }
  td { padding: .2rem 1rem .2rem 0; font-variant-numeric: tabular-nums; }
  .times td:nth-child(2) { text-align: right; }
  .times td:nth-child(3) { width: 16rem; }
  .bar { display: block; height: .6rem; min-width: 1px; border-radius: 3px; background: #2dd4bf; }
  .right { color: rgb(45 212 191); } .left { color: rgb(251 171 90); }
</style>
<h1>${text(manifest.case)}</h1>
<p>From a series of DICOM files to the input of a network in ${Math.round(total)} ms.
  The <span class="right">right</span> and the <span class="left">left</span> lung; the patient's left is on the right.</p>
<div class="steps">${figures.join("")}
</div>
<div class="tables">
  <div><h2>What it took, ms</h2><table class="times">${times.join("")}</table></div>
  <div><h2>What was found</h2><table>${facts.join("")}</table></div>
</div>
</html>
`;
}

function image(picture, alt) {
  const data = Buffer.from(encodePng(picture)).toString("base64");
  return `<img src="data:image/png;base64,${data}" alt="${text(alt)}">`;
}

function grid({ shape, spacing }) {
  return `${shape.join(" × ")} voxels of ${spacing.map((mm) => Number(mm.toFixed(3))).join(" × ")} mm`;
}

function millilitres(volume) {
  return volume === undefined ? "not told apart" : `${Math.round(volume)} mL`;
}

function text(value) {
  return String(value).replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]);
}
