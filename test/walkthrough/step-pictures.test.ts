import { existsSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { hasBlankCorner } from "../../src/lungs/binarize.ts";
import { readSeries } from "../../src/node/read-series.ts";
import { makePhantom } from "../../src/phantom/phantom.ts";
import { classOf, FIRST_COLOUR, type PixelClass } from "../../src/pipeline/pixel-class.ts";
import { crop } from "../../src/prepare/crop.ts";
import { maskImage } from "../../src/prepare/mask-image.ts";
import { resample } from "../../src/prepare/resample.ts";
import { applyWindow } from "../../src/prepare/window.ts";
import { affineFromSpacing } from "../../src/volume/affine.ts";
import { BitVolume } from "../../src/volume/bit-volume.ts";
import { PLANE_AXES, type Plane } from "../../src/volume/cut.ts";
import type { Triple, Volume } from "../../src/volume/volume.ts";
import type { ComputedCase } from "../../src/walkthrough/computed-case.ts";
import { separationMasks } from "../../src/walkthrough/separation-masks.ts";
import { STEPS, type Step, type StepPicture } from "../../src/walkthrough/step.ts";
import { StepPictures } from "../../src/walkthrough/step-pictures.ts";
import { compute } from "../helpers/compute.ts";
import { readNpz } from "../helpers/npz.ts";

const DATA = join(process.env["PLEURA_DATA"] ?? join(import.meta.dirname, "../../../shared"), "data");

function readDerived(name: string): Volume<Int16Array> {
  const array = readNpz(new URL(`file://${join(DATA, "derived", `${name}.npz`)}`));
  const spacing = [...(array("spacing").data as Float32Array)] as unknown as Triple;
  return {
    voxels: array("hu").data as Int16Array,
    shape: array("hu").shape as unknown as Triple,
    spacing,
    affine: affineFromSpacing(spacing),
  };
}

const cases: readonly [name: string, needed: string, load: () => Promise<Volume<Int16Array>>][] = [
  ["the phantom", ".", async () => makePhantom({ size: 96, slices: 48 })],
  ["cip-64", join(DATA, "cip-64"), async () => readSeries(join(DATA, "cip-64"))],
  ["a leak that needs cuts", join(DATA, "derived"), async () => readDerived("cip-64-leak")],
];

/** The steps whose pictures are Hounsfield units with classes over them. */
type MaskStep = Exclude<Step, "hounsfield" | "window" | "bones" | "resample" | "crop">;

type Values = StepPicture["values"];

/** Whether arrays hold the same bytes: much sooner told than by `toEqual`. */
function isEqual(a: Values, b: Values): boolean {
  const bytes = ({ buffer, byteOffset, byteLength }: Values) => Buffer.from(buffer, byteOffset, byteLength);
  return bytes(a).equals(bytes(b));
}

/** Whether two pictures are the same to look at. */
function isSame(a: StepPicture, b: StepPicture): boolean {
  return a.unit === b.unit && isEqual(a.classes, b.classes) && isEqual(a.values, b.values);
}

for (const [name, needed, load] of cases) {
  describe.skipIf(!existsSync(needed))(`the steps of ${name}`, () => {
    let state: ComputedCase;
    let pictures: StepPictures;
    beforeAll(async () => {
      state = compute(await load());
      pictures = new StepPictures(state);
    });

    const axial = (step: Step, index: number): StepPicture => pictures.draw(step, { plane: "axial", index });

    /** The voxels that a step gives one of some classes. */
    function marked(step: Step, ...names: readonly (PixelClass | "colour")[]): BitVolume {
      const [nz, ny, nx] = state.volume.shape;
      const wanted = names.filter((n) => n !== "colour").map(classOf);
      const bytes = new Uint8Array(nz * ny * nx);
      for (let z = 0; z < nz; z++) {
        const isMarked = (c: number) => wanted.includes(c) || (names.includes("colour") && c >= FIRST_COLOUR);
        bytes.set(
          axial(step, z).classes.map((c) => Number(isMarked(c))),
          z * ny * nx,
        );
      }
      return BitVolume.fromBytes([nz, ny, nx], bytes);
    }

    test("mark what the pipeline's own masks hold", () => {
      const { binary, selection, filled, lungs, dilated1, dilated2 } = state;
      expect(marked("shape", "kept").equals(binary)).toBe(true);
      expect(marked("threshold", "kept").equals(marked("regions", "colour"))).toBe(true);
      expect(marked("threshold", "kept").equals(marked("shape", "kept", "small-area", "elongated"))).toBe(true);
      expect(marked("bodies", "colour", "cut").equals(binary)).toBe(true);
      expect(marked("select", "kept", "border", "volume", "distance", "cut").equals(binary)).toBe(true);
      expect(marked("cuts", "kept", "added").equals(selection.mask)).toBe(true);
      expect(marked("holes", "kept").equals(selection.mask)).toBe(true);
      expect(marked("holes", "kept", "added").equals(filled)).toBe(true);
      expect(marked("cores", "kept", "first-core", "second-core").equals(filled)).toBe(true);
      expect(marked("main-part", "first").equals(marked("slice-holes", "first"))).toBe(true);
      expect(marked("slice-holes", "first", "second", "added").equals(lungs.lung1.union(lungs.lung2))).toBe(true);
      expect(marked("hull", "first").equals(lungs.lung1)).toBe(true);
      expect(marked("hull", "first", "second", "hull", "dilated").equals(dilated1.union(dilated2))).toBe(true);
    });

    test("differ from the step before in exactly the slices in which the step changed something", () => {
      const { volume, binary, selection, filled, lungs, dilated1, dilated2 } = state;
      const [nz, ny, nx] = volume.shape;
      const { cores, halves, mainParts } = separationMasks(state);
      const words = (mask: BitVolume, z: number) =>
        mask.words.subarray(z * ny * mask.wordsPerRow, (z + 1) * ny * mask.wordsPerRow);
      const holds = (z: number, ...masks: BitVolume[]) =>
        masks.some((mask) => words(mask, z).some((word) => word !== 0));
      const differs = (z: number, a: BitVolume, b: BitVolume) => {
        const other = words(b, z);
        return words(a, z).some((word, i) => word !== other[i]);
      };
      const isPadded = (z: number) =>
        ny === nx && hasBlankCorner(volume.voxels.subarray(z * ny * nx, (z + 1) * ny * nx), nx, 10);
      const dark = marked("threshold", "kept");
      const dropped = (z: number) => differs(z, halves[0], mainParts[0]) || differs(z, halves[1], mainParts[1]);
      const filledIn = (z: number) => differs(z, lungs.lung1, mainParts[0]) || differs(z, lungs.lung2, mainParts[1]);
      const changed: Readonly<Partial<Record<MaskStep, (z: number) => boolean>>> = {
        disc: isPadded,
        threshold: (z) => isPadded(z) || holds(z, dark),
        regions: (z) => holds(z, dark),
        shape: (z) => holds(z, dark),
        bodies: (z) => holds(z, dark),
        select: (z) => z < nz - selection.cut && holds(z, binary),
        // In a cut slice "cut" becomes "put back" where the body goes on.
        cuts: (z) => (z < nz - selection.cut ? differs(z, binary, selection.mask) : holds(z, selection.mask)),
        holes: (z) => (z >= nz - selection.cut ? holds(z, binary) : differs(z, filled, selection.mask)),
        cores: (z) => holds(z, ...cores) || differs(z, filled, selection.mask),
        split: (z) => holds(z, filled),
        "main-part": dropped,
        "slice-holes": (z) => dropped(z) || filledIn(z),
        hull: (z) => filledIn(z) || holds(z, dilated1, dilated2),
      };
      for (const [step, isChanged] of Object.entries(changed) as [MaskStep, (z: number) => boolean][]) {
        const before = STEPS[STEPS.indexOf(step) - 1]!;
        const expected = Array.from({ length: nz }, (_, z) => isChanged(z));
        const seen = expected.map((_, z) => !isSame(axial(before, z), axial(step, z)));
        expect(seen, step).toEqual(expected);
      }
    });

    test("show the grey values that the pipeline's own stages give, whole and cropped to what is saved", () => {
      const { volume, lungs, dilated1, dilated2, clean, geometry } = state;
      const grey = applyWindow(volume.voxels);
      const masked = maskImage(grey, lungs.lung1.union(lungs.lung2), dilated1.union(dilated2));
      const resampled = resample({ voxels: masked, shape: volume.shape }, volume.spacing, [1, 1, 1], { order: 1 });
      expect(isEqual(crop(resampled.voxels, geometry.resampled.shape, geometry.box), clean.voxels)).toBe(true);
      const sliceOf = (voxels: Uint8Array, shape: readonly number[], z: number) =>
        voxels.subarray(z * shape[1]! * shape[2]!, (z + 1) * shape[1]! * shape[2]!);
      const [nz] = volume.shape;
      for (let z = 0; z < nz; z += 4) {
        expect(isEqual(axial("window", z).values, sliceOf(grey, volume.shape, z))).toBe(true);
        expect(isEqual(axial("bones", z).values, sliceOf(masked, volume.shape, z))).toBe(true);
        const at = Math.min(resampled.shape[0]! - 1, Math.round(z / geometry.step[0]));
        const whole = axial("resample", z);
        expect([whole.height, whole.width]).toEqual(resampled.shape.slice(1));
        expect(isEqual(whole.values, sliceOf(resampled.voxels, resampled.shape, at))).toBe(true);
        const { values, classes, box } = axial("crop", z);
        expect(isEqual(values, whole.values)).toBe(true);
        expect(box).toEqual({
          top: geometry.box[1][0],
          bottom: geometry.box[1][1],
          left: geometry.box[2][0],
          right: geometry.box[2][1],
        });
        const [, ny, nx] = clean.shape;
        const isInside = at >= geometry.box[0][0] && at < geometry.box[0][1];
        expect(classes.filter((c) => c === 0)).toHaveLength(isInside ? ny * nx : 0);
      }
      const [middle] = lungs.lung1.shape.map((n) => n >> 1) as [number];
      for (const step of ["window", "bones", "resample", "crop"] as const) {
        expect(isSame(axial(step, middle), axial(STEPS[STEPS.indexOf(step) - 1]!, middle)), step).toBe(false);
      }
    });

    test.each(["coronal", "sagittal"] as const)("show the same voxels in %s slices", (plane: Plane) => {
      const { shape } = state.volume;
      const { across, down, fixed } = PLANE_AXES[plane];
      for (const step of STEPS) {
        const isResampled = step === "resample" || step === "crop";
        const places = Array.from({ length: Math.ceil(shape[0] / 5) }, (_, k) => 5 * k);
        const slices = new Map(places.map((z) => [z, axial(step, z)]));
        const grid = isResampled ? state.geometry.resampled.shape : shape;
        for (const index of [0, shape[fixed] >> 1, shape[fixed] - 1]) {
          const { width, height, values, classes, unit } = pictures.draw(step, { plane, index });
          expect([width, height, unit]).toEqual([grid[across], grid[down], slices.get(0)!.unit]);
          const at = isResampled ? Math.min(grid[fixed] - 1, Math.round(index / state.geometry.step[fixed])) : index;
          let wrong = 0;
          for (const [z, slice] of slices) {
            const row = height - 1 - (isResampled ? Math.min(grid[0] - 1, Math.round(z / state.geometry.step[0])) : z);
            for (let column = 0; column < width; column++) {
              const [y, x] = plane === "coronal" ? [at, column] : [column, at];
              const [i, j] = [row * width + column, y * grid[2] + x];
              wrong += Number(values[i] !== slice.values[j] || classes[i] !== slice.classes[j]);
            }
          }
          expect(wrong, `${step} ${index}`).toBe(0);
        }
      }
    });

    test("refuse a slice that is not there", () => {
      const index = state.volume.shape[1];
      for (const step of ["threshold", "crop"] as const) {
        expect(() => pictures.draw(step, { plane: "coronal", index })).toThrow("index");
      }
    });
  });
}
