/** Three numbers in the order of the axes of an array: `[z, y, x]`, slowest first. */
export type Triple = readonly [z: number, y: number, x: number];
