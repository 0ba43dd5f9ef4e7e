import { paintComponents } from "../ops/components.ts";
import { labelRuns } from "../ops/label.ts";
import { dilate } from "../ops/morphology.ts";
import { extractRuns } from "../ops/runs.ts";
import { BitVolume } from "../volume/bit-volume.ts";

/**
 * Puts back what bodies have in the slices that were cut: candidates there within `cut` steps of a
 * body, as far as they hang together with one, 6-connected.
 *
 * `cut` steps reach a voxel in the k-th slice from the top from where k steps across lead, in the
 * last uncut slice, from one with a body as many more steps below. What k steps reach there is
 * what k - 1 reach, dilated, and the bodies k slices below.
 *
 * @param bodies - nothing in the cut slices
 * @param candidates - of the same shape
 * @param cut - slices that were cut from the top, at least 1
 * @returns bodies with what was put back
 */
export function restoreTop(bodies: BitVolume, candidates: BitVolume, cut: number): BitVolume {
  const [nz, ny, nx] = bodies.shape;
  const size = ny * bodies.wordsPerRow;
  const plane = (mask: BitVolume, z: number) => mask.words.subarray(z * size, (z + 1) * size);
  const last = nz - cut - 1;
  // The last uncut slice, and those that were cut.
  const top = new BitVolume([cut + 1, ny, nx]);
  plane(top, 0).set(plane(bodies, last));
  let near = new BitVolume([1, ny, nx], plane(bodies, last).slice());
  for (let k = 0; k < cut; k++) {
    if (k > 0) {
      near = dilate(near);
      if (k <= last) orInto(near.words, plane(bodies, last - k));
    }
    const from = plane(candidates, nz - 1 - k);
    const to = plane(top, cut - k);
    for (let i = 0; i < size; i++) to[i] = from[i]! & near.words[i]!;
  }
  const components = labelRuns(extractRuns(top), 6);
  const wanted = new Uint8Array(components.runs.count);
  for (let i = 0; i < components.runs.rowStart[ny]!; i++) wanted[components.root[i]!] = 1;
  const restored = paintComponents(new BitVolume(top.shape), components, wanted);
  const both = bodies.clone();
  both.words.set(restored.words.subarray(size), (nz - cut) * size);
  return both;
}

function orInto(words: Uint32Array, others: Uint32Array): void {
  for (let i = 0; i < words.length; i++) words[i]! |= others[i]!;
}
