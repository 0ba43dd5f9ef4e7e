import { dirname, join, relative } from "node:path";

const doc = (...names) => names.map((name) => `docs/${name}.md`);

/** The menu: every page has its place here. */
export const GROUPS = [
  ["Begin", ["README.md", ...doc("START", "TEN-THOUSAND", "LIBRARY", "WHICH", "GLOSSARY")]],
  ["Scans", doc("READING", "CASES", "CONVERT", "DICOMWEB", "ARCHIVE", "ODD-FILES")],
  ["Lungs", doc("PARAMETERS", "ROBUST", "MODELS", "QUALITY", "MESHES", "GRT123-DIFFERENCES")],
  ["Runs", doc("BATCH", "QUEUE", "TABLES", "TRAINING", "PAGE", "CODES")],
  ["Trust", [...doc("TRUST", "PRIVACY", "PERFORMANCE"), "SECURITY.md"]],
  ["Project", [...doc("ARCHITECTURE"), "CONTRIBUTING.md", "CHANGELOG.md"]],
];

/** The anchor of a heading, as repository pages make it. */
export function slugOf(heading) {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\- _]/gu, "")
    .replaceAll(" ", "-");
}

/** The words of a text for the search, without marks. */
export function words(text) {
  return text
    .replace(/[`*|[\]]|\]\([^)]*\)/g, " ")
    .replace(/\s+/g, " ")
    .trim();
}

const escaped = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/"/g, "&quot;");

/** A whole page; `root` leads from it to the site's folder. */
export function pageOf(page, body, pages, root) {
  const title = (one) => (one.path === "README.md" ? "What pleura does" : one.title);
  const link = (path) => {
    const to = pages.find((one) => one.path === path);
    if (to === undefined) return "";
    const href = relative(dirname(join("/", page.html)), join("/", to.html));
    const current = path === page.path ? ' aria-current="page"' : "";
    return `<li><a href="${href}"${current}>${escaped(title(to))}</a></li>`;
  };
  const menu = GROUPS.map(([name, paths]) => `<h2>${name}</h2><ul>${paths.map(link).join("")}</ul>`).join("\n");
  return `<!doctype html>
<html lang="en" data-root="${root}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'">
<title>${escaped(title(page))} · pleura</title>
<link rel="icon" href="${root}/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="${root}/site.css">
<script defer src="${root}/site.js"></script>
</head>
<body>
<header><a href="${root}/index.html"><strong>pleura</strong></a>
<a href="${root}/app/index.html">Try it: phantoms, or your own scan</a>
<a href="${root}/api/index.html">Reference</a>
<input type="search" id="search" placeholder="Search" aria-label="Search the pages"></header>
<div id="found" role="status"></div>
<nav aria-label="Pages">${menu}</nav>
<main>${body}</main>
<footer>pleura is for research. It is not a medical device.</footer>
</body>
</html>
`;
}

export const STYLE = `:root { color-scheme: light dark; font: 16px/1.55 system-ui, sans-serif; }
body { display: grid; grid-template: auto auto 1fr auto / 15rem minmax(0, 1fr); margin: 0; }
header, #found, footer { grid-column: 1 / -1; padding: 0.6rem 1.2rem; }
header { display: flex; flex-wrap: wrap; gap: 1.2rem; align-items: center; border-bottom: 1px solid #8886; }
#search { margin-left: auto; font: inherit; padding: 0.2rem 0.5rem; }
#found:empty { display: none; }
nav { padding: 0 1.2rem; font-size: 0.9rem; }
nav h2 { font-size: 0.9rem; margin: 1.2rem 0 0.2rem; }
nav ul { list-style: none; margin: 0; padding: 0; }
nav [aria-current] { font-weight: bold; }
main { padding: 0 1.2rem 2rem; max-width: 52rem; }
main img { max-width: 100%; }
a { color: light-dark(#0b57d0, #8ab4f8); }
pre, table { overflow-x: auto; display: block; }
pre, code { background: #8882; border-radius: 3px; }
pre { padding: 0.8rem; }
pre code { background: none; }
td, th { border: 1px solid #8886; padding: 0.25rem 0.6rem; text-align: left; vertical-align: top; }
table { border-collapse: collapse; }
footer { border-top: 1px solid #8886; font-size: 0.9rem; }
/* On a phone the text comes first, and the list of pages below it. */
@media (max-width: 50rem) { body { display: flex; flex-direction: column; } nav { order: 1; } footer { order: 2; } }
`;

/** The search: sections that have all words, those with them in their titles first. */
export const SCRIPT = `const root = document.documentElement.dataset.root;
const found = document.getElementById("found");
document.getElementById("search").addEventListener("input", ({ target }) => {
  const asked = target.value.toLowerCase().split(/\\s+/).filter(Boolean);
  const rank = ({ title, words }) => {
    const t = title.toLowerCase();
    const w = words.toLowerCase();
    if (!asked.every((word) => t.includes(word) || w.includes(word))) return 0;
    return 1 + asked.filter((word) => t.includes(word)).length;
  };
  const hits = asked.length === 0 ? [] : INDEX.map((one) => [rank(one), one]).filter(([r]) => r > 0);
  hits.sort((a, b) => b[0] - a[0]);
  const list = document.createElement("ul");
  for (const [, { at, title }] of hits.slice(0, 15)) {
    const link = document.createElement("a");
    link.href = root + "/" + at;
    link.textContent = title.replaceAll("\`", "");
    const item = document.createElement("li");
    item.append(link);
    list.append(item);
  }
  found.replaceChildren(...(asked.length === 0 ? [] : hits.length === 0 ? ["Nothing found"] : [list]));
});
`;
