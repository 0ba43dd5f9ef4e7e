import { PleuraError } from "../errors.ts";
import type { Triple } from "./volume.ts";

/** Largest volume that is read unless the caller allows more, bytes. */
export const MAX_BYTES = 4 * 1024 ** 3;

/**
 * Checks what a header declares before memory is taken for it.
 *
 * @param shape - of a volume of 2 bytes a voxel
 * @param file - the one whose header it is, where it is one
 * @throws PleuraError `too-large` when it would take more than `maxBytes`
 */
export function checkVolumeBytes(shape: Triple, maxBytes = MAX_BYTES, file?: string): void {
  const bytes = 2 * shape[0] * shape[1] * shape[2];
  if (bytes <= maxBytes) return;
  const gib = (n: number): string => `${(n / 1024 ** 3).toFixed(2)} GiB`;
  throw new PleuraError("too-large", "The volume would take too much memory", {
    stage: "read",
    ...(file !== undefined && { file }),
    measured: `${shape.join(" × ")} voxels, ${gib(bytes)}`,
    limit: gib(maxBytes),
  });
}
