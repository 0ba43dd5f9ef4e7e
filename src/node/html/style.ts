/** The report's style: an instrument, dark around the images, one accent colour. */
export const STYLE = `
:root { --back: #0d1117; --panel: #151b23; --line: #2a313c; --text: #c9d1d9; --strong: #f0f6fc; --quiet: #8b949e; --accent: #2dd4bf; --left: #fbab5a; --bad: #ff7b72; --image: #0d1117; }
@media (prefers-color-scheme: light) {
  :root { --back: #f6f7f9; --panel: #fff; --line: #d5dae1; --text: #2b333d; --strong: #10151b; --quiet: #5a6470; --accent: #0f766e; --left: #a85a08; --bad: #b42318; }
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
body { margin: 0 auto; max-width: 90rem; padding: 1.5rem clamp(.75rem, 3vw, 2.5rem) 3rem; background: var(--back); color: var(--text); font: 15px/1.5 system-ui, sans-serif; }
h1, h2, h3 { color: var(--strong); font-weight: 600; line-height: 1.25; }
h1 { margin: 0; font-size: 1.35rem; }
h2 { margin: 0 0 1rem; font-size: 1.1rem; overflow-wrap: anywhere; }
h3 { margin: 0 0 .5rem; font-size: .95rem; }
header p { margin: .25rem 0 0; color: var(--quiet); font-variant-numeric: tabular-nums; }
a { color: var(--accent); text-decoration: none; }
a:hover { text-decoration: underline; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.skip { position: absolute; left: -100vw; }
.skip:focus { left: 1rem; top: .5rem; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.key span { margin-right: 1rem; color: var(--text); white-space: nowrap; }
.key span::before { content: ""; display: inline-block; width: .7em; height: .7em; margin-right: .45em; border-radius: 2px; background: #2dd4bf; }
.key .left::before { background: #fbab5a; }
#cases { margin-top: 2rem; }
.filter { display: flex; flex-wrap: wrap; gap: .75rem 1.5rem; align-items: center; margin-bottom: .75rem; }
.filter input[type=search] { width: 14rem; max-width: 60vw; margin-left: .4rem; padding: .35rem .6rem; border: 1px solid var(--line); border-radius: 6px; background: var(--panel); color: var(--strong); font: inherit; }
fieldset { display: flex; margin: 0; padding: 0; border: 1px solid var(--line); border-radius: 6px; overflow: clip; }
fieldset label { position: relative; cursor: pointer; }
fieldset label + label { border-left: 1px solid var(--line); }
fieldset input { position: absolute; inset: 0; margin: 0; opacity: 0; cursor: pointer; }
fieldset span { display: block; padding: .35rem .75rem; background: var(--panel); white-space: nowrap; }
fieldset input:checked + span { color: var(--back); background: var(--accent); }
fieldset input:focus-visible + span { outline: 2px solid var(--strong); outline-offset: -4px; }
.filter output { color: var(--quiet); font-variant-numeric: tabular-nums; }
.scroll { overflow-x: auto; border: 1px solid var(--line); border-radius: 8px; background: var(--panel); }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th { font-weight: 400; text-align: left; }
.number { text-align: right; }
.index { width: 100%; }
.index th, .index td { padding: .45rem .9rem; border-bottom: 1px solid var(--line); white-space: nowrap; }
.index tbody tr:last-child > * { border-bottom: 0; }
.index tbody th { max-width: 22rem; overflow: hidden; text-overflow: ellipsis; }
.index img { display: block; width: 2.6rem; height: 2.6rem; margin: -.3rem 0 -.3rem -.3rem; border-radius: 4px; }
.index tbody tr { height: 3rem; }
.index tbody .glance { padding-right: 0; }
.index thead th { padding: 0; color: var(--quiet); font-size: .85rem; }
.index thead button { width: 100%; padding: .5rem .9rem; border: 0; background: none; color: inherit; font: inherit; text-align: inherit; cursor: pointer; }
.index thead button:hover { color: var(--strong); }
.index thead button:focus-visible { outline-offset: -3px; }
[aria-sort] button { color: var(--strong); }
[aria-sort] button::after { content: " ↑"; }
[aria-sort=descending] button::after { content: " ↓"; }
.index tbody tr:hover { background: color-mix(in srgb, var(--accent) 8%, transparent); }
.status { color: var(--quiet); font-size: .85rem; font-weight: 400; }
.status.failed { color: var(--bad); }
.verdict { font-size: .85rem; }
.verdict.doubtful, .verdict.bad { color: var(--bad); }
.verdict.bad { font-weight: 600; }
.case { margin-top: 2.5rem; padding-top: 1.5rem; border-top: 1px solid var(--line); content-visibility: auto; contain-intrinsic-size: auto 1500px; }
.pictures { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: .5rem; }
figure { margin: 0; }
.pictures figure { position: relative; display: flex; align-items: center; justify-content: center; padding: .5rem .5rem 1.9rem; border-radius: 6px; background: var(--image); box-shadow: inset 0 0 0 1px #ffffff14; }
.pictures img { display: block; width: 100%; height: 19rem; object-fit: contain; }
.pictures .surface img { height: 23rem; }
.pictures figcaption { position: absolute; left: .75rem; bottom: .4rem; color: #9aa4b0; font-size: .8rem; }
.details { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(19rem, 100%), 1fr)); gap: 1.5rem 2.5rem; margin-top: 1.25rem; }
.facts { margin: 0; font-variant-numeric: tabular-nums; }
.facts div { display: flex; gap: 1rem; justify-content: space-between; padding: .2rem 0; border-bottom: 1px solid var(--line); }
dt { color: var(--quiet); }
dd { margin: 0; text-align: right; }
.findings { margin: 0; padding: 0; list-style: none; }
.findings li { padding: .3rem 0; border-bottom: 1px solid var(--line); }
code { font: .85em ui-monospace, monospace; color: var(--strong); }
code.warning { color: var(--left); }
.measured, .none { color: var(--quiet); }
.none { margin: 0; }
.stages { width: 100%; }
.stages th, .stages td { padding: .2rem .75rem .2rem 0; border-bottom: 1px solid var(--line); }
.stages thead th, .stages tbody th { color: var(--quiet); }
.stages td:last-child { width: 55%; padding-right: 0; }
.stages tfoot > tr > * { border-bottom: 0; color: var(--strong); }
.share { display: block; width: 100%; height: .45rem; }
.share rect, .bars rect { fill: var(--accent); }
.histogram svg { display: block; overflow: visible; width: 100%; height: auto; }
.histogram figcaption { color: var(--quiet); font-size: .85rem; }
.ticks line { stroke: var(--line); }
.ticks text { fill: var(--quiet); font-size: 11px; text-anchor: middle; }
.axis { stroke: var(--quiet); }
.mean { stroke: var(--left); stroke-width: 1.5; stroke-dasharray: 4 3; }
.failure { margin: 0 0 1rem; padding: .6rem .9rem; border-left: 3px solid var(--bad); background: var(--panel); overflow-wrap: anywhere; }
.failure + .facts { max-width: 44rem; }
.up { margin: 1rem 0 0; font-size: .85rem; }
@media (max-width: 60rem) {
  .pictures img, .pictures .surface img { height: 30vw; }
}
@media (max-width: 40rem) {
  .spare { display: none; }
  .index th, .index td, .index thead button { padding-left: .4rem; padding-right: .4rem; }
  .index img { width: 2rem; height: 2rem; margin-left: 0; }
  .index thead th { padding: 0; }
  .index tbody th { max-width: 7.5rem; }
  .pictures { grid-template-columns: repeat(2, minmax(0, 1fr)); gap: .35rem; }
  .pictures img, .pictures .surface img { height: 44vw; }
  .pictures .slice + .surface { grid-column: 1 / -1; }
  .pictures .slice + .surface img { height: 70vw; }
  fieldset { flex-wrap: wrap; }
  fieldset span { padding: .35rem .6rem; }
}
@media print {
  .filter, .up, .skip { display: none; }
  .case { content-visibility: visible; break-before: page; }
}
`;
