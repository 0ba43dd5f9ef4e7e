import { defineConfig } from "vitest/config";
import { bundleCodecs } from "../../scripts/lib/bundle-codecs.ts";

/** The unit tests that `npm run mutate` runs against each change: those of the code that it changes. */
export default defineConfig({
  plugins: [bundleCodecs("inline")],
  test: {
    root: `${import.meta.dirname}/../..`,
    include: ["test/{lungs,prepare,dicom,volume,ops,pipeline}/**/*.test.ts"],
    testTimeout: 30_000,
  },
});
