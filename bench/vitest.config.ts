import { defineConfig } from "vitest/config";

/** The lane of `npm run bench:work`. */
export default defineConfig({ test: { include: ["bench/*.guard.ts"], testTimeout: 120_000 } });
