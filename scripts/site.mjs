/**
 * Builds the site into `site/`: the pages of `docs`, the reference of the public names, and the page that computes,
 * all static, with relative addresses only, so that any path of any server will do. `npm run build` comes first.
 *
 *   npm run site             # build it, and check every link and anchor
 *   npm run site -- --visit  # and visit it below /x/y/ in Chromium
 */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import MarkdownIt from "markdown-it";
import { Application } from "typedoc";
import { ROOT } from "./lib/paths.mjs";
import { checkLinks } from "./lib/site-links.mjs";
import { GROUPS, pageOf, SCRIPT, STYLE, slugOf, words } from "./lib/site-page.mjs";

const SITE = join(ROOT, "site");
rmSync(SITE, { recursive: true, force: true });
mkdirSync(join(SITE, "docs"), { recursive: true });

await buildReference();
if (!existsSync(join(ROOT, "dist/app/index.html"))) throw new Error("dist/app is missing: run npm run build first");
cpSync(join(ROOT, "dist/app"), join(SITE, "app"), { recursive: true, filter: (file) => !file.endsWith(".map") });
cpSync(join(ROOT, "docs/images"), join(SITE, "docs/images"), { recursive: true });
cpSync(join(ROOT, "docs/examples"), join(SITE, "docs/examples"), { recursive: true });
cpSync(join(ROOT, "schemas"), join(SITE, "schemas"), { recursive: true });
for (const name of ["CITATION.cff", "LICENSE"]) cpSync(join(ROOT, name), join(SITE, name));
cpSync(join(ROOT, "app/public/icon.svg"), join(SITE, "icon.svg"));

/** Markdown of the repository, by its path there; the README is the first page. */
const sources = [
  "README.md",
  "CHANGELOG.md",
  "CONTRIBUTING.md",
  "SECURITY.md",
  ...readdirSync(join(ROOT, "docs"))
    .filter((file) => file.endsWith(".md"))
    .map((file) => `docs/${file}`),
];
const htmlName = (path) => (path === "README.md" ? "index.html" : path.replace(/\.md$/, ".html"));
const pages = sources.map((path) => ({ path, html: htmlName(path), text: readFileSync(join(ROOT, path), "utf8") }));
for (const page of pages) page.title = /^# (.+)$/m.exec(page.text)[1];
const unlisted = pages.filter(({ path }) => !GROUPS.some(([, paths]) => paths.includes(path)));
if (unlisted.length > 0) throw new Error(`not in the menu: ${unlisted.map(({ path }) => path).join(", ")}`);

const index = [];
for (const page of pages) {
  const markdown = new MarkdownIt({ html: false });
  const { body, sections } = render(markdown, page);
  index.push(...sections);
  const root = relative(dirname(join(SITE, page.html)), SITE) || ".";
  writeFileSync(join(SITE, page.html), pageOf(page, body, pages, root));
}
writeFileSync(join(SITE, "site.css"), STYLE);
// A script, not JSON: pages that were opened from the disk may load scripts only.
writeFileSync(join(SITE, "site.js"), `const INDEX = ${JSON.stringify(index)};\n${SCRIPT}`);

const { files, links, broken } = checkLinks(SITE);
for (const line of broken) console.error(line);
console.log(`site/: ${files} pages, ${links} links, ${broken.length} broken`);
if (broken.length > 0) process.exitCode = 1;
else if (process.argv.includes("--visit")) await (await import("./lib/site-visit.mjs")).visit(SITE);

/** HTML of a page, whose links to Markdown lead to HTML, and its sections for the search. */
function render(markdown, { path, html, title, text }) {
  const tokens = markdown.parse(text, {});
  const sections = [{ at: html, title, words: "" }];
  for (const [i, token] of tokens.entries()) {
    if (token.type === "heading_open") {
      const heading = tokens[i + 1].content;
      token.attrSet("id", slugOf(heading));
      if (token.tag !== "h1")
        sections.push({ at: `${html}#${slugOf(heading)}`, title: `${title}: ${heading}`, words: "" });
    } else if (token.type === "inline" || token.type === "fence") {
      sections.at(-1).words += ` ${words(token.content)}`;
      for (const child of token.children ?? []) {
        const href = child.attrGet("href");
        if (child.type === "link_open" && !/^[a-z]+:/.test(href))
          child.attrSet("href", href.replace(/\.md(?=#|$)/, ".html"));
        if (child.type === "link_open" && /README\.html/.test(href)) throw new Error(`${path} links to the README`);
      }
    }
  }
  return { body: markdown.renderer.render(tokens, markdown.options, {}), sections };
}

/** The public names, by typedoc. */
async function buildReference() {
  const app = await Application.bootstrapWithPlugins({
    options: join(ROOT, "typedoc.json"),
    emit: "docs",
    name: "pleura",
    readme: "none",
    githubPages: false,
    includeHierarchySummary: false,
    // Without one, browsers ask the root of the server for it.
    favicon: join(ROOT, "app/public/icon.svg"),
    logLevel: "Warn",
    skipErrorChecking: true,
  });
  const project = await app.convert();
  if (project === undefined) throw new Error("typedoc cannot read the sources");
  await app.generateDocs(project, join(SITE, "api"));
}
