import { existsSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { readSeries } from "../../src/node/read-series.ts";
import { makePhantom } from "../../src/phantom/phantom.ts";
import type { ComputedCase } from "../../src/steps/computed-case.ts";
import { classOf, FIRST_COLOUR, type PixelClass, STEPS, type Step } from "../../src/steps/step.ts";
import { StepPictures } from "../../src/steps/step-pictures.ts";
import { affineFromSpacing } from "../../src/volume/affine.ts";
import { BitVolume } from "../../src/volume/bit-volume.ts";
import type { Triple, Volume } from "../../src/volume/volume.ts";
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
  ["the phantom", ".", async () => makePhantom({ size: 128, slices: 60 })],
  ["cip-64", join(DATA, "cip-64"), async () => readSeries(join(DATA, "cip-64"))],
  ["a leak that needs cuts", join(DATA, "derived"), async () => readDerived("cip-64-leak")],
];

for (const [name, needed, load] of cases) {
  describe.skipIf(!existsSync(needed))(`the steps of ${name}`, () => {
    let state: ComputedCase;
    let pictures: StepPictures;
    beforeAll(async () => {
      state = compute(await load());
      pictures = new StepPictures(state);
    });

    /** The voxels that a step gives one of some classes. */
    function marked(step: Step, ...names: readonly (PixelClass | "colour")[]): BitVolume {
      const [nz, ny, nx] = state.volume.shape;
      const wanted = names.filter((n) => n !== "colour").map(classOf);
      const bytes = new Uint8Array(nz * ny * nx);
      for (let z = 0; z < nz; z++) {
        const { classes } = pictures.draw(step, z);
        const isMarked = (c: number) => wanted.includes(c) || (names.includes("colour") && c >= FIRST_COLOUR);
        bytes.set(
          classes.map((c) => Number(isMarked(c))),
          z * ny * nx,
        );
      }
      return BitVolume.fromBytes([nz, ny, nx], bytes);
    }

    test("mark what the pipeline's own masks hold", () => {
      const { binary, selection, filled, lungs, dilated1, dilated2 } = state;
      const either = (a: BitVolume, b: BitVolume) =>
        new BitVolume(
          a.shape,
          a.words.map((w, i) => w | b.words[i]!),
        );
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
      expect(marked("slice-holes", "first", "second", "added").equals(either(lungs.lung1, lungs.lung2))).toBe(true);
      expect(marked("hull", "first").equals(lungs.lung1)).toBe(true);
      expect(marked("hull", "first", "second", "hull", "dilated").equals(either(dilated1, dilated2))).toBe(true);
    });

    test("differ from the step before wherever a step changes something", () => {
      const middle = Math.round(state.volume.shape[0] / 2);
      const changed: Step[] = [];
      for (const [i, step] of STEPS.entries()) {
        if (i === 0) continue;
        const before = pictures.draw(STEPS[i - 1]!, middle);
        const after = pictures.draw(step, middle);
        const same = String(before.classes) === String(after.classes) && String(before.values) === String(after.values);
        if (!same) changed.push(step);
      }
      for (const step of [
        "threshold",
        "regions",
        "shape",
        "bodies",
        "select",
        "cores",
        "split",
        "hull",
        "window",
        "bones",
      ]) {
        expect(changed).toContain(step);
      }
      expect(changed).toContain("crop");
    });

    test("crop to what is saved", () => {
      const { clean, geometry } = state;
      const [z0] = geometry.box[0];
      const wanted = Math.floor(clean.shape[0] / 2);
      const slice = Math.round((z0 + wanted) * geometry.step[0]);
      const at = Math.round(slice / geometry.step[0]) - z0;
      const { values, width, box } = pictures.draw("crop", slice);
      const [, ny, nx] = clean.shape;
      for (let y = 0; y < ny; y++) {
        const row = values.subarray((box!.top + y) * width + box!.left, (box!.top + y) * width + box!.right);
        expect(row).toEqual(clean.voxels.subarray((at * ny + y) * nx, (at * ny + y + 1) * nx));
      }
    });
  });
}
