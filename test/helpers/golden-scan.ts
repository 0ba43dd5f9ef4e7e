import { makePhantom, type PhantomOptions } from "../../src/phantom/phantom.ts";
import type { BitVolume } from "../../src/volume/bit-volume.ts";
import type { Triple, Volume } from "../../src/volume/volume.ts";
import { unpack } from "./golden-cases.ts";
import { numbers, readGolden } from "./npz.ts";

/** A phantom, and what the published pipeline makes of it. */
export interface GoldenScan {
  readonly volume: Volume<Int16Array>;
  /** Stage `binary`, `body`, `filled`, `lung1`, `lung2`, `dilated1` or `dilated2`. */
  mask(stage: string): BitVolume;
  values(key: string): number[];
}

/** Reads test/goldens/lungs/chain-NAME.npz and makes the scan that belongs to it. */
export function readGoldenScan(name: string): GoldenScan {
  const golden = readGolden(`lungs/chain-${name}`);
  const values = (key: string) => numbers(golden(key));
  const options: PhantomOptions = JSON.parse(new TextDecoder().decode(golden("options").data as Uint8Array));
  const phantom = makePhantom(options);
  const voxels = phantom.voxels.slice();
  const [, ny, nx] = phantom.shape;
  const boxes = values("boxes");
  for (let i = 0; i < boxes.length; i += 7) {
    const [z0, z1, y0, y1, x0, x1, hu] = boxes.slice(i, i + 7) as [
      number,
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    for (let z = z0; z < z1; z++)
      for (let y = y0; y < y1; y++) voxels.fill(hu, (z * ny + y) * nx + x0, (z * ny + y) * nx + x1);
  }
  // Single precision, as the published pipeline keeps it.
  const spacing = values("spacing") as unknown as Triple;
  const shape = values("shape") as unknown as Triple;
  const { affine } = phantom;
  return {
    volume: { voxels, shape, spacing, affine },
    mask: (stage) => unpack(shape, golden(stage).data as Uint8Array),
    values,
  };
}
