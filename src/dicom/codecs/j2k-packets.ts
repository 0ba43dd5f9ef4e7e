import type { J2kCoding, J2kStream } from "./j2k-stream.ts";

/** How many packets a stream should have, and how many whole ones it has. */
export interface PacketCount {
  readonly there: number;
  readonly needed: number;
}

/** More packets than this are not gone through. */
const MOST_PACKETS = 1_000_000;
/** The standard knows no more tiles. */
const MOST_TILES = 65_535;
/** More precincts and code-blocks, counted once for each layer, are not gone through: slices have some thousands. */
const MOST_PARTS = 4_000_000;

/**
 * Counts the packets of a grey codestream by their headers, without decoding them (ITU-T T.800, B.6 to
 * B.12). A stream that lacks its last packets decodes all the same, to an image that lacks detail.
 *
 * @returns `undefined` when its packets cannot be told apart: packed headers, a progression that changes,
 * high-throughput code-blocks, or more tiles, code-blocks or packets than a slice has
 */
export function countPackets(bytes: Uint8Array, stream: J2kStream): PacketCount | undefined {
  if (!stream.isPlain) return undefined;
  const [tilesX, tilesY] = [0, 1].map((axis) => {
    const extent = stream.image[2 + axis]! - stream.tileOrigin[axis as 0 | 1];
    return Math.ceil(extent / stream.tileSize[axis as 0 | 1]);
  }) as [number, number];
  if (!(tilesX * tilesY <= MOST_TILES)) return undefined;
  const partsOf = new Map<number, J2kStream["tileParts"][number][]>();
  for (const part of stream.tileParts) partsOf.set(part.tile, [...(partsOf.get(part.tile) ?? []), part]);
  let room = MOST_PARTS;
  let there = 0;
  let needed = 0;
  const common = stream.tileParts[0]?.coding;
  for (let tile = 0; tile < tilesX * tilesY; tile++) {
    const parts = partsOf.get(tile) ?? [];
    const coding = parts[0]?.coding ?? common;
    if (coding === undefined || coding.style & 0x40 || coding.progression > 4) return undefined;
    const precincts = precinctsOf(
      stream,
      coding,
      tile % tilesX,
      Math.floor(tile / tilesX),
      room / Math.max(1, coding.layers),
    );
    if (precincts === undefined) return undefined;
    room -= coding.layers * precincts.reduce((sum, { bands }) => sum + blocksOf(bands), precincts.length);
    needed += precincts.length * coding.layers;
    if (needed > MOST_PACKETS) return undefined;
    there += walk(
      parts.map(({ from, to }) => bytes.subarray(from, to)),
      coding,
      precincts,
    );
  }
  return { there, needed };
}

/** One precinct of a tile: its bands' code-blocks, and what their headers have told so far. */
interface Precinct {
  readonly resolution: number;
  /** Where it begins on the reference grid. */
  readonly x: number;
  readonly y: number;
  readonly bands: readonly Band[];
}

interface Band {
  readonly inclusion: TagTree;
  readonly zeroPlanes: TagTree;
  readonly blocks: Block[];
}

interface Block {
  isIncluded: boolean;
  lengthBits: number;
  /** Passes of the segment that was begun last, and how many it may have. */
  passes: number;
  mostPasses: number;
}

/**
 * The precincts of a tile, in the order of their resolutions and places.
 *
 * @param room - how many precincts and code-blocks there may be
 * @returns `undefined` when there are more
 */
function precinctsOf(
  stream: J2kStream,
  coding: J2kCoding,
  tileX: number,
  tileY: number,
  room: number,
): Precinct[] | undefined {
  const { image, tileSize, tileOrigin, sampling } = stream;
  const at = [tileX, tileY].map((n, axis) => {
    const low = Math.max(tileOrigin[axis as 0 | 1] + n * tileSize[axis as 0 | 1], image[axis]!);
    const high = Math.min(tileOrigin[axis as 0 | 1] + (n + 1) * tileSize[axis as 0 | 1], image[2 + axis]!);
    const by = sampling[axis as 0 | 1];
    return { low: Math.ceil(low / by), high: Math.ceil(high / by), origin: low, by };
  });
  const [x, y] = at as [(typeof at)[0], (typeof at)[0]];
  const precincts: Precinct[] = [];
  let left = room;
  for (let r = 0; r <= coding.levels; r++) {
    const scale = 2 ** (coding.levels - r);
    const [px, py] = coding.precincts[r]!.map((exponent) => 2 ** exponent) as [number, number];
    const [x0, x1] = [Math.ceil(x.low / scale), Math.ceil(x.high / scale)];
    const [y0, y1] = [Math.ceil(y.low / scale), Math.ceil(y.high / scale)];
    if (x1 <= x0 || y1 <= y0) continue;
    for (let j = Math.floor(y0 / py); j * py < y1; j++) {
      for (let i = Math.floor(x0 / px); i * px < x1; i++) {
        const precinct: Box = [i * px, j * py, (i + 1) * px, (j + 1) * py];
        const sizes = bandSizes(coding, r, [x.low, y.low, x.high, y.high], precinct);
        left -= 1 + sizes.reduce((sum, [width, height]) => sum + width * height, 0);
        if (!(left >= 0)) return undefined;
        precincts.push({
          resolution: r,
          x: Math.max(x.origin, i * px * scale * x.by),
          y: Math.max(y.origin, j * py * scale * y.by),
          bands: sizes.map(([width, height]) => makeBand(width, height)),
        });
      }
    }
  }
  return precincts;
}

type Box = readonly [x0: number, y0: number, x1: number, y1: number];

/** How many code-blocks the bands of a resolution have within one precinct, across and down (B.5, B.7, B.9). */
function bandSizes(
  coding: J2kCoding,
  resolution: number,
  tile: Box,
  precinct: Box,
): (readonly [width: number, height: number])[] {
  const isLowest = resolution === 0;
  const level = isLowest ? coding.levels : coding.levels - resolution + 1;
  const scale = 2 ** level;
  const half = isLowest ? 1 : 2;
  const sizes = coding.precincts[resolution]!;
  const block = [0, 1].map((axis) => 2 ** Math.min(coding.block[axis]!, isLowest ? sizes[axis]! : sizes[axis]! - 1));
  const offsets = isLowest
    ? [[0, 0]]
    : [
        [1, 0],
        [0, 1],
        [1, 1],
      ];
  return offsets.map((offset) => {
    const edge = (value: number, axis: number): number =>
      Math.ceil((value - (isLowest ? 0 : (scale / 2) * offset[axis]!)) / scale);
    const low = [0, 1].map((axis) => Math.max(edge(tile[axis]!, axis), precinct[axis]! / half));
    const high = [0, 1].map((axis) => Math.min(edge(tile[2 + axis]!, axis), precinct[2 + axis]! / half));
    const [columns, rows] = [0, 1].map((axis) =>
      high[axis]! > low[axis]! ? Math.ceil(high[axis]! / block[axis]!) - Math.floor(low[axis]! / block[axis]!) : 0,
    ) as [number, number];
    return columns === 0 || rows === 0 ? [0, 0] : [columns, rows];
  });
}

function makeBand(width: number, height: number): Band {
  return {
    inclusion: new TagTree(width, height),
    zeroPlanes: new TagTree(width, height),
    blocks: Array.from({ length: width * height }, () => ({
      isIncluded: false,
      lengthBits: 3,
      passes: 0,
      mostPasses: 0,
    })),
  };
}

function blocksOf(bands: readonly Band[]): number {
  return bands.reduce((sum, { blocks }) => sum + blocks.length, 0);
}

/** The packets of a tile in the order in which they come (B.12.1). */
function* sequence({ progression, layers }: J2kCoding, precincts: readonly Precinct[]): Generator<[Precinct, number]> {
  if (progression === 0) {
    for (let layer = 0; layer < layers; layer++) for (const one of precincts) yield [one, layer];
    return;
  }
  const ordered = [...precincts];
  if (progression === 1) {
    for (let r = 0; r <= (precincts.at(-1)?.resolution ?? 0); r++) {
      const own = precincts.filter(({ resolution }) => resolution === r);
      for (let layer = 0; layer < layers; layer++) for (const one of own) yield [one, layer];
    }
    return;
  }
  // With one component, by position and by component are the same.
  if (progression > 2) ordered.sort((a, b) => a.y - b.y || a.x - b.x || a.resolution - b.resolution);
  for (const one of ordered) for (let layer = 0; layer < layers; layer++) yield [one, layer];
}

/** Goes through a tile's packets until they, or the bytes, end; gives the number of whole ones. */
function walk(parts: readonly Uint8Array[], coding: J2kCoding, precincts: readonly Precinct[]): number {
  let there = 0;
  let part = 0;
  let at = 0;
  for (const [precinct, layer] of sequence(coding, precincts)) {
    // A packet lies within one tile-part.
    while (part < parts.length && at >= parts[part]!.length) {
      part++;
      at = 0;
    }
    const bytes = parts[part];
    if (bytes === undefined) return there;
    const end = packetEnd(bytes, at, coding, precinct, layer);
    if (end === undefined || end > bytes.length) return there;
    at = end;
    there++;
  }
  return there;
}

/** Reads a packet's header; `undefined` when it runs over the end. */
function packetEnd(
  bytes: Uint8Array,
  from: number,
  coding: J2kCoding,
  { bands }: Precinct,
  layer: number,
): number | undefined {
  const isSop = coding.mayHaveSop && bytes[from] === 0xff && bytes[from + 1] === 0x91;
  const bits = new HeaderBits(bytes, isSop ? from + 6 : from);
  let body = 0;
  if (bits.read() === 1) {
    for (const { inclusion, zeroPlanes, blocks } of bands) {
      for (const [i, block] of blocks.entries()) {
        const isIncluded = block.isIncluded ? bits.read() === 1 : inclusion.isAtMost(bits, i, layer);
        if (!isIncluded) continue;
        if (!block.isIncluded) {
          block.isIncluded = true;
          zeroPlanes.value(bits, i);
        }
        body += segmentBytes(bits, block, coding.style);
        if (bits.isOver) return undefined;
      }
    }
  }
  let end = bits.align();
  if (coding.hasEph && bytes[end] === 0xff && bytes[end + 1] === 0x92) end += 2;
  return bits.isOver ? undefined : end + body;
}

const BYPASS = 1;
const TERMINATE_ALL = 4;
/** No code-block has more passes. */
const ANY_NUMBER = 109;

/** Number of passes and the lengths of the segments that they lie in (B.10.6, B.10.7). */
function segmentBytes(bits: HeaderBits, block: Block, style: number): number {
  let passes = readPasses(bits);
  while (bits.read() === 1 && !bits.isOver) block.lengthBits++;
  let bytes = 0;
  while (passes > 0 && !bits.isOver) {
    if (block.passes === block.mostPasses) {
      block.mostPasses = nextSegment(block.mostPasses, style);
      block.passes = 0;
    }
    const taken = Math.min(passes, block.mostPasses - block.passes);
    bytes += bits.number(block.lengthBits + Math.floor(Math.log2(taken)));
    block.passes += taken;
    passes -= taken;
  }
  return bytes;
}

/** How many passes the next segment may have, by those of the one before; 0: there is none (D.4, D.6). */
function nextSegment(before: number, style: number): number {
  if (style & TERMINATE_ALL) return 1;
  if (!(style & BYPASS)) return ANY_NUMBER;
  if (before === 0) return 10;
  return before === 1 || before === 10 ? 2 : 1;
}

function readPasses(bits: HeaderBits): number {
  if (bits.read() === 0) return 1;
  if (bits.read() === 0) return 2;
  const two = bits.number(2);
  if (two < 3) return 3 + two;
  const five = bits.number(5);
  if (five < 31) return 6 + five;
  return 37 + bits.number(7);
}

/** The bits of packet headers: behind a byte of 255 one bit is left out (B.10.1). */
class HeaderBits {
  isOver = false;
  private byte = 0;
  private left = 0;

  constructor(
    private readonly bytes: Uint8Array,
    private at: number,
  ) {}

  read(): number {
    if (this.left === 0) {
      this.left = this.byte === 0xff ? 7 : 8;
      if (this.at >= this.bytes.length) this.isOver = true;
      this.byte = this.bytes[this.at++] ?? 0;
    }
    return (this.byte >> --this.left) & 1;
  }

  number(count: number): number {
    let value = 0;
    for (let i = 0; i < count; i++) value = 2 * value + this.read();
    return value;
  }

  /** Leaves out what is left of the last byte; gives the offset behind it. */
  align(): number {
    this.left = 0;
    return this.byte === 0xff ? this.at + 1 : this.at;
  }
}

/** A tag tree: each node holds the least of its children's values (B.10.2). */
class TagTree {
  private readonly levels: { readonly width: number; readonly low: Int32Array; readonly known: Uint8Array }[] = [];

  constructor(width: number, height: number) {
    for (let [w, h] = [width, height]; w * h > 0; [w, h] = [Math.ceil(w / 2), Math.ceil(h / 2)]) {
      this.levels.push({ width: w, low: new Int32Array(w * h), known: new Uint8Array(w * h) });
      if (w * h === 1) break;
    }
  }

  /** Whether a leaf's value is at most this one; reads no more bits than that takes. */
  isAtMost(bits: HeaderBits, leaf: number, most: number): boolean {
    const path = this.pathTo(leaf);
    let low = 0;
    for (let level = path.length - 1; level >= 0; level--) {
      const { low: lows, known } = this.levels[level]!;
      const node = path[level]!;
      if (lows[node]! < low) lows[node] = low;
      while (lows[node]! <= most && known[node] === 0 && !bits.isOver) {
        if (bits.read() === 1) known[node] = 1;
        else lows[node]!++;
      }
      low = lows[node]!;
    }
    return known0(this.levels, path) && low <= most;
  }

  /** A leaf's value, whatever it is. */
  value(bits: HeaderBits, leaf: number): number {
    let most = 0;
    while (!this.isAtMost(bits, leaf, most) && !bits.isOver) most++;
    return most;
  }

  private pathTo(leaf: number): number[] {
    let [x, y] = [leaf % this.levels[0]!.width, Math.floor(leaf / this.levels[0]!.width)];
    return this.levels.map(({ width }) => {
      const node = y * width + x;
      [x, y] = [x >> 1, y >> 1];
      return node;
    });
  }
}

/** Whether the leaf of a path is known. */
function known0(levels: readonly { readonly known: Uint8Array }[], path: readonly number[]): boolean {
  return levels[0]!.known[path[0]!] === 1;
}
