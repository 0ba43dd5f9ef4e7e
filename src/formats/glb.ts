import { Document, WebIO } from "@gltf-transform/core";
import type { Mesh } from "../volume/mesh.ts";

/** A mesh of a glTF file. */
export interface NamedMesh extends Mesh {
  /** Three numbers a corner: the outward unit normal, LPS. */
  readonly normals: Float32Array;
  readonly name: string;
  /** Red, green, blue, 0 to 255 as screens show them (sRGB). */
  readonly colour: readonly [number, number, number];
}

const MM_PER_METRE = 1000;

/**
 * Meshes as a binary glTF 2.0 file (`.glb`), in metres: each is a node with a name and a colour. glTF's axes run to the
 * left (x), up (y) and to the front (z) of what is shown: the patient's left, head and front.
 *
 * Source: https://registry.khronos.org/glTF/specs/2.0/glTF-2.0.html
 *
 * @param meshes - LPS coordinates, millimetres
 * @returns bytes of the `.glb` file
 */
export async function encodeGlb(meshes: readonly NamedMesh[]): Promise<Uint8Array> {
  const document = new Document();
  document.getRoot().getAsset().generator = "pleura";
  const buffer = document.createBuffer();
  const scene = document.createScene();
  document.getRoot().setDefaultScene(scene);
  for (const { name, colour, positions, normals, triangles } of meshes) {
    const accessor = (type: "VEC3" | "SCALAR", array: Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>) =>
      document.createAccessor().setType(type).setArray(array).setBuffer(buffer);
    const material = document
      .createMaterial(name)
      .setBaseColorFactor([linear(colour[0]), linear(colour[1]), linear(colour[2]), 1])
      .setMetallicFactor(0)
      .setRoughnessFactor(0.8);
    const primitive = document
      .createPrimitive()
      .setAttribute("POSITION", accessor("VEC3", toGltfAxes(positions, MM_PER_METRE)))
      .setAttribute("NORMAL", accessor("VEC3", toGltfAxes(normals, 1)))
      .setIndices(accessor("SCALAR", new Uint32Array(triangles)))
      .setMaterial(material);
    scene.addChild(document.createNode(name).setMesh(document.createMesh(name).addPrimitive(primitive)));
  }
  return new WebIO().writeBinary(document);
}

/** Left, back, head become left, head, front: a rotation, so triangles keep their sides. */
function toGltfAxes(points: Float32Array, divisor: number): Float32Array<ArrayBuffer> {
  const out = new Float32Array(points.length);
  for (let i = 0; i < out.length; i += 3) {
    out[i] = points[i]! / divisor;
    out[i + 1] = points[i + 2]! / divisor;
    out[i + 2] = -points[i + 1]! / divisor;
  }
  return out;
}

/** A channel of a colour as glTF wants it. Source: IEC 61966-2-1. */
function linear(channel: number): number {
  const value = channel / 255;
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}
