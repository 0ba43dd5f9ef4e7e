import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "./paths.mjs";

/** Installs the tarball of `npm pack` into an empty folder, as a user would, and returns the folder. */
export function installTarball() {
  const folder = mkdtempSync(join(tmpdir(), "pleura-pack-"));
  execFileSync("npm", ["pack", "--silent", "--pack-destination", folder], { cwd: ROOT });
  const tarball = readdirSync(folder).find((name) => name.endsWith(".tgz"));
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "consumer", private: true, type: "module" }));
  const options = ["--no-audit", "--no-fund", "--prefer-offline"];
  execFileSync("npm", ["install", ...options, `./${tarball}`], { cwd: folder, stdio: "inherit" });
  return folder;
}
