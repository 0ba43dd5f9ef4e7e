/**
 * Makes a folder's name safe to begin a file name with: anything but letters, digits, `.`, `_` and
 * `-` becomes `_`, and neither a dot nor a dash leads.
 */
export function safeName(name: string): string {
  const safe = name.normalize("NFC").replace(/[^\p{L}\p{N}._-]+/gu, "_");
  return safe.replace(/^[.-]/, "_") || "case";
}
