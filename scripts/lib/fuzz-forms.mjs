import { deflateSync, gzipSync } from "node:zlib";
import { zipSync } from "fflate";
import { encodeNifti, makePhantom, memorySource, phantomToDicom, readScan } from "pleura";
import { asRle, withValue } from "./dicom-bytes.mjs";

const SLICES = 30;
const IMAGES_IN_ACQUISITION = "00201002";

/**
 * The same phantom series of 30 slices in every form that is damaged. `files` maps paths below the case's
 * folder to bytes; what lies at or below `input` is what `prep` is given. Files are in the order of Instance
 * Number, from the head down.
 *
 * @returns {Promise<{ name: string, input: string, kind: "series" | "packed" | "zip" | "image", counted: boolean, files: Map<string, Uint8Array> }[]>}
 */
export async function undamagedForms() {
  const phantom = makePhantom({ size: 64, slices: SLICES, spacing: [8, 5.2, 5.2], seed: 7 });
  const plain = new Map();
  for await (const { name, bytes } of phantomToDicom(phantom)) plain.set(name, bytes);
  const each = (change) => new Map([...plain].map(([name, bytes]) => [name, change(bytes)]));
  const below = (files, suffix = "") => new Map([...files].map(([name, bytes]) => [`scan/${name}${suffix}`, bytes]));
  const one = (name, bytes, kind = "image") => ({ input: name, kind, files: new Map([[name, bytes]]) });
  const series = (files, counted = false) => ({ input: "scan", kind: "series", counted, files });

  const sources = [...plain].map(([name, bytes]) => memorySource(name, bytes));
  const volume = await readScan(sources);
  return [
    { name: "DICOM", ...series(below(plain)) },
    { name: "DICOM, count", ...series(below(each((b) => withValue(b, IMAGES_IN_ACQUISITION, SLICES))), true) },
    { name: "DICOM, RLE", ...series(below(each(asRle))) },
    {
      name: "DICOM, gzip",
      ...series(
        below(
          each((b) => new Uint8Array(gzipSync(b))),
          ".gz",
        ),
      ),
      kind: "packed",
    },
    { name: "zip", ...one("scan.zip", zipSync(Object.fromEntries(plain), { level: 6, mtime: "2020-01-01" }), "zip") },
    { name: ".nii.gz", ...one("scan.nii.gz", new Uint8Array(gzipSync(encodeNifti(volume)))) },
    { name: ".mha", ...one("scan.mha", metaImage(volume)) },
  ];
}

/** The volume as ITK writes it, with zlib. */
function metaImage({ voxels, shape, spacing, affine }) {
  const stream = deflateSync(new Uint8Array(voxels.buffer, voxels.byteOffset, voxels.byteLength));
  const header = [
    "ObjectType = Image",
    "NDims = 3",
    "BinaryData = True",
    "BinaryDataByteOrderMSB = False",
    "CompressedData = True",
    `CompressedDataSize = ${stream.length}`,
    "TransformMatrix = 1 0 0 0 1 0 0 0 1",
    `Offset = ${affine[3]} ${affine[7]} ${affine[11]}`,
    "CenterOfRotation = 0 0 0",
    "AnatomicalOrientation = RAI",
    `ElementSpacing = ${[...spacing].reverse().join(" ")}`,
    `DimSize = ${[...shape].reverse().join(" ")}`,
    "ElementType = MET_SHORT",
    "ElementDataFile = LOCAL",
    "",
  ].join("\n");
  return new Uint8Array(Buffer.concat([Buffer.from(header), stream]));
}
