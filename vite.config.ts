import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { defineConfig, type Plugin } from "vite";
import { bundleCodecs } from "./scripts/lib/bundle-codecs.ts";

const root = import.meta.dirname;

/** The page imports the package by its public names, here straight from their sources. */
export const publicNames = {
  "pleura/browser": join(root, "src/browser/index.ts"),
  "pleura/worker": join(root, "src/session/index.ts"),
  pleura: join(root, "src/index.ts"),
};

/** Writes the service worker with the list of all files of the page, so that it works offline. */
function offline(): Plugin {
  return {
    name: "offline",
    apply: "build",
    generateBundle(_, bundle) {
      const built = Object.keys(bundle).filter((file) => !file.endsWith(".map"));
      const files = ["./", "manifest.webmanifest", "icon.svg", ...built.filter((file) => file !== "index.html")];
      const version = createHash("sha256").update(Object.keys(bundle).sort().join()).digest("hex").slice(0, 12);
      const source = readFileSync(join(root, "app/service-worker.js"), "utf8");
      const html = readFileSync(join(root, "app/index.html"), "utf8");
      const policy = /content="(default-src[^"]+)"/.exec(html)?.[1];
      if (policy === undefined) this.error("The page has no content-security policy");
      const constants = Object.entries({ VERSION: version, FILES: files, POLICY: policy });
      const front = constants.map(([name, value]) => `const ${name} = ${JSON.stringify(value)};\n`).join("");
      this.emitFile({ type: "asset", fileName: "service-worker.js", source: front + source });
    },
  };
}

export default defineConfig({
  root: join(root, "app"),
  base: "./",
  publicDir: join(root, "app/public"),
  resolve: { alias: publicNames },
  worker: { format: "es", plugins: () => [bundleCodecs("fetch")] },
  plugins: [bundleCodecs("fetch"), offline()],
  build: {
    outDir: join(root, "dist/app"),
    emptyOutDir: true,
    target: "es2022",
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 800,
  },
});
