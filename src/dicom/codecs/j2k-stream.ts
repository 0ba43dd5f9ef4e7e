import { CodecError } from "./codec.ts";

/** How a tile's image is coded: the parts of COD and COC that shape packets (ITU-T T.800, A.6.1). */
export interface J2kCoding {
  /** 0 LRCP, 1 RLCP, 2 RPCL, 3 PCRL, 4 CPRL. */
  readonly progression: number;
  readonly layers: number;
  /** Decomposition levels; there is one resolution more. */
  readonly levels: number;
  /** Exponents of the code-blocks' width and height. */
  readonly block: readonly [x: number, y: number];
  /** Code-block style: bit 0 selective bypass, bit 2 termination on each pass. */
  readonly style: number;
  /** Exponents of the precincts' width and height, the lowest resolution first. */
  readonly precincts: readonly (readonly [x: number, y: number])[];
  readonly mayHaveSop: boolean;
  readonly hasEph: boolean;
}

/** A part of a tile: its packets lie between two offsets. */
export interface J2kTilePart {
  readonly tile: number;
  /** Offset of its SOT marker. */
  readonly at: number;
  /** Psot: its length as it states it; 0 stands for all that is left. */
  readonly stated: number;
  /** Offset of the first packet. */
  readonly from: number;
  /** Offset behind the last packet, or where the stream ends before. */
  readonly to: number;
  readonly coding: J2kCoding;
}

/** A grey JPEG 2000 codestream's own description. */
export interface J2kStream {
  /** Corners of the image on the reference grid. */
  readonly image: readonly [x0: number, y0: number, x1: number, y1: number];
  readonly tileSize: readonly [x: number, y: number];
  readonly tileOrigin: readonly [x: number, y: number];
  /** Sub-sampling of the component. */
  readonly sampling: readonly [x: number, y: number];
  readonly tileParts: readonly J2kTilePart[];
  /** Offset behind the last tile-part's bytes: of the EOC marker where there is one. */
  readonly end: number;
  /** Whether the tile-parts' packets can be told apart: no packed headers, no change of progression. */
  readonly isPlain: boolean;
}

const SOC = 0xff4f;
const SIZ = 0xff51;
const COD = 0xff52;
const COC = 0xff53;
const POC = 0xff5f;
const PPM = 0xff60;
const PPT = 0xff61;
const SOT = 0xff90;
const SOD = 0xff93;
const EOC = 0xffd9;
const SOT_BYTES = 12;
/** A codestream lies within its first bytes, be it bare or in the boxes of a .jp2 file. */
const SEARCH_BYTES = 1024;
/** Filling that may follow the EOC marker. */
const FILLING = 8;

/** Finds where the codestream begins; -1 when there is none. */
export function findCodestream(view: DataView): number {
  for (let at = 0; at + 4 <= view.byteLength && at < SEARCH_BYTES; at++) {
    if (view.getUint16(at) === SOC && view.getUint16(at + 2) === SIZ) return at;
  }
  return -1;
}

/**
 * Reads the markers of a grey codestream, up to where each tile-part's packets lie.
 *
 * @throws CodecError when it makes no sense
 */
export function readJ2kStream(bytes: Uint8Array): J2kStream {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    return readMarkers(view);
  } catch (cause) {
    if (cause instanceof CodecError) throw cause;
    throw new CodecError("The markers of the JPEG 2000 stream reach beyond its end", { cause });
  }
}

function readMarkers(view: DataView): J2kStream {
  const start = findCodestream(view);
  if (start < 0) throw new CodecError("There is no JPEG 2000 stream");
  const end = endOf(view);
  const siz = start + 4;
  const grid = (i: number): number => view.getUint32(siz + 4 + 4 * i);
  let coding: J2kCoding | undefined;
  let isPlain = true;
  const tileParts: J2kTilePart[] = [];
  /** Reads marker segments up to a marker, and what they say about coding. */
  const readSegments = (from: number, until: number, before?: J2kCoding): readonly [at: number, coding?: J2kCoding] => {
    let found = before;
    for (let at = from; ; at += 2 + view.getUint16(at + 2)) {
      const marker = view.getUint16(at);
      if (marker === until) return found === undefined ? [at] : [at, found];
      if (marker < 0xff00) throw new CodecError("A marker of the JPEG 2000 stream is missing");
      if (marker === COD) found = readCod(view, at);
      else if (marker === COC && found !== undefined) found = readCoc(view, at, found);
      else if (marker === POC || marker === PPM || marker === PPT) isPlain = false;
    }
  };
  let at: number;
  [at, coding] = readSegments(start + 2, SOT);
  if (coding === undefined) throw new CodecError("The JPEG 2000 stream does not say how it is coded");
  const ofTiles = new Map<number, J2kCoding>();
  while (at + SOT_BYTES <= end && view.getUint16(at) === SOT) {
    const tile = view.getUint16(at + 4);
    const stated = view.getUint32(at + 6);
    const [sod, own] = readSegments(at + SOT_BYTES, SOD, ofTiles.get(tile) ?? coding);
    ofTiles.set(tile, own!);
    const next = stated === 0 ? end : at + stated;
    if (stated !== 0 && next < sod + 2) throw new CodecError("A tile-part of the JPEG 2000 stream has no room");
    tileParts.push({ tile, at, stated, from: sod + 2, to: Math.min(next, end), coding: own! });
    at = next;
  }
  return {
    image: [grid(2), grid(3), grid(0), grid(1)],
    tileSize: [grid(4), grid(5)],
    tileOrigin: [grid(6), grid(7)],
    sampling: [view.getUint8(siz + 39), view.getUint8(siz + 40)],
    tileParts,
    end,
    isPlain,
  };
}

/** Where the EOC marker is, or the stream ends without one. */
function endOf(view: DataView): number {
  for (let at = view.byteLength - 2; at >= Math.max(0, view.byteLength - 2 - FILLING); at--) {
    if (view.getUint16(at) === EOC) return at;
  }
  return view.byteLength;
}

function readCod(view: DataView, at: number): J2kCoding {
  const style = view.getUint8(at + 4);
  return {
    progression: view.getUint8(at + 5),
    layers: view.getUint16(at + 6),
    mayHaveSop: (style & 2) !== 0,
    hasEph: (style & 4) !== 0,
    ...readBlocks(view, at + 9, (style & 1) !== 0),
  };
}

/** A component's own coding; the only component is number 0, in one byte. */
function readCoc(view: DataView, at: number, common: J2kCoding): J2kCoding {
  return { ...common, ...readBlocks(view, at + 6, (view.getUint8(at + 5) & 1) !== 0) };
}

function readBlocks(
  view: DataView,
  at: number,
  hasPrecincts: boolean,
): Pick<J2kCoding, "levels" | "block" | "style" | "precincts"> {
  const levels = view.getUint8(at);
  const precincts = Array.from({ length: levels + 1 }, (_, r) => {
    const sizes = hasPrecincts ? view.getUint8(at + 5 + r) : 0xff;
    return [sizes & 15, sizes >> 4] as const;
  });
  return {
    levels,
    block: [view.getUint8(at + 1) + 2, view.getUint8(at + 2) + 2],
    style: view.getUint8(at + 3),
    precincts,
  };
}
