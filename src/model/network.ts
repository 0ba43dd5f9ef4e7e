/** What a network says to a slice. */
export interface NetworkAnswer {
  /** Planes of classes, labels or a mask, C-ordered; `BigInt64Array` for 64-bit labels. */
  readonly data: ArrayLike<number> | BigInt64Array | BigUint64Array;
  /** The output's dimensions, outermost first. */
  readonly dims: readonly number[];
}

/** A slice-wise network that is ready to run. */
export interface SliceNetwork {
  /** The runtime that runs it, and its version: `onnxruntime-node 1.30.0`. */
  readonly runtime: string;
  /**
   * Runs one image.
   *
   * @param values - float32, channel by channel, row by row
   * @param dims - `[1, channels, height, width]`
   */
  run(values: Float32Array, dims: readonly [number, number, number, number]): Promise<NetworkAnswer>;
}
