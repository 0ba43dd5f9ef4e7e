import { ERRORS, type Explanation, FINDINGS, REASONS } from "./codes.ts";

const table = (title: string, text: string, entries: Readonly<Record<string, Explanation>>): string[] => [
  `## ${title}`,
  "",
  text,
  "",
  "| code | cause | what to do |",
  "|---|---|---|",
  ...Object.entries(entries).map(([code, { cause, cure }]) => `| \`${code}\` | ${cause} | ${cure} |`),
  "",
];

/** The page docs/CODES.md, of which `test/case/codes-page.test.ts` makes the file. */
export function codesPage(): string {
  return [
    "# Error and finding codes",
    "",
    "Every code of pleura, its usual cause and what you can do. The message beside a code is more exact: it has the",
    "measured value and the limit. This page is made from `scripts/lib/codes.ts`.",
    "",
    ...table("Errors", "The case is refused and leaves no files; other cases go on.", ERRORS),
    ...table(
      "Findings",
      "Something is unusual. `corrected`: it was put right. `warning`: the scan is used as it is. `fatal`: the case fails.",
      FINDINGS,
    ),
    ...table(
      "Reasons for a verdict",
      "Why lungs are judged `doubtful` or `bad`. [QUALITY.md](QUALITY.md) has the limits.",
      REASONS,
    ),
  ]
    .join("\n")
    .trimEnd()
    .concat("\n");
}
