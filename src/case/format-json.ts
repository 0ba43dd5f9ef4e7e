/** JSON to be read by people too: indented, lists of numbers on one line, a newline at the end. */
export function formatJson(value: unknown): string {
  // A raw line break is never inside a string, so what follows one after a bracket is a list.
  const numbers = /\[\n([\s\d.,eE+-]+)\n\s*\]/g;
  const text = JSON.stringify(value, null, 2);
  return `${text.replace(numbers, (_, list: string) => `[${list.trim().replace(/\s+/g, " ")}]`)}\n`;
}
