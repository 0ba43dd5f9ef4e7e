import { defineConfig } from "tsdown";
import { bundleCodecs } from "./scripts/lib/bundle-codecs.ts";

/**
 * What a process needs to begin, in few files: opening one costs about a millisecond, and each
 * worker pays it. First what commands and the batch's parent need of the core, then what a case
 * needs: neither may hold Node's modules, or a page would be given them. Codecs and image formats
 * stay in files of their own, loaded when a scan needs one, and declarations where they would be anyway.
 */
const GROUPS = [
  {
    name: "base",
    test: /src[\\/](errors|options|version|model[\\/]recipe|case[\\/](?!fi).*|archives[\\/]zip-directory|formats[\\/]decode-image)(?<!\.d)\.ts$/,
  },
  { name: "core", test: /src[\\/](inflate|(case|lungs|ops|pipeline|prepare|quality|simd|volume)[\\/].*)(?<!\.d)\.ts$/ },
  {
    name: "reading",
    test: /src[\\/](archives[\\/]|dicom[\\/](?!codecs)|formats[\\/](?!read-nifti|nrrd|metaimage)).*(?<!\.d)\.ts$/,
  },
  { name: "batch", test: /src[\\/]node[\\/](batch|case-worker)(?<!\.d)\.ts$/ },
  { name: "case", test: /src[\\/]node[\\/]prep-case(?<!\.d)\.ts$/ },
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
    worker: "src/session/index.ts",
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
  plugins: [bundleCodecs("inline")],
  outputOptions: {
    codeSplitting: { groups: GROUPS.map((group, i) => ({ ...group, priority: GROUPS.length - i })) },
  },
});
