import { defineConfig } from "tsdown";

/**
 * What a process needs to begin, in few files: opening one costs about a millisecond, and each
 * worker pays it. The core comes first and apart, or a page would be given Node's modules. Codecs
 * and image formats stay in files of their own, loaded when a scan needs one.
 */
const GROUPS = [
  { name: "core", test: /src[\\/]((errors|inflate|version)|(case|lungs|ops|prepare|simd|volume)[\\/].*)\.ts$/ },
  { name: "reading", test: /src[\\/](dicom[\\/](?!codecs)|formats[\\/](?!read-nifti|nrrd|metaimage)).*\.ts$/ },
  { name: "batch", test: /src[\\/]node[\\/]batch\.ts$/ },
  { name: "case", test: /src[\\/]node[\\/]prep-case\.ts$/ },
];

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
  outputOptions: {
    codeSplitting: { groups: GROUPS.map((group, i) => ({ ...group, priority: GROUPS.length - i })) },
  },
});
