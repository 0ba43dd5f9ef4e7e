import wasm from "@cornerstonejs/codec-openjpeg/decodewasm";
import factory from "@cornerstonejs/codec-openjpeg/decodewasmjs";
import type { Codec } from "./codec.ts";
import { compiledCodec, compiledOptions } from "./emscripten.ts";
import { checkJ2kFrame } from "./j2k-frame.ts";
import { repairTileLength } from "./repair-j2k.ts";

/** JPEG 2000, lossless and lossy, by OpenJPEG. */
export async function load(): Promise<Codec> {
  const complaints: string[] = [];
  const openjpeg = await factory(compiledOptions(await wasm(), complaints));
  const decode = compiledCodec(() => new openjpeg.J2KDecoder(), checkJ2kFrame, complaints);
  return (encoded, size) => {
    const bytes = repairTileLength(encoded);
    const frame = decode(bytes, size);
    return bytes === encoded ? frame : { ...frame, isRepaired: true };
  };
}
