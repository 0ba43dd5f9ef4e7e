import { BitVolume } from "../../src/volume/bit-volume.ts";
import { type Triple, voxelCount } from "../../src/volume/volume.ts";
import { numbers, readGolden } from "./npz.ts";

/** One of the cases that an `.npz` of test/goldens/lungs holds one after the other. */
export interface GoldenCase {
  readonly name: string;
  readonly shape: Triple;
  readonly spacing: Triple;
  /** A mask of the case's shape. */
  mask(key: string): BitVolume;
  /** An array with one value a voxel. */
  voxels(key: string): number[];
  /** An array that is as long in every case. */
  values(key: string): number[];
}

/** Reads test/goldens/lungs/NAME.npz, which make-goldens/lungs.py has written with `save_cases`. */
export function readCases(file: string): GoldenCase[] {
  const golden = readGolden(`lungs/${file}`);
  const names: string[] = JSON.parse(new TextDecoder().decode(golden("names").data as Uint8Array));
  const cache = new Map<string, number[]>();
  const array = (key: string): number[] => {
    const known = cache.get(key) ?? numbers(golden(key));
    cache.set(key, known);
    return known;
  };
  const rows = (key: string, i: number): number[] => {
    const all = array(key);
    const length = all.length / names.length;
    return all.slice(i * length, (i + 1) * length);
  };
  let voxelsBefore = 0;
  let bytesBefore = 0;
  return names.map((name, i) => {
    const shape = rows("shape", i) as unknown as Triple;
    const size = voxelCount(shape);
    const [firstVoxel, firstByte] = [voxelsBefore, bytesBefore];
    voxelsBefore += size;
    bytesBefore += Math.ceil(size / 8);
    return {
      name: `${name} (${shape.join(" × ")})`,
      shape,
      get spacing() {
        return rows("spacing", i) as unknown as Triple;
      },
      mask: (key) => unpack(shape, array(key), firstByte),
      voxels: (key) => array(key).slice(firstVoxel, firstVoxel + size),
      values: (key) => rows(key, i),
    };
  });
}

/** Unpacks a mask from bits, lowest first, that begin with a byte. */
export function unpack(shape: Triple, bytes: ArrayLike<number>, from = 0): BitVolume {
  const voxels = new Uint8Array(voxelCount(shape));
  for (let i = 0; i < voxels.length; i++) voxels[i] = (bytes[from + (i >> 3)]! >> (i & 7)) & 1;
  return BitVolume.fromBytes(shape, voxels);
}
