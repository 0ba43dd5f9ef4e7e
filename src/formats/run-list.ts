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

  #grow(): void {
    const values = new Uint8Array(this.count * 2);
    const lengths = new Uint32Array(this.count * 2);
    values.set(this.values);
    lengths.set(this.lengths);
    this.values = values;
    this.lengths = lengths;
  }
}
