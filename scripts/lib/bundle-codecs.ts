import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

/** Names of the modules that give a codec's bytes; a path of this machine would end up in the build. */
const BYTES = "\0bytes of ";
/** The branch of Emscripten's loader that reads the module with Node's `fs`. */
const NODE_BRANCH =
  /if\(ENVIRONMENT_IS_NODE\)\{var fs=require\("fs"\);.*?\}else if\(ENVIRONMENT_IS_WEB\|\|ENVIRONMENT_IS_WORKER\)\{/s;

/**
 * A plugin for Rolldown and Vite that makes the compiled codecs ordinary modules, so that nothing
 * has to be copied or configured where they are used:
 *
 * - importing a codec's `.wasm` file gives a function that returns its bytes;
 * - the branch of the loader that asks for Node's `fs` and `path` is cut out. Bundlers for pages
 *   cannot resolve these, and given the bytes the loader never needs them.
 *
 * @param bytes - `inline` keeps the bytes in the module, as base64; `fetch` leaves them in a file of
 * their own, which the workers of one page share (Vite only)
 */
export function bundleCodecs(bytes: "inline" | "fetch") {
  return {
    name: "bundle-codecs",
    // Before Vite's own handling of `.wasm`.
    enforce: "pre" as const,
    resolveId: {
      filter: { id: /^@cornerstonejs\/codec-[^/]+\/(decode)?wasm$/ },
      handler: (source: string) => BYTES + source,
    },
    load: {
      filter: { id: new RegExp(`^${BYTES}`) },
      handler: (id: string) => (bytes === "inline" ? inlined : fetched)(id.slice(BYTES.length)),
    },
    transform: {
      filter: { id: /[/\\]codec-[^/\\]+[/\\]dist[/\\][^/\\]+\.js$/ },
      handler(code: string, id: string) {
        const cut = code.replace(NODE_BRANCH, "if(ENVIRONMENT_IS_WEB||ENVIRONMENT_IS_WORKER){");
        if (cut.includes("require(")) throw new Error(`${id} has changed: it still asks for Node's modules`);
        return { code: cut, map: null };
      },
    },
  };
}

function inlined(name: string): string {
  const file = createRequire(import.meta.url).resolve(name);
  return `
const encoded = "${readFileSync(file).toString("base64")}";
export default async () => {
  const text = atob(encoded);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
};
`;
}

function fetched(name: string): string {
  return `
import address from "${name}?url";
export default async () => {
  const answer = await fetch(new URL(address, import.meta.url));
  if (!answer.ok) throw new Error("The decoder cannot be loaded");
  return new Uint8Array(await answer.arrayBuffer());
};
`;
}
