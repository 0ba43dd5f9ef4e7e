/**
 * The report's script: makes the headings of the index sort it, shows the filter and lets it hide
 * rows and sections, and repeats each case's surface in its row. Without it the page shows everything in the order of the run.
 */
export const SCRIPT = `
"use strict";
const table = document.querySelector("table.index");
const body = table.tBodies[0];
const form = document.querySelector("form.filter");
const sections = document.getElementById("sections");
const sectionOf = (row) => document.getElementById(row.dataset.case);

function compare(a, b) {
  if (a === b) return 0;
  if (a === "") return 1;
  if (b === "") return -1;
  const difference = Number(a) - Number(b);
  return Number.isNaN(difference) ? a.localeCompare(b, undefined, { numeric: true }) : difference;
}

function sortBy(heading) {
  const column = heading.cellIndex;
  const descending = heading.getAttribute("aria-sort") === "ascending";
  for (const other of heading.parentNode.cells) other.removeAttribute("aria-sort");
  heading.setAttribute("aria-sort", descending ? "descending" : "ascending");
  const key = (row) => row.cells[column].dataset.key;
  const rows = [...body.rows].sort((a, b) => {
    const [first, second] = descending && key(a) !== "" && key(b) !== "" ? [b, a] : [a, b];
    return compare(key(first), key(second));
  });
  body.append(...rows);
  sections.append(...rows.map(sectionOf));
}

function filter() {
  const text = form.elements.text.value.trim().toLowerCase();
  const kind = form.elements.kind.value;
  let shown = 0;
  for (const row of body.rows) {
    const fits = row.textContent.toLowerCase().includes(text) && (kind === "all" || row.dataset.kind.split(" ").includes(kind));
    row.hidden = !fits;
    sectionOf(row).hidden = !fits;
    shown += Number(fits);
  }
  form.querySelector("output").value = shown + " of " + body.rows.length + " shown";
}

for (const row of body.rows) {
  const surface = sectionOf(row).querySelector(".surface img");
  if (surface === null) continue;
  const glance = new Image();
  glance.alt = "";
  glance.loading = "lazy";
  glance.src = surface.src;
  row.cells[0].append(glance);
}
for (const heading of table.tHead.querySelectorAll("th")) {
  const button = document.createElement("button");
  button.type = "button";
  button.append(...heading.childNodes);
  heading.append(button);
  button.addEventListener("click", () => sortBy(heading));
}
form.addEventListener("input", filter);
form.addEventListener("submit", (event) => event.preventDefault());
form.hidden = false;
filter();
`;
