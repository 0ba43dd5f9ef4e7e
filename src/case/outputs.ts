import type { StageMask } from "../pipeline/profiles.ts";
import { STAGE_MASKS } from "../pipeline/stages.ts";

/** Names of the files that a case leaves, without their folder. */
export interface OutputNames {
  /** uint8 (1, z, y, x): the input of the network. */
  readonly clean: string;
  /** float64 (n, 4): a row for each nodule; int64 (1, 4), four zeros, where there are none or no annotations. */
  readonly label: string;
  /** NIfTI on the scan's grid: 1 right lung, 2 left lung, and 3 airways where the profile looks for them. */
  readonly lungs: string;
  /** The lungs as a DICOM SEG; written only on request. */
  readonly seg: string;
  /** The lungs as a DICOM RTSTRUCT; written only on request. */
  readonly rtstruct: string;
  /** Surfaces of the lungs as binary glTF; written only on request. */
  readonly glb: string;
  /** A surface for each structure as STL; written only on request. */
  readonly stl: Readonly<Record<MeshedStructure, string>>;
  /** Annotated nodules, where annotations were given. */
  readonly nodules: string;
  /** Pictures and histogram for the report of a run; written only on request. */
  readonly preview: string;
  /** The manifest; it is written last and says that the case is done. */
  readonly manifest: string;
  /** One NIfTI mask a stage; written only on request. */
  readonly stages: Readonly<Record<StageMask, string>>;
}

/** Formats of meshes: all in one binary glTF file, or an STL file each. */
export const MESH_FORMATS = ["glb", "stl"] as const;
/** One of the formats of meshes. */
export type MeshFormat = (typeof MESH_FORMATS)[number];

/** Structures that have a mesh of their own in STL. */
const MESHED = ["right-lung", "left-lung", "airways"] as const;
/** A structure that has a mesh of its own in STL. */
export type MeshedStructure = (typeof MESHED)[number];

/** Folder, inside the output folder, for the files of cases whose lungs were not good enough. */
export const REJECTED = "rejected";

/** Names of the outputs of a case. */
export function outputNames(name: string): OutputNames {
  const stages = Object.fromEntries(STAGE_MASKS.map((stage) => [stage, `${name}_${stage}.nii.gz`]));
  return {
    clean: `${name}_clean.npy`,
    label: `${name}_label.npy`,
    lungs: `${name}_lungs.nii.gz`,
    seg: `${name}_lungs.seg.dcm`,
    rtstruct: `${name}_lungs.rtstruct.dcm`,
    glb: `${name}_lungs.glb`,
    stl: Object.fromEntries(MESHED.map((structure) => [structure, `${name}_${structure}.stl`])) as OutputNames["stl"],
    nodules: `${name}_nodules.json`,
    preview: `${name}_preview.json`,
    manifest: `${name}.json`,
    stages: stages as OutputNames["stages"],
  };
}
