import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";

/** Follows every link, picture, script and style of the HTML files in a folder, with anchors; nothing is fetched. */
export function checkLinks(folder) {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".html"));
  const ids = new Map();
  const idsOf = (path) => {
    if (!ids.has(path)) {
      ids.set(path, new Set(Array.from(readFileSync(path, "utf8").matchAll(/\sid="([^"]+)"/g), ([, id]) => id)));
    }
    return ids.get(path);
  };
  let links = 0;
  const broken = [];
  for (const file of files) {
    const text = readFileSync(join(folder, file), "utf8");
    for (const [, name, target] of text.matchAll(/\s(href|src)="([^"]*)"/g)) {
      if (/^(https?|mailto):/.test(target) && name === "href") continue;
      links++;
      const [path, anchor] = decodeURI(target.replaceAll("&amp;", "&")).split("#");
      const at = path === "" ? join(folder, file) : join(folder, dirname(file), path);
      const inside = !relative(folder, at).startsWith("..") && !path.startsWith("/");
      const whole = existsSync(at) && statSync(at).isFile();
      if (!inside || !whole || (anchor && !idsOf(at).has(anchor))) broken.push(`${file}: ${target}`);
    }
  }
  return { files: files.length, links, broken };
}
