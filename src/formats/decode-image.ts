import type { ImageFile, Sibling } from "./image.ts";

/** Whether a file's name is that of an image format that holds a whole volume. */
export function isImageFile(name: string): boolean {
  return /\.(nii|nii\.gz|mhd|mha|nrrd|nhdr)$/i.test(name);
}

/**
 * Reads a volume from an image file, by its name: NIfTI, MetaImage or NRRD.
 *
 * @param name - file name with its extension
 * @param bytes - the whole file
 * @param sibling - finds the file with the voxels that a `.mhd` or `.nhdr` names
 * @param maxBytes - of the volume in Hounsfield units; default 4 GiB
 * @throws PleuraError `unsupported-pixels` when the header asks for what cannot be read, `truncated`,
 * `too-large`
 */
export async function decodeImage(
  name: string,
  bytes: Uint8Array,
  sibling: Sibling,
  maxBytes?: number,
): Promise<ImageFile> {
  // A run of DICOM files, which is nearly every run, does not wait for these to be loaded.
  if (/\.m(hd|ha)$/i.test(name))
    return (await import("./metaimage.ts")).decodeMetaImage(name, bytes, sibling, maxBytes);
  if (/\.n(rrd|hdr)$/i.test(name)) return (await import("./nrrd.ts")).decodeNrrd(name, bytes, sibling, maxBytes);
  return (await import("./read-nifti.ts")).decodeNifti(name, bytes, maxBytes);
}
