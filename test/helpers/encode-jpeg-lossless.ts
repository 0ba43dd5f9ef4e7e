/** What a stream of {@link encodeJpegLossless} shall be like. */
export interface LosslessStream {
  readonly rows: number;
  readonly columns: number;
  readonly precision: number;
  /** Predictor, 1 to 7. */
  readonly selection: number;
  /** Values between restart markers; 0 for none. They need not be whole rows. */
  readonly restartInterval: number;
  /** The 17 sizes of differences in the order of their codes, which have 1, 2, … 15, 16, 16 bits. */
  readonly sizes: readonly number[];
}

/** Encodes values as ITU-T T.81, annex H, says, one value after the other and bit by bit. */
export function encodeJpegLossless(values: ArrayLike<number>, stream: LosslessStream): Uint8Array {
  const { rows, columns, precision, selection, restartInterval, sizes } = stream;
  const counts = [...Array<number>(15).fill(1), 2];
  const out = [0xff, 0xd8];
  const segment = (marker: number, body: readonly number[]): void => {
    out.push(0xff, marker, (body.length + 2) >> 8, (body.length + 2) & 0xff, ...body);
  };
  segment(0xc3, [precision, rows >> 8, rows & 0xff, columns >> 8, columns & 0xff, 1, 1, 0x11, 0]);
  segment(0xc4, [0, ...counts, ...sizes]);
  if (restartInterval > 0) segment(0xdd, [restartInterval >> 8, restartInterval & 0xff]);
  segment(0xda, [1, 1, 0, selection, 0, 0]);

  let bits: number[] = [];
  const flush = (): void => {
    while (bits.length % 8 !== 0) bits.push(1);
    for (let i = 0; i < bits.length; i += 8) {
      const byte = Number.parseInt(bits.slice(i, i + 8).join(""), 2);
      out.push(byte, ...(byte === 0xff ? [0] : []));
    }
    bits = [];
  };
  const write = (value: number, count: number): void => {
    for (let bit = count - 1; bit >= 0; bit--) bits.push((value >> bit) & 1);
  };
  let freshRow = 0;
  let restarts = 0;
  for (let i = 0; i < rows * columns; i++) {
    const isFresh = i === 0 || (restartInterval > 0 && i % restartInterval === 0);
    const y = Math.floor(i / columns);
    if (isFresh) freshRow = y;
    if (isFresh && i > 0) {
      flush();
      out.push(0xff, 0xd0 + (restarts++ % 8));
    }
    const [left, up, upLeft] = [values[i - 1]!, values[i - columns]!, values[i - columns - 1]!];
    const guess = isFresh
      ? 1 << (precision - 1)
      : y === freshRow
        ? left
        : i % columns === 0
          ? up
          : [
              left,
              up,
              upLeft,
              left + up - upLeft,
              left + ((up - upLeft) >> 1),
              up + ((left - upLeft) >> 1),
              (left + up) >> 1,
            ][selection - 1]!;
    // Differences are modulo 2^16; 32768 stands for itself.
    const difference = ((values[i]! - guess + 32767) & 0xffff) - 32767;
    const size = difference === 32768 ? 16 : 32 - Math.clz32(Math.abs(difference));
    const code = sizes.indexOf(size);
    write(code === 16 ? 0xffff : (1 << (code + 1)) - 2, Math.min(code + 1, 16));
    if (size < 16) write(difference < 0 ? difference + (1 << size) - 1 : difference, size);
  }
  flush();
  return Uint8Array.from([...out, 0xff, 0xd9]);
}
