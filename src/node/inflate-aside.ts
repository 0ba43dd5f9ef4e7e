import { promisify } from "node:util";
import { inflateRaw } from "node:zlib";
import type { Inflate } from "../inflate.ts";

const inflateRawAside = promisify<Uint8Array, object, Buffer>(inflateRaw);

/** Inflates in one of Node's own threads, while this one works on. */
export const inflateAside: Inflate = (compressed, bytes) =>
  // One byte more than there should be, so that all of it comes in one piece.
  inflateRawAside(compressed, { chunkSize: Math.max(64, bytes + 1), maxOutputLength: bytes });
