import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { deflateSync } from "node:zlib";
import { makePhantom, type Phantom, type PhantomOptions } from "../../src/phantom/phantom.ts";
import { segmentLungs } from "../../src/pipeline/segment-lungs.ts";
import { indexToPatient } from "../../src/volume/affine.ts";
import type { Triple } from "../../src/volume/volume.ts";
import { dicomFile, words } from "./dicom.ts";

/** A small phantom of unequal spacing, with nodules in its lungs. */
export const SMALL: PhantomOptions = { size: 112, slices: 50, spacing: [6.4, 3.2, 3.2], nodules: 4 };

/** A phantom as LUNA16 has its scans: an image, its mask and the rows of its nodules. */
export interface LunaScan {
  readonly uid: string;
  readonly phantom: Phantom;
  /** Rows of annotations.csv, without the header. */
  readonly rows: readonly string[];
}

export const LUNA_HEADER = "seriesuid,coordX,coordY,coordZ,diameter_mm\n";

/**
 * Writes a phantom into `subset0` and `seg-lungs` below a folder.
 *
 * @param flip - store y and x reversed, with the directions that the published code reverses
 */
export function writeLuna(root: string, uid: string, options: PhantomOptions = {}, flip = false): LunaScan {
  const phantom = makePhantom({ ...SMALL, ...options });
  const { shape, spacing } = phantom;
  const { lung1, lung2 } = segmentLungs({ ...phantom, spacing: spacing.map(Math.fround) as unknown as Triple });
  const labels = new Uint8Array(phantom.voxels.length);
  const [first, second] = [lung1.toBytes(3), lung2.toBytes(4)];
  for (let i = 0; i < labels.length; i++) labels[i] = first[i]! + second[i]!;
  // The trachea: a block in the middle.
  labels.fill(5, labels.length - 40, labels.length - 20);
  for (const folder of ["subset0", "seg-lungs"]) mkdirSync(join(root, folder), { recursive: true });
  const corner = indexToPatient(phantom.affine, flip ? [0, shape[1] - 1, shape[2] - 1] : [0, 0, 0]);
  const header = (type: string, data: string, packed: boolean) =>
    [
      "ObjectType = Image",
      "NDims = 3",
      "BinaryData = True",
      "BinaryDataByteOrderMSB = False",
      `CompressedData = ${packed ? "True" : "False"}`,
      `TransformMatrix = ${flip ? "-1 0 0 0 -1 0 0 0 1" : "1 0 0 0 1 0 0 0 1"}`,
      `Offset = ${corner.join(" ")}`,
      `ElementSpacing = ${[...spacing].reverse().join(" ")}`,
      `DimSize = ${[...shape].reverse().join(" ")}`,
      `ElementType = ${type}`,
      `ElementDataFile = ${data}`,
      "",
    ].join("\n");
  const turned = <T extends Int16Array | Uint8Array>(voxels: T): T => (flip ? reversedPlanes(voxels, shape) : voxels);
  const bytesOf = ({ buffer, byteOffset, byteLength }: Int16Array | Uint8Array) =>
    new Uint8Array(buffer, byteOffset, byteLength);
  writeFileSync(join(root, "subset0", `${uid}.mhd`), header("MET_SHORT", `${uid}.raw`, false));
  writeFileSync(join(root, "subset0", `${uid}.raw`), bytesOf(turned(phantom.voxels)));
  writeFileSync(join(root, "seg-lungs", `${uid}.mhd`), header("MET_UCHAR", `${uid}.zraw`, true));
  writeFileSync(join(root, "seg-lungs", `${uid}.zraw`), deflateSync(turned(labels), { level: 1 }));
  return { uid, phantom, rows: rowsOf(uid, phantom) };
}

/** A phantom's nodules as rows of annotations.csv. */
export function rowsOf(uid: string, { truth }: Phantom): string[] {
  return truth.nodules.map(({ centre, diameter }) => `${uid},${centre.join(",")},${diameter}`);
}

/** Every slice with its rows and columns in reverse order. */
export function reversedPlanes<T extends Int16Array | Uint8Array>(voxels: T, [nz, ny, nx]: Triple): T {
  const out = voxels.slice() as T;
  for (let z = 0; z < nz; z++) out.subarray(z * ny * nx, (z + 1) * ny * nx).reverse();
  return out;
}

/** How a phantom's DICOM series lies in its scanner. */
export type Pose = "supine" | "prone" | "feet-first" | "tilted";

const TILT = (15 * Math.PI) / 180;

/** Writes a phantom as a DICOM series of a patient who lies in some way, or through a tilted gantry. */
export function writePose(folder: string, phantom: Phantom, pose: Pose, uid = "1.2.3"): void {
  mkdirSync(folder, { recursive: true });
  const { shape, spacing } = phantom;
  const [nz, ny, nx] = shape;
  for (let k = 0; k < nz; k++) {
    const { pixels, position, orientation } = SLICES[pose](phantom, k);
    const elements = {
      SeriesInstanceUID: uid,
      SOPInstanceUID: `${uid}.${k + 1}`,
      InstanceNumber: k + 1,
      Rows: ny,
      Columns: nx,
      PixelSpacing: [spacing[1], spacing[2]],
      ImagePositionPatient: position,
      ImageOrientationPatient: orientation,
      PixelData: words(pixels),
    };
    writeFileSync(join(folder, `${String(k).padStart(3, "0")}.dcm`), dicomFile(elements));
  }
}

export interface Slice {
  readonly pixels: Int16Array;
  readonly position: readonly number[];
  readonly orientation: readonly number[];
}

const plane = ({ voxels, shape: [, ny, nx] }: Phantom, k: number) => voxels.slice(k * ny * nx, (k + 1) * ny * nx);

/** A slice of a phantom as a scanner stores it. */
export const SLICES: Readonly<Record<Pose, (phantom: Phantom, k: number) => Slice>> = {
  supine: (phantom, k) => ({
    pixels: plane(phantom, k),
    position: indexToPatient(phantom.affine, [k, 0, 0]),
    orientation: [1, 0, 0, 0, 1, 0],
  }),
  prone: (phantom, k) => ({
    pixels: plane(phantom, k).reverse(),
    position: indexToPatient(phantom.affine, [k, phantom.shape[1] - 1, phantom.shape[2] - 1]),
    orientation: [-1, 0, 0, 0, -1, 0],
  }),
  "feet-first": (phantom, k) => {
    const pixels = plane(phantom, k);
    const nx = phantom.shape[2];
    for (let at = 0; at < pixels.length; at += nx) pixels.subarray(at, at + nx).reverse();
    return {
      pixels,
      position: indexToPatient(phantom.affine, [k, 0, nx - 1]),
      orientation: [-1, 0, 0, 0, 1, 0],
    };
  },
  tilted: tiltedSlice,
};

/** The same patient cut along tilted planes, by linear interpolation along y and z. */
function tiltedSlice({ voxels, shape, spacing, affine }: Phantom, k: number): Slice {
  const [nz, ny, nx] = shape;
  const [c, s] = [Math.cos(TILT), Math.sin(TILT)];
  const middle = ((ny - 1) / 2) * spacing[1];
  const pixels = new Int16Array(ny * nx);
  for (let row = 0; row < ny; row++) {
    const down = row * spacing[1] - middle;
    const [z, y] = [k - (s * down) / spacing[0], (middle + c * down) / spacing[1]];
    for (let x = 0; x < nx; x++) {
      const at = (i: number, j: number) =>
        i >= 0 && i < nz && j >= 0 && j < ny ? voxels[(i * ny + j) * nx + x]! : -1024;
      const [i, j, dz, dy] = [Math.floor(z), Math.floor(y), z - Math.floor(z), y - Math.floor(y)];
      const low = at(i, j) * (1 - dy) + at(i, j + 1) * dy;
      const high = at(i + 1, j) * (1 - dy) + at(i + 1, j + 1) * dy;
      pixels[row * nx + x] = Math.round(low * (1 - dz) + high * dz);
    }
  }
  const [left, back, up] = indexToPatient(affine, [k, 0, 0]);
  return {
    pixels,
    position: [left, back + (1 - c) * middle, up + s * middle],
    orientation: [1, 0, 0, 0, c, -s],
  };
}
