/**
 * A seeded stream of numbers, the same on every platform: xorshift32 on integers.
 *
 * Source: G. Marsaglia, "Xorshift RNGs", J. Stat. Softw. 8(14), 2003.
 */
export class Random {
  #state: number;

  /** @param seed - any integer; different seeds give unrelated streams */
  constructor(seed: number) {
    // Scrambled, because neighbouring states of xorshift stay neighbours for a while.
    let s = Math.imul(seed ^ (seed >>> 16), 0x45d9f3b) + 0x9e3779b9;
    s = Math.imul(s ^ (s >>> 15), 0x2c1b3c6d);
    s ^= s >>> 13;
    this.#state = s === 0 ? 1 : s;
  }

  /** The next 32 random bits, as an unsigned integer; never 0. */
  bits(): number {
    let s = this.#state;
    s ^= s << 13;
    s ^= s >>> 17;
    s ^= s << 5;
    this.#state = s;
    return s >>> 0;
  }

  /** A number from `low` up to, but without, `high`. */
  between(low: number, high: number): number {
    return low + (this.bits() / 2 ** 32) * (high - low);
  }
}
