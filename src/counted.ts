/**
 * A number with its noun: `1 file`, `2 files`, `0 processes`.
 *
 * @param noun - in the singular
 * @param nouns - in the plural, where that is not the singular and an s
 */
export function counted(number: number, noun: string, nouns = `${noun}s`): string {
  return `${number} ${number === 1 ? noun : nouns}`;
}
