// Compiles kernels/*.ts (AssemblyScript) and writes the module's bytes as src/simd/module.ts, so
// that it needs no loading of files and no network. With --check it only says whether they agree.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";

const root = fileURLToPath(new URL("..", import.meta.url));
const target = `${root}src/simd/module.ts`;
let bytes;
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
  ],
  {
    readFile: (name, base) => {
      try {
        return readFileSync(new URL(name, `file://${root}${base === "." ? "" : base}`), "utf8");
      } catch {
        return null;
      }
    },
    writeFile: (_, contents) => {
      bytes = contents;
    },
    listFiles: () => [],
  },
);
if (error) throw new Error(stderr.toString());
const rows = Buffer.from(bytes)
  .toString("base64")
  .match(/.{1,116}/g)
  .map((row) => `  "${row}"`);
const text = `// Made by scripts/build-kernels.mjs from kernels/; do not edit.

/** The SIMD module, ${bytes.length} bytes of WebAssembly, as base64: a list of numbers takes engines longer to read. */
export const MODULE: string =
${rows.join(" +\n")};
`;
if (process.argv.includes("--check")) {
  if (readFileSync(target, "utf8") !== text) {
    console.error("src/simd/module.ts is not what kernels/ compiles to: run npm run build:kernels");
    process.exit(1);
  }
} else writeFileSync(target, text);
