// Compiles kernels/*.ts (AssemblyScript) and writes the module's bytes as src/simd/module.ts, so that it needs no
// loading of files and no network, and the types of its functions as src/simd/exports.ts. With --check it only says
// whether they agree.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";

const root = fileURLToPath(new URL("..", import.meta.url));
const bytes = (await compile([])).get("kernels.wasm");
// For the declarations only: with bindings the module would hold what they need.
const declarations = (await compile(["--bindings", "raw"])).get("kernels.d.ts");
const rows = Buffer.from(bytes)
  .toString("base64")
  .match(/.{1,116}/g)
  .map((row) => `  "${row}"`);
const HEAD = "// Made by scripts/build-kernels.mjs from kernels/; do not edit.\n\n";
const files = {
  "src/simd/module.ts": `${HEAD}/** The SIMD module, ${bytes.length} bytes of WebAssembly, as base64: a list of numbers takes engines longer to read. */
export const MODULE: string =
${rows.join(" +\n")};
`,
  "src/simd/exports.ts": `${HEAD}/** The functions of the SIMD module; pointers are byte offsets in its memory. What they do is told in kernels/. */
export interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
${functionsOf(declarations).join("\n")}
}
`,
};
for (const [file, text] of Object.entries(files)) {
  if (!process.argv.includes("--check")) writeFileSync(`${root}${file}`, text);
  else if (readFileSync(`${root}${file}`, "utf8") !== text) {
    console.error(`${file} is not what kernels/ compiles to: run npm run build:kernels`);
    process.exit(1);
  }
}

/** The functions of the compiler's declarations, each with the file that it is in, as members of an interface. */
function functionsOf(declarations) {
  const found = [
    ...declarations.matchAll(/\* (kernels\/[\w-]+)\/\w+\n(?:(?!\*\/)[\s\S])*\*\/\s+export function ([^\n]+)/g),
  ];
  // Without the compiler's bindings a truth value comes back as 0 or 1, and a structure is a pointer.
  return found.map(
    ([, file, signature]) =>
      `  /** ${file}.ts */\n  ${signature.replace(/: boolean;$/, ": number;").replace(/__Record\d+<\w+>/g, "number")}`,
  );
}

/** Compiles the kernels; gives the files that the compiler writes, by name. */
async function compile(options) {
  const outputs = new Map();
  const { error, stderr } = await asc.main(
    [
      "kernels/index.ts",
      "-O3",
      "--runtime",
      "stub",
      "--noAssert",
      "--enable",
      "simd",
      "--initialMemory",
      "1",
      "--outFile",
      "kernels.wasm",
      ...options,
    ],
    {
      readFile: (name, base) => {
        try {
          return readFileSync(new URL(name, `file://${root}${base === "." ? "" : base}`), "utf8");
        } catch {
          return null;
        }
      },
      writeFile: (name, contents) => outputs.set(name, contents),
      listFiles: () => [],
    },
  );
  if (error) throw new Error(stderr.toString());
  return outputs;
}
