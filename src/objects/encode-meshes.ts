import { encodeGlb, type NamedMesh } from "../formats/glb.ts";
import type { Label } from "../formats/label-nifti.ts";
import { encodeStl } from "../formats/stl.ts";
import { meshOfMask } from "../surface/mask-mesh.ts";
import type { Volume } from "../volume/volume.ts";
import { segmentsOf } from "./segments.ts";

/** A mesh file of a case. */
export interface MeshFile {
  /** The structure that it shows, `right-lung`; `undefined` when it shows all. */
  readonly structure: string | undefined;
  readonly bytes: Uint8Array;
}

/** Sides of the cells that masks are sampled with, mm. Airways are thin. */
const DETAIL = 2;
const AIRWAYS = 3;
const AIRWAYS_DETAIL = 0.75;

/**
 * The regions of a label map as meshes: one glTF file with a node for each, or one STL file each.
 *
 * @param labels - empty regions are left out
 * @param grid - where the label map lies
 * @throws PleuraError as `meshOfMask` does
 */
export async function encodeMeshes(
  labels: readonly Label[],
  grid: Pick<Volume, "spacing" | "affine">,
  format: "glb" | "stl",
): Promise<MeshFile[]> {
  const meshes: NamedMesh[] = [];
  for (const { mask, value, structure } of segmentsOf(labels)) {
    const mesh = meshOfMask(mask, grid, value === AIRWAYS ? AIRWAYS_DETAIL : DETAIL);
    if (mesh !== undefined) meshes.push({ ...mesh, name: structure.label, colour: structure.colour });
  }
  if (format === "glb") return [{ structure: undefined, bytes: await encodeGlb(meshes) }];
  return meshes.map((mesh) => ({
    structure: mesh.name.toLowerCase().replaceAll(" ", "-"),
    bytes: encodeStl(mesh),
  }));
}
