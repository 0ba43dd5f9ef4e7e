import { defineConfig } from "vitest/config";
import { bundleCodecs } from "./scripts/lib/bundle-codecs.ts";

/** In CI the results are also kept as JSON, from which the last line of `.ci/run` is counted. */
const inCi = process.env["CI"] === "true";

export default defineConfig({
  plugins: [bundleCodecs("inline")],
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: "test/helpers/builds.ts",
    // Many tests wait for other processes: one worker for each core, where Vitest would take half as many.
    maxWorkers: "100%",
    testTimeout: 30_000,
    hookTimeout: 60_000,
    reporters: inCi ? ["default", ["json", { outputFile: "out/test-results.json" }]] : ["default"],
  },
});
