import wasm from "@cornerstonejs/codec-charls/decodewasm";
import factory from "@cornerstonejs/codec-charls/decodewasmjs";
import type { Codec } from "./codec.ts";
import { compiledCodec, compiledOptions } from "./emscripten.ts";
import { checkJpegFrame, readJpegFrame } from "./jpeg-markers.ts";

/** JPEG-LS, lossless and near-lossless, by CharLS. */
export async function load(): Promise<Codec> {
  const charls = await factory(compiledOptions(await wasm()));
  return compiledCodec(
    () => new charls.JpegLSDecoder(),
    (encoded, size) => checkJpegFrame(readJpegFrame(encoded), size),
  );
}
