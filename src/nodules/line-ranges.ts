/** So many ranges are written out. */
const MOST = 12;

/** Numbers of lines in few words: `2-5, 9, 12 and 40 more`. */
export function lineRanges(lines: readonly number[]): string {
  const sorted = [...new Set(lines)].sort((a, b) => a - b);
  const ranges: [first: number, last: number][] = [];
  for (const line of sorted) {
    const latest = ranges.at(-1);
    if (latest !== undefined && line === latest[1] + 1) latest[1] = line;
    else ranges.push([line, line]);
  }
  const shown = ranges.slice(0, MOST).map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`));
  const left = ranges.slice(MOST).reduce((sum, [first, last]) => sum + last - first + 1, 0);
  return `${shown.join(", ")}${left > 0 ? ` and ${left} more` : ""}`;
}
