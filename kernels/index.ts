// Entry of the SIMD module: what src/simd/kernels.ts can call.
export { boundsOf, countBits, orBits } from "./bits";
export { clearReaching, componentSizes, drawRuns, labelComponents, sumMoments } from "./components";
export { fillHulls } from "./convex-hull";
export { columnsOf, decidePlane } from "./feature-transform";
export { growBodies } from "./growing-bodies";
export { mergeLabels } from "./label-map";
export { dilateBits, erodeBits, paddedBytes } from "./morphology";
export { clearBoth, decideByBoxes, ripenRest } from "./nearest-core";
export { blendPlanes, cleanPlane, shiftGreys } from "./one-pass-clean";
export { addToValues } from "./rescale";
export { complementRuns, countRuns, writeRuns } from "./runs";
export { markSlice } from "./smoothed-threshold";
