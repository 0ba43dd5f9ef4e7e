/**
 * Standard error without the reasons to doubt the lungs: phantoms of few, thick slices are small enough for tests, and
 * blur the lungs' edges more than a scan does.
 */
export function withoutDoubts(stderr: string): string {
  return stderr.replace(/^.*: (?:doubtful|bad) [a-z-]+ \(limit .*\n/gm, "");
}
