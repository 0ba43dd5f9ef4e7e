import wasm from "@cornerstonejs/codec-openjpeg/decodewasm";
import factory from "@cornerstonejs/codec-openjpeg/decodewasmjs";
import type { Codec } from "./codec.ts";
import { compiledCodec, compiledOptions } from "./emscripten.ts";
import { checkJ2kFrame } from "./j2k-frame.ts";

/** JPEG 2000, lossless and lossy, by OpenJPEG. */
export async function load(): Promise<Codec> {
  const openjpeg = await factory(compiledOptions(await wasm()));
  return compiledCodec(() => new openjpeg.J2KDecoder(), checkJ2kFrame);
}
