import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { BitVolume, decodeNpy } from "pleura";
import { readNpz } from "./npz.mjs";

const MASKS = ["binary", "body", "filled", "lung1", "lung2", "dilated1", "dilated2"];

/**
 * What the published pipeline made of a scan, stage by stage.
 *
 * @typedef {object} Golden
 * @property {string} hu SHA-256 of the int16 volume
 * @property {number[]} spacing
 * @property {number[]} cut slices cut, bodies kept
 * @property {Record<string, BitVolume>} masks
 * @property {number[]} box
 * @property {{ shape: number[], data?: Uint8Array, sha256: string }} clean values, or only their digest
 * @property {{ dtype: string, shape: number[], data: BigInt64Array }} label
 */

export const sha256 = (array) =>
  createHash("sha256")
    .update(new Uint8Array(array.buffer, array.byteOffset, array.byteLength))
    .digest("hex");

/** Reads what make-golden.py has kept in one `.npz`. @returns {Golden} */
export function goldenFromNpz(path) {
  const npz = readNpz(path);
  const shape = Array.from(npz.shape.data, Number);
  return {
    hu: npz.hu_sha256,
    spacing: Array.from(npz.spacing.data),
    cut: Array.from(npz.cut.data, Number),
    masks: Object.fromEntries(MASKS.map((name) => [name, unpack(shape, npz[name].data)])),
    box: Array.from(npz.box.data, Number),
    clean: { shape: npz.clean?.shape, data: npz.clean?.data, sha256: npz.clean_sha256 },
    label: npz.label,
  };
}

/** Reads what `reference.py --stages` has left in a folder. @returns {Golden} */
export function goldenFromFolder(folder) {
  const load = (name) => decodeNpy(readFileSync(join(folder, `${name}.npy`)));
  const hu = load("hu");
  const clean = load("clean");
  const label = load("label");
  return {
    hu: sha256(hu.data),
    spacing: Array.from(load("spacing").data),
    cut: Array.from(load("cut").data, Number),
    masks: Object.fromEntries(MASKS.map((name) => [name, BitVolume.fromBytes(hu.shape, load(name).data)])),
    box: Array.from(load("box").data, Number),
    clean: { shape: clean.shape, data: clean.data, sha256: sha256(clean.data) },
    label,
  };
}

/** Reads a scan that is kept as an array: upright, its first voxel at the origin. */
export function volumeFromNpz(path) {
  const { hu, spacing } = readNpz(path);
  const [z, y, x] = spacing.data;
  return {
    voxels: hu.data,
    shape: hu.shape,
    spacing: [z, y, x],
    affine: [0, 0, x, 0, 0, y, 0, 0, z, 0, 0, 0, 0, 0, 0, 1],
  };
}

/** Bits, lowest first, of the C-ordered volume without padding. */
function unpack(shape, bytes) {
  const voxels = new Uint8Array(shape[0] * shape[1] * shape[2]);
  for (let i = 0; i < voxels.length; i++) voxels[i] = (bytes[i >> 3] >> (i & 7)) & 1;
  return BitVolume.fromBytes(shape, voxels);
}
