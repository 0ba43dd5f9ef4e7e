/** Text headers are far shorter; in one file with its voxels, these follow. */
export const TEXT_HEADER_BYTES = 16384;

/** The fields of a text header, and where it ends. */
export interface HeaderFields {
  readonly fields: ReadonlyMap<string, string>;
  /** Offset of the first byte behind it. */
  readonly end: number;
}

/**
 * The lines `name = value` of a MetaImage header up to the one that names the voxels' file.
 *
 * @param head - the first {@link TEXT_HEADER_BYTES} of the file, or all of it
 */
export function metaImageFields(head: Uint8Array): HeaderFields {
  const fields = new Map<string, string>();
  const text = String.fromCharCode(...head.subarray(0, TEXT_HEADER_BYTES));
  let end = 0;
  while (end < text.length && !fields.has("ElementDataFile")) {
    const next = text.indexOf("\n", end);
    const line = text.slice(end, next < 0 ? text.length : next);
    const equals = line.indexOf("=");
    if (equals > 0) fields.set(line.slice(0, equals).trim(), line.slice(equals + 1).trim());
    end = next < 0 ? text.length : next + 1;
  }
  return { fields, end };
}

/**
 * The lines `name: value` of an NRRD header up to the empty one; names in lower case.
 *
 * @param head - the first {@link TEXT_HEADER_BYTES} of the file, or all of it
 */
export function nrrdFields(head: Uint8Array): HeaderFields {
  const fields = new Map<string, string>();
  const text = String.fromCharCode(...head.subarray(0, TEXT_HEADER_BYTES));
  let end = 0;
  while (end < text.length) {
    const next = text.indexOf("\n", end);
    const line = text.slice(end, next < 0 ? text.length : next).trim();
    end = next < 0 ? text.length : next + 1;
    if (line === "") break;
    const colon = line.indexOf(":");
    if (colon > 0 && !line.startsWith("#"))
      fields.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim());
  }
  return { fields, end };
}

/**
 * Which file holds the voxels of an image, by the image's header.
 *
 * @param name - the image's own, which tells its format
 * @param head - its first {@link TEXT_HEADER_BYTES}, or all of it
 * @returns the file's name as the header states it; `undefined` when the image holds its voxels itself
 */
export function detachedData(name: string, head: Uint8Array): string | undefined {
  if (/\.m(hd|ha)$/i.test(name)) {
    const where = metaImageFields(head).fields.get("ElementDataFile");
    return where === "LOCAL" ? undefined : where;
  }
  if (!/\.n(rrd|hdr)$/i.test(name)) return undefined;
  const { fields } = nrrdFields(head);
  return fields.get("data file") ?? fields.get("datafile");
}
