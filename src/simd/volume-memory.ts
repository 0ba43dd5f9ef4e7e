import { invalidOption } from "../errors.ts";
import { type Kernels, separateKernels } from "./kernels.ts";

/**
 * Memory for the voxels of one volume at a time, used again for the next one. The system has to
 * clear fresh memory page by page, which takes longer than reading a scan into it; and here the
 * SIMD kernels work on the voxels where they lie.
 *
 * @example
 * const volumeMemory = new VolumeMemory();
 * for (const folder of folders) await prepCase(folder, { out, volumeMemory });
 */
export class VolumeMemory {
  #kernels: Kernels | undefined;
  #plain = new Int16Array(0);
  #inUse = false;

  /**
   * Runs what needs memory for a volume; when it has ended the volume is no more.
   *
   * @param during - gets a function that gives the memory: int16[length], whatever the volume
   * before has left there. It throws a RangeError when there is not so much memory
   * @throws PleuraError `invalid-option` when the memory is in use already; what `during` throws
   */
  async use<Result>(during: (allocate: (length: number) => Int16Array) => Promise<Result>): Promise<Result> {
    if (this.#inUse) throw invalidOption("volumeMemory", "one for each case at a time", "one that is in use");
    this.#inUse = true;
    try {
      return await during((length) => this.#allocate(length));
    } finally {
      this.#inUse = false;
    }
  }

  #allocate(length: number): Int16Array {
    this.#kernels ??= separateKernels();
    const held = this.#kernels?.holdVoxels(length);
    if (held !== undefined) return held;
    if (this.#plain.length < length) this.#plain = new Int16Array(length);
    return this.#plain.subarray(0, length);
  }
}
