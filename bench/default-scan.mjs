import { existsSync } from "node:fs";
import { join } from "node:path";
import { makePhantom } from "pleura";
import { writePhantom } from "pleura/node";
import { DATA } from "../scripts/lib/paths.mjs";

/** The scan that is measured where none is given: lidc-idri-0001, or a phantom of the same size. */
export async function defaultScan(scratch) {
  const real = join(DATA, "data/lidc-idri-0001");
  if (existsSync(real)) return real;
  console.log(`There is no ${real}: a phantom of the same size stands in.`);
  const phantom = join(scratch, "phantom");
  await writePhantom(makePhantom({ size: 512, slices: 133, spacing: [2.5, 0.703, 0.703] }), phantom);
  return phantom;
}
