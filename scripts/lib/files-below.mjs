import { readdirSync } from "node:fs";
import { join } from "node:path";

/** Names of all files below a folder, with `/` between folders, sorted. */
export function filesBelow(folder, prefix = "") {
  const names = readdirSync(join(folder, prefix), { withFileTypes: true }).flatMap((entry) => {
    const name = prefix + entry.name;
    return entry.isDirectory() ? filesBelow(folder, `${name}/`) : [name];
  });
  return names.sort();
}
