/** A piece of HTML, as opposed to text that must be escaped. */
export class Markup {
  /** @param source - HTML */
  constructor(readonly source: string) {}
}

/** What a template takes: text and numbers are escaped, lists are joined, `undefined` and `false` are nothing. */
export type Part = Markup | string | number | false | undefined | readonly Part[];

/**
 * Template tag for HTML. Everything that is put in is escaped, but for what comes out of this tag
 * itself.
 */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return new Markup(
    strings.reduce((text, string, i) => text + string + (i < parts.length ? sourceOf(parts[i]) : ""), ""),
  );
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function sourceOf(part: Part): string {
  if (part === undefined || part === false) return "";
  if (part instanceof Markup) return part.source;
  if (typeof part === "string" || typeof part === "number")
    return String(part).replace(/[&<>"']/g, (c) => ENTITIES[c]!);
  return part.map(sourceOf).join("");
}
