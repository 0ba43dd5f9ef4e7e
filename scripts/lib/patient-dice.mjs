import { BitVolume, composeAffine, indexToPatient, invertAffine, voxelVolume } from "pleura";

/** Both lungs of a segmentation as one mask. */
export function bothLungs({ lung1, lung2 }) {
  return new BitVolume(
    lung1.shape,
    lung1.words.map((word, i) => word | lung2.words[i]),
  );
}

/**
 * Dice coefficient of two masks that lie on different grids, in the patient: every voxel of the
 * first grid is compared with the voxel of the second in which its centre lies.
 *
 * @param a, b - `{ mask, volume }`, the volume giving shape, spacing and affine
 */
export function patientDice(a, b) {
  const [nz, ny, nx] = a.volume.shape;
  const [mz, my, mx] = b.volume.shape;
  const toB = composeAffine(a.volume.affine, invertAffine(b.volume.affine));
  let both = 0;
  for (let z = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++) {
      for (let x = 0; x < nx; x++) {
        if (!a.mask.get(z, y, x)) continue;
        const [bz, by, bx] = indexToPatient(toB, [z, y, x]).map(Math.round);
        if (bz >= 0 && bz < mz && by >= 0 && by < my && bx >= 0 && bx < mx && b.mask.get(bz, by, bx)) both++;
      }
    }
  }
  const size = ({ mask, volume }) => mask.count() * voxelVolume(volume.spacing);
  return (2 * both * voxelVolume(a.volume.spacing)) / (size(a) + size(b));
}
