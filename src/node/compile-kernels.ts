import { setFlagsFromString } from "node:v8";
import { kernels } from "../simd/kernels.ts";

/**
 * Compiles the SIMD kernels to their best at once, on all cores, which takes some 10 ms. Left to
 * itself V8 compiles each function quickly when it is first called and better when it has been
 * called often; but some are called once a case and run for long.
 *
 * For processes of pleura's own that are about to do a case: for a moment it changes V8's flags.
 */
export function compileKernels(): void {
  setFlagsFromString("--no-liftoff --no-wasm-lazy-compilation");
  try {
    kernels();
  } finally {
    // Codecs are larger, and not every function of them is needed.
    setFlagsFromString("--liftoff --wasm-lazy-compilation");
  }
}
