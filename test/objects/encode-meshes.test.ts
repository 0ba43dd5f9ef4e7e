import { type BufferGeometry, Mesh } from "three";
import { GLTFLoader } from "three/examples/jsm/loaders/GLTFLoader.js";
import { STLLoader } from "three/examples/jsm/loaders/STLLoader.js";
import { expect, test } from "vitest";
import { sideLabels } from "../../src/case/files.ts";
import { lungSides } from "../../src/lungs/sides.ts";
import { encodeMeshes } from "../../src/objects/encode-meshes.ts";
import { makePhantom } from "../../src/phantom/phantom.ts";
import { segmentLungs } from "../../src/pipeline/segment-lungs.ts";
import { meshVolume } from "../../src/surface/mask-mesh.ts";
import { BitVolume } from "../../src/volume/bit-volume.ts";

const scan = makePhantom({ size: 96, slices: 48, spacing: [5, 3.4, 3.4] });
const { right, left } = lungSides(scan, segmentLungs(scan));
const millilitres = (mask: BitVolume) => (mask.count() * 5 * 3.4 * 3.4) / 1000;
const buffer = (bytes: Uint8Array) => bytes.slice().buffer;

/** Positions may lie between other values in the file. */
function positionsOf(geometry: BufferGeometry): Float32Array {
  const points = geometry.getAttribute("position");
  return Float32Array.from({ length: 3 * points.count }, (_, i) => points.getComponent(Math.floor(i / 3), i % 3));
}

test("three.js opens the glTF file: named lungs in metres, the patient's left, head and front", async () => {
  const [file, ...others] = await encodeMeshes(sideLabels({ right, left }), scan, "glb");
  expect(others).toEqual([]);
  const { scene, asset } = await new GLTFLoader().parseAsync(buffer(file!.bytes), "");
  expect(asset).toMatchObject({ version: "2.0", generator: "pleura" });
  const meshes = scene.children.map((child) => child as Mesh);
  expect(meshes.every((mesh) => mesh instanceof Mesh)).toBe(true);
  const centres = meshes.map((mesh) => {
    mesh.geometry.computeBoundingBox();
    return mesh.geometry.boundingBox!.getCenter(mesh.position.clone());
  });
  for (const [i, [name, mask]] of (
    [
      ["Right lung", right],
      ["Left lung", left],
    ] as const
  ).entries()) {
    const { geometry } = meshes[i]!;
    const volume = meshVolume({
      positions: positionsOf(geometry),
      triangles: geometry.getIndex()!.array as Uint32Array,
    });
    // The loader writes names as identifiers.
    expect(meshes[i]!.name.replace("_", " ")).toBe(name);
    expect((volume * 1e6) / millilitres(mask)).toBeCloseTo(1, 2);
  }
  // Slices run along y, from the feet to the head.
  expect(centres[1]!.x).toBeGreaterThan(centres[0]!.x);
  expect(meshes[0]!.geometry.boundingBox!.max.y - meshes[0]!.geometry.boundingBox!.min.y).toBeGreaterThan(0.1);
});

test("three.js opens the STL files: a structure each, in millimetres", async () => {
  const files = await encodeMeshes(sideLabels({ right, left }), scan, "stl");
  expect(files.map(({ structure }) => structure)).toEqual(["right-lung", "left-lung"]);
  for (const [i, mask] of [right, left].entries()) {
    const geometry = new STLLoader().parse(buffer(files[i]!.bytes));
    const positions = positionsOf(geometry);
    const triangles = Uint32Array.from({ length: positions.length / 3 }, (_, k) => k);
    expect(meshVolume({ positions, triangles }) / 1000 / millilitres(mask)).toBeCloseTo(1, 2);
  }
});

test("a structure that is not there has no mesh", async () => {
  const files = await encodeMeshes(sideLabels({ right, left: new BitVolume(left.shape) }), scan, "stl");
  expect(files.map(({ structure }) => structure)).toEqual(["right-lung"]);
});
