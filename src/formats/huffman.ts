/**
 * Lengths of an optimal prefix code for the given frequencies, none above `limit`. Symbols that
 * do not occur get length 0; a symbol that is alone gets length 1.
 *
 * @param frequencies - how often each symbol occurs
 * @param limit - longest code allowed, bits; deflate's are 15 and 7
 */
export function codeLengths(frequencies: ArrayLike<number>, limit: number): Uint8Array {
  let weights = Array.from(frequencies);
  for (;;) {
    const lengths = unlimitedLengths(weights);
    if (lengths.every((n) => n <= limit)) return lengths;
    // Flatter weights give a flatter tree; equal ones would fit, so this ends.
    weights = weights.map((w) => (w > 0 ? Math.ceil(w / 2) : 0));
  }
}

/**
 * Codes of the canonical prefix code with these lengths, the bits reversed, because deflate
 * sends a code from its highest bit and everything else from its lowest.
 *
 * Source: RFC 1951, section 3.2.2.
 */
export function canonicalCodes(lengths: Uint8Array): Uint16Array {
  const codes = new Uint16Array(lengths.length);
  let code = 0;
  for (let length = 1; length <= 15; length++, code <<= 1) {
    for (let symbol = 0; symbol < lengths.length; symbol++) {
      if (lengths[symbol] === length) codes[symbol] = reverse(code++, length);
    }
  }
  return codes;
}

function reverse(code: number, length: number): number {
  let out = 0;
  for (let i = 0; i < length; i++) out |= ((code >> i) & 1) << (length - 1 - i);
  return out;
}

interface TreeNode {
  readonly weight: number;
  readonly symbols: readonly number[];
}

function unlimitedLengths(weights: readonly number[]): Uint8Array {
  const lengths = new Uint8Array(weights.length);
  const leaves = weights.map((weight, symbol): TreeNode => ({ weight, symbols: [symbol] })).filter((n) => n.weight > 0);
  const queue = leaves.sort((a, b) => b.weight - a.weight);
  if (queue.length === 1) lengths[queue[0]!.symbols[0]!] = 1;
  while (queue.length > 1) {
    const a = queue.pop()!,
      b = queue.pop()!;
    const joined = { weight: a.weight + b.weight, symbols: [...a.symbols, ...b.symbols] };
    for (const symbol of joined.symbols) lengths[symbol]!++;
    const at = queue.findLastIndex((n) => n.weight >= joined.weight) + 1;
    queue.splice(at, 0, joined);
  }
  return lengths;
}
