import { defineConfig } from "vitest/config";
import { bundleCodecs } from "../../scripts/lib/bundle-codecs.ts";

/** The page with real scans: slower, and with measured times, so not a part of `npm test`. */
export default defineConfig({
  plugins: [bundleCodecs("inline")],
  test: {
    root: `${import.meta.dirname}/../..`,
    include: ["test/app/*.app.ts"],
    globalSetup: "test/helpers/builds.ts",
    testTimeout: 180_000,
    hookTimeout: 180_000,
    reporters: ["verbose"],
  },
});
