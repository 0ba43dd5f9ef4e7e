import wasm from "@cornerstonejs/codec-openjph/wasm";
import factory from "@cornerstonejs/codec-openjph/wasmjs";
import type { Codec } from "./codec.ts";
import { compiledCodec, compiledOptions } from "./emscripten.ts";
import { checkJ2kFrame } from "./j2k-frame.ts";

/** High-throughput JPEG 2000 by OpenJPH. */
export async function load(): Promise<Codec> {
  const openjph = await factory(compiledOptions(await wasm()));
  return compiledCodec(() => new openjph.HTJ2KDecoder(), checkJ2kFrame);
}
