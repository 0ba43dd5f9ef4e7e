import { type CaseData, type CaseFile, mapLabels } from "../case/files.ts";
import { type MeshedStructure, type MeshFormat, outputNames } from "../case/outputs.ts";
import { encodeMeshes } from "../objects/encode-meshes.ts";
import type { FileScan } from "./read-series.ts";

/**
 * The surfaces of a case's regions as files.
 *
 * @param regions - of the label map: the lungs, and the airways where the profile finds them
 * @throws PleuraError as `encodeMeshes` does
 */
export async function makeCaseMeshes(
  name: string,
  regions: Pick<CaseData, "sides" | "airways">,
  scan: FileScan,
  format: MeshFormat,
): Promise<CaseFile[]> {
  const { glb, stl } = outputNames(name);
  const meshes = await encodeMeshes(mapLabels(regions), scan, format);
  return meshes.map(({ structure, bytes }) => ({
    name: structure === undefined ? glb : stl[structure as MeshedStructure],
    parts: [bytes],
  }));
}
