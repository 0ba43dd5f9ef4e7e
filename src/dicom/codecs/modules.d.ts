// The compiled codecs come without types. Their factories resolve to a module of classes; the build
// makes of a `.wasm` file a function that returns its bytes (scripts/lib/bundle-codecs.ts).

declare module "@cornerstonejs/codec-openjpeg/decodewasmjs" {
  import type { CompiledDecoder, CompiledOptions } from "./emscripten.ts";
  export default function factory(
    options: CompiledOptions,
  ): Promise<{ readonly J2KDecoder: new () => CompiledDecoder }>;
}

declare module "@cornerstonejs/codec-charls/decodewasmjs" {
  import type { CompiledDecoder, CompiledOptions } from "./emscripten.ts";
  export default function factory(
    options: CompiledOptions,
  ): Promise<{ readonly JpegLSDecoder: new () => CompiledDecoder }>;
}

declare module "@cornerstonejs/codec-openjph/wasmjs" {
  import type { CompiledDecoder, CompiledOptions } from "./emscripten.ts";
  export default function factory(
    options: CompiledOptions,
  ): Promise<{ readonly HTJ2KDecoder: new () => CompiledDecoder }>;
}

declare module "@cornerstonejs/codec-openjpeg/decodewasm" {
  export default function bytes(): Promise<Uint8Array>;
}

declare module "@cornerstonejs/codec-charls/decodewasm" {
  export default function bytes(): Promise<Uint8Array>;
}

declare module "@cornerstonejs/codec-openjph/wasm" {
  export default function bytes(): Promise<Uint8Array>;
}
