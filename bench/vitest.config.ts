import { defineConfig } from "vitest/config";
import { bundleCodecs } from "../scripts/lib/bundle-codecs.ts";

/** The lane of `npm run bench:work`. */
export default defineConfig({
  plugins: [bundleCodecs("inline")],
  test: { include: ["bench/*.guard.ts"], testTimeout: 120_000 },
});
