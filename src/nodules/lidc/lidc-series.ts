/** The Series Instance UID of an LIDC-IDRI file, told by its beginning; `undefined` for other files. */
export function lidcSeries(head: string): string | undefined {
  if (!/<LidcReadMessage\b/.test(head)) return undefined;
  return /<SeriesInstanceUid>\s*([\d.]+)\s*</i.exec(head)?.[1];
}
