import charls from "@cornerstonejs/codec-charls/decodewasm?url";
import openjpeg from "@cornerstonejs/codec-openjpeg/decodewasm?url";
import openjph from "@cornerstonejs/codec-openjph/wasm?url";
import { locateCodecs } from "pleura/browser";

// Only addresses: each codec is loaded when a file needs it.
const CODECS: Readonly<Record<string, string>> = {
  "charlswasm_decode.wasm": charls,
  "openjpegwasm_decode.wasm": openjpeg,
  "openjphjs.wasm": openjph,
};

/** Tells a worker where the page's codecs are served. */
export function useServedCodecs(): void {
  locateCodecs((file) => new URL(CODECS[file] ?? file, import.meta.url).href);
}
