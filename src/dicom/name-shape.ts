/** Numbers joined by dots: a UID. */
const UID = /\d+(\.\d+)+/g;
/** That many hexadecimal digits are no word. */
const HEX = /[0-9a-f]{8,}/gi;
const NUMBER = /\d+/g;

/** The folder of a file, with the archive that it lies in; empty at the top. */
export function folderOf(name: string): string {
  return name.slice(0, name.lastIndexOf("/") + 1);
}

/**
 * What names of one kind have in common: `IMG0007.dcm` and `IMG0123.dcm` have one shape, and so have names
 * made of UIDs or of hexadecimal digits. Folders in the name count too.
 */
export function shapeOf(name: string): string {
  return name.replace(UID, "#").replace(HEX, "#").replace(NUMBER, "#").toLowerCase();
}
