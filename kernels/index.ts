// Entry of the SIMD module: what src/simd/kernels.ts can call.
export { boxDilateBits } from "./box-dilate";
export { dilateBits, erodeBits, paddedBytes } from "./morphology";
export { decideRuns } from "./nearest-core";
export { blendPlanes, renderPlane } from "./render";
export { addToValues } from "./rescale";
export { countRuns, labelComponents, writeRuns } from "./runs";
export { markSlice } from "./smoothed-threshold";
