// Entry of the SIMD module: what src/simd/kernels.ts can call.
export { dilateBits, erodeBits, paddedBytes } from "./morphology";
export { countRuns, labelComponents, writeRuns } from "./runs";
export { markSlice } from "./smoothed-threshold";
