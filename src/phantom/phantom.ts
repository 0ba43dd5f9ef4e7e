import { affineFromSteps, type Point } from "../volume/affine.ts";
import { type Volume, voxelCount } from "../volume/volume.ts";
import { ABDOMEN_SHIFT, LEFT, RIGHT } from "./anatomy.ts";
import { Canvas } from "./canvas.ts";
import { measureSlice, padOutsideCircle } from "./finish-slice.ts";
import { type Ball, placeNodules } from "./nodules.ts";
import { FULL_HEIGHT, FULL_WIDTH, type PhantomOptions, type ResolvedOptions, resolveOptions } from "./options.ts";
import { paintAbdomen, paintMediastinum, paintSpine, paintSternum } from "./paint-organs.ts";
import { paintBody, paintCavity, paintRibs, paintTable } from "./paint-torso.ts";
import { paintTubes } from "./paint-tubes.ts";
import { Random } from "./random.ts";
import { HU } from "./tissues.ts";
import { makeAirways, makeVessels } from "./tubes.ts";

export type { PhantomOptions } from "./options.ts";

/** A nodule as it was put in. */
export interface PhantomNodule {
  /** LPS, mm. */
  readonly centre: Point;
  /** Millimetres. */
  readonly diameter: number;
}

/** What is known about a phantom because it was made. */
export interface PhantomTruth {
  /** In the order in which they were put in. */
  readonly nodules: readonly PhantomNodule[];
  /** Volume within each pleura, vessels and nodules included, mL. */
  readonly lungVolumes: { readonly right: number; readonly left: number };
}

/** A synthetic CT: int16 Hounsfield units, lying on the back, head first. */
export interface Phantom extends Volume<Int16Array> {
  /** What is known about it. */
  readonly truth: PhantomTruth;
  /** The seed it was made with. */
  readonly seed: number;
}

/** How the standard patient becomes this one. */
interface Frame {
  /** Scale along x and y, at most 1. */
  readonly inPlane: number;
  /** Scale along z, at most 1. */
  readonly height: number;
  /** Standard height of the first slice, mm. */
  readonly start: number;
}

/**
 * Makes a synthetic chest CT: body with skin, fat and muscle, ribs, spine, breastbone, table,
 * heart and great vessels, two lungs with vessels, fissures and nodules, a trachea that leaves at
 * the top and opens into both lungs, noise, and (in square slices) padding outside the circle.
 *
 * The same options give the same voxels on every platform. A field of view smaller than the whole
 * chest gives a smaller patient.
 *
 * @throws PleuraError `invalid-option` when an option is out of its range
 *
 * @example
 * const phantom = makePhantom({ size: 512, slices: 133, nodules: 3 });
 * phantom.truth.lungVolumes.right; // mL
 */
export function makePhantom(options: PhantomOptions = {}): Phantom {
  const resolved = resolveOptions(options);
  const { shape, spacing, seed } = resolved;
  const [slices, rows, columns] = shape;
  const frame = makeFrame(resolved);
  const random = new Random(seed);
  const nodules = resolved.lungs ? placeNodules(resolved.nodules, Math.min(frame.inPlane, frame.height), random) : [];
  const vessels = makeVessels(random);
  const airways = makeAirways();
  const voxels = new Int16Array(voxelCount(shape));
  const canvas = new Canvas(rows, columns, spacing[1] / frame.inPlane, spacing[2] / frame.inPlane);
  const regionVoxels = new Uint32Array(3);

  for (let slice = 0; slice < slices; slice++) {
    const z = frame.start + (slice * spacing[0]) / frame.height;
    canvas.clear(HU.air);
    paintTable(canvas);
    paintBody(canvas, z);
    paintRibs(canvas, z);
    paintCavity(canvas, z);
    paintAbdomen(canvas, z);
    paintSpine(canvas, z);
    paintSternum(canvas, z);
    paintMediastinum(canvas, z);
    paintTubes(canvas, z, vessels, HU.vessel, true);
    paintTubes(canvas, z, airways.walls, HU.wall, false);
    paintTubes(canvas, z, airways.lumens, HU.airway, false);
    paintNodules(canvas, z, nodules, frame);
    for (const region of canvas.regions) regionVoxels[region]!++;
    const target = voxels.subarray(slice * rows * columns, (slice + 1) * rows * columns);
    measureSlice(canvas, seed + 7919 * (slice + 1), target);
    padOutsideCircle(rows, columns, target);
  }

  const origin = firstVoxel(resolved);
  const millilitres = (spacing[0] * spacing[1] * spacing[2]) / 1000;
  return {
    voxels,
    shape,
    spacing,
    affine: affineFromSteps(origin, [0, 0, spacing[0]], [0, spacing[1], 0], [spacing[2], 0, 0]),
    seed,
    truth: {
      nodules: nodules.map(({ centre, radius }) => ({
        centre: [
          centre[0] * frame.inPlane,
          centre[1] * frame.inPlane,
          origin[2] + (centre[2] - frame.start) * frame.height,
        ],
        diameter: 2 * radius,
      })),
      lungVolumes: { right: regionVoxels[RIGHT]! * millilitres, left: regionVoxels[LEFT]! * millilitres },
    },
  };
}

function makeFrame({ shape, spacing, lungs }: ResolvedOptions): Frame {
  const width = Math.min(shape[1] * spacing[1], shape[2] * spacing[2]);
  const inPlane = Math.min(1, width / FULL_WIDTH);
  const extent = shape[0] * spacing[0];
  const height = Math.min(1, extent / FULL_HEIGHT);
  // A scan longer than the chest has it in the middle.
  const start = (FULL_HEIGHT - extent / height) / 2 + spacing[0] / height / 2;
  return { inPlane, height, start: start + (lungs ? 0 : ABDOMEN_SHIFT) };
}

/** Position of voxel (0, 0, 0): the body's axis is x = y = 0, the last slice about z = 0. */
function firstVoxel({ shape, spacing }: ResolvedOptions): Point {
  const micrometre = (mm: number) => Math.round(mm * 1000) / 1000;
  return [
    micrometre((-(shape[2] - 1) / 2) * spacing[2]),
    micrometre((-(shape[1] - 1) / 2) * spacing[1]),
    micrometre(-(shape[0] - 1) * spacing[0]),
  ];
}

/** Balls in true millimetres: they stay balls in a patient made smaller. */
function paintNodules(canvas: Canvas, z: number, nodules: readonly Ball[], frame: Frame): void {
  for (const { centre, radius } of nodules) {
    const off = (z - centre[2]) * frame.height;
    const square = radius * radius - off * off;
    if (square <= 0) continue;
    const half = Math.sqrt(square) / frame.inPlane;
    canvas.fillEllipse(centre[0], centre[1], half, half, HU.nodule);
  }
}
