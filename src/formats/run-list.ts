/**
 * Bytes as runs of equal values, in order: what a label map mostly is. Neighbouring runs never
 * have the same value.
 */
export class RunList {
  /** Number of runs. */
  count = 0;
  /** Number of bytes that the runs stand for. */
  total = 0;
  /** Value of each run; only the first `count` entries are meant. */
  values = new Uint8Array(1024);
  /** Length of each run in bytes; only the first `count` entries are meant. */
  lengths = new Uint32Array(1024);

  /** Appends `length` bytes of one value; joins the last run when it has the same value. */
  push(value: number, length: number): void {
    if (length === 0) return;
    this.total += length;
    if (this.count > 0 && this.values[this.count - 1] === value) {
      this.lengths[this.count - 1]! += length;
      return;
    }
    if (this.count === this.values.length) this.#grow();
    this.values[this.count] = value;
    this.lengths[this.count++] = length;
  }

  /** Appends bytes one by one. */
  pushBytes(bytes: Uint8Array): void {
    for (let i = 0; i < bytes.length; i++) this.push(bytes[i]!, 1);
  }

  /** Appends runs, of which no two neighbours have the same value. */
  append(values: Uint8Array, lengths: Uint32Array): void {
    if (values.length === 0) return;
    this.push(values[0]!, lengths[0]!);
    while (this.values.length < this.count + values.length) this.#grow();
    this.values.set(values.subarray(1), this.count);
    this.lengths.set(lengths.subarray(1), this.count);
    this.count += values.length - 1;
    for (let i = 1; i < lengths.length; i++) this.total += lengths[i]!;
  }

  #grow(): void {
    const values = new Uint8Array(this.values.length * 2);
    const lengths = new Uint32Array(this.values.length * 2);
    values.set(this.values);
    lengths.set(this.lengths);
    this.values = values;
    this.lengths = lengths;
  }
}
