import { type CaseFile, sideLabels } from "../case/files.ts";
import { type MeshedStructure, type MeshFormat, outputNames } from "../case/outputs.ts";
import type { LungSides } from "../lungs/sides.ts";
import { encodeMeshes } from "../objects/encode-meshes.ts";
import type { FileScan } from "./read-series.ts";

/**
 * The surfaces of a case's lungs as files.
 *
 * @throws PleuraError as `encodeMeshes` does
 */
export async function makeCaseMeshes(
  name: string,
  sides: LungSides,
  scan: FileScan,
  format: MeshFormat,
): Promise<CaseFile[]> {
  const { glb, stl } = outputNames(name);
  const meshes = await encodeMeshes(sideLabels(sides), scan, format);
  return meshes.map(({ structure, bytes }) => ({
    name: structure === undefined ? glb : stl[structure as MeshedStructure],
    parts: [bytes],
  }));
}
