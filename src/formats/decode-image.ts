import type { ByteSource } from "../byte-source.ts";
import type { ImageFile, ImageOptions, Sibling } from "./image.ts";

/** Whether a file's name is that of an image format that holds a whole volume. */
export function isImageFile(name: string): boolean {
  return /\.(nii|nii\.gz|mhd|mha|nrrd|nhdr)$/i.test(name);
}

/**
 * Reads a volume from an image file, by its name: NIfTI, MetaImage or NRRD.
 *
 * The voxels are read piece by piece, so that little more memory is taken than the volume's own. All that
 * the header states has to fit what is there, and checksums have to match.
 *
 * @param source - the file; its name's extension tells the format
 * @param sibling - finds the file with the voxels that a `.mhd` or `.nhdr` names
 * @throws PleuraError `unsupported-pixels` when the header asks for what cannot be read or contradicts the
 * voxels, `truncated`, `checksum-mismatch`, `too-large`
 */
export async function decodeImage(
  source: ByteSource,
  sibling: Sibling,
  options: ImageOptions = {},
): Promise<ImageFile> {
  // A run of DICOM files, which is nearly every run, does not wait for these to be loaded.
  if (/\.m(hd|ha)$/i.test(source.name))
    return (await import("./metaimage.ts")).decodeMetaImage(source, sibling, options);
  if (/\.n(rrd|hdr)$/i.test(source.name)) return (await import("./nrrd.ts")).decodeNrrd(source, sibling, options);
  return (await import("./read-nifti.ts")).decodeNifti(source, options);
}
