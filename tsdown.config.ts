import { defineConfig } from "tsdown";

/**
 * One build for everything that is shipped: the four public entry points, the command line and
 * the scripts that worker processes and threads run. They share chunks, so the core exists once.
 */
export default defineConfig({
  entry: {
    index: "src/index.ts",
    node: "src/node/index.ts",
    browser: "src/browser/index.ts",
    worker: "src/worker/index.ts",
    cli: "src/cli/main.ts",
    "batch-worker": "src/node/batch-worker.ts",
    "decode-worker": "src/node/decode-worker.ts",
  },
  format: "esm",
  platform: "node",
  target: "es2022",
  fixedExtension: false,
  dts: true,
  clean: true,
});
