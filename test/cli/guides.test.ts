import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "../..");
const pages = ["README.md", ...readdirSync(join(ROOT, "docs")).map((file) => `docs/${file}`)].filter((file) =>
  file.endsWith(".md"),
);

test("the TypeScript of the pages compiles against the package's types", () => {
  const texts = new Map<string, string>();
  for (const page of pages) {
    const blocks = readFileSync(join(ROOT, page), "utf8").matchAll(/^```ts\n([\s\S]*?)^```$/gm);
    for (const [i, [, code]] of [...blocks].entries()) {
      texts.set(join(ROOT, `test/cli/${page.replace("/", "-")}-${i}.ts`), `${code}\nexport {};\n`);
    }
  }
  expect(texts.size).toBeGreaterThan(3);
  const { config } = ts.readConfigFile(join(ROOT, "tsconfig.json"), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files: [] }, ts.sys, ROOT);
  options.paths = { ...options.paths, "pleura/node": ["./src/node/index.ts"] };
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (file) => texts.has(file) || fileExists(file);
  host.readFile = (file) => texts.get(file) ?? readFile(file);
  host.getSourceFile = (file, version) => {
    const text = texts.get(file);
    return text === undefined ? getSourceFile(file, version) : ts.createSourceFile(file, text, version);
  };
  const program = ts.createProgram([...texts.keys()], options, host);
  const problems = [...texts.keys()].flatMap((file) => {
    const source = program.getSourceFile(file)!;
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(
      ({ messageText }) => `${file}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`,
    );
  });
  expect(problems).toEqual([]);
}, 60_000);

test("the commands and options in shell examples exist", () => {
  const folder = join(ROOT, "src/cli");
  const sources = readdirSync(folder).map((file) => readFileSync(join(folder, file), "utf8"));
  const known = new Set(sources.flatMap((text) => Array.from(text.matchAll(/--[a-z-]+/g), ([flag]) => flag)));
  const commands = new Set(
    sources.flatMap((text) => Array.from(text.matchAll(/(?:command|Command)\(\s*"([a-z-]+)/g), ([, name]) => name)),
  );
  const lines = pages.flatMap((page) => readFileSync(join(ROOT, page), "utf8").match(/^ *npx pleura .+$/gm) ?? []);
  expect(lines.length).toBeGreaterThan(10);
  const wrong = lines.filter((line) => {
    const [, , command] = line.trim().split(/\s+/);
    const flags = line.match(/(?<= )--[a-z-]+/g) ?? [];
    return !commands.has(command!) || flags.some((flag) => !known.has(flag));
  });
  expect(wrong).toEqual([]);
});

test("links and anchors between the pages lead somewhere", () => {
  const anchorsOf = (text: string): string[] =>
    Array.from(text.matchAll(/^#+ (.+)$/gm), ([, title]) =>
      title!
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\- _]/gu, "")
        .replaceAll(" ", "-"),
    );
  const wrong: string[] = [];
  for (const page of [...pages, "CONTRIBUTING.md", "SECURITY.md"]) {
    const text = readFileSync(join(ROOT, page), "utf8").replace(/^```[\s\S]*?^```$/gm, "");
    for (const [, target] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(target!)) continue;
      const [file = "", anchor] = target!.split("#");
      const path = file === "" ? join(ROOT, page) : join(ROOT, dirname(page), file);
      if (!existsSync(path)) wrong.push(`${page}: ${target}`);
      else if (anchor !== undefined && !anchorsOf(readFileSync(path, "utf8")).includes(anchor)) {
        wrong.push(`${page}: ${target}`);
      }
    }
  }
  expect(wrong).toEqual([]);
});
