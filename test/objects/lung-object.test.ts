import { deflateRawSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { memorySource } from "../../src/byte-source.ts";
import { readScan, type Scan } from "../../src/dicom/read-scan.ts";
import { type Elements, encodeDicomFile, joinParts } from "../../src/dicom/write-elements.ts";
import { lungsFromMask } from "../../src/masks/lungs-from-mask.ts";
import { encodeObjects } from "../../src/objects/encode-objects.ts";
import { type LungObject, readLungObject } from "../../src/objects/lung-object.ts";
import { makePhantom } from "../../src/phantom/phantom.ts";
import { indexToPatient } from "../../src/volume/affine.ts";
import { BitVolume } from "../../src/volume/bit-volume.ts";
import { FORMS, type Form, formSources } from "../helpers/forms.ts";

const phantom = makePhantom({ size: [45, 51], slices: 24, spacing: [5, 6, 7] });
const making = { algorithm: "pleura, test", type: "AUTOMATIC" } as const;
const FRAME = "1.2.826.0.1.3680043.8.498.2";
const SEG = "1.2.840.10008.5.1.4.1.1.66.4";
const LABEL_MAP = "1.2.840.10008.5.1.4.1.1.66.7";
const RTSTRUCT = "1.2.840.10008.5.1.4.1.1.481.3";

const read = (form: Form, series?: string): Promise<Scan> =>
  readScan(formSources(phantom, form), {
    keepOrigin: true,
    fillGaps: true,
    ...(form === "two series" && { series: series ?? "1.2.3.1" }),
  });

/** Two hollow balls by the patient's sides, and a tube between them. */
function ballsOf({ shape }: Pick<Scan, "shape">): { right: BitVolume; left: BitVolume; tube: BitVolume } {
  const [right, left, tube] = [1, 2, 3].map(() => new BitVolume(shape)) as [BitVolume, BitVolume, BitVolume];
  const [cz, cy, cx] = shape.map((n) => (n - 1) / 2) as [number, number, number];
  for (let z = 0; z < shape[0]; z++) {
    for (let y = 0; y < shape[1]; y++) {
      for (let x = 0; x < shape[2]; x++) {
        const away = (at: number) => Math.hypot((z - cz) * 6, (y - cy) * 6, (x - at) * 7);
        if (away(cx - 11) < 52 && away(cx - 12) > 17) right.set(z, y, x);
        if (away(cx + 11) < 47 && away(cx + 9) > 14) left.set(z, y, x);
        if (Math.hypot((y - cy) * 6, (x - cx) * 7) < 11) tube.set(z, y, x);
      }
    }
  }
  return { right, left, tube };
}

async function sidesOf(parts: readonly Uint8Array[], scan: Scan, labels?: Parameters<typeof readLungObject>[2]) {
  const object = await readLungObject(memorySource("mask.dcm", joinParts(parts)), scan, labels);
  return { ...lungsFromMask(object.image, scan, object.labels, "mask.dcm"), object };
}

/** Share of two masks that they have in common. */
function dice(a: BitVolume, b: BitVolume): number {
  const both = a.words.map((word, i) => word & b.words[i]!);
  return (2 * new BitVolume(a.shape, both).count()) / (a.count() + b.count());
}

describe.each(FORMS)("what pleura wrote is read again: %s", (form) => {
  test.each(["seg", "rtstruct"] as const)("%s", async (kind) => {
    const scan = await read(form);
    const { right, left, tube } = ballsOf(scan);
    const labels = [right, left, tube].map((mask, i) => ({ mask, value: i + 1 }));
    const { exact, [kind]: parts } = encodeObjects(labels, scan, making, { [kind]: true });
    const { sides, aligned, object } = await sidesOf(parts!, scan);
    expect(object).toMatchObject({ labels: { right: [1], left: [2] }, compared: true, overlap: 0, joined: 0 });
    expect(object.resampled).toBe(!exact);
    expect(aligned).toBe(true);
    if (exact) {
      expect(sides.right.equals(right)).toBe(true);
      expect(sides.left.equals(left)).toBe(true);
    } else {
      expect(dice(sides.right, right)).toBeGreaterThan(0.93);
      expect(dice(sides.left, left)).toBeGreaterThan(0.93);
    }
  });
});

/** A segment or region by its code or name. */
interface Named {
  readonly name: string;
  readonly code?: string;
  readonly side?: string;
}

interface SegOptions {
  readonly segments?: readonly Named[];
  readonly frame?: string | undefined;
  readonly type?: "BINARY" | "FRACTIONAL" | "LABELMAP";
  /** Moves the frames, mm. */
  readonly shift?: readonly [number, number, number];
  /** Leaves position and orientation out: frames name their image only. */
  readonly bySource?: boolean;
}

const SIDES: readonly Named[] = [
  { name: "a", code: "3341006" },
  { name: "b", code: "44029006" },
];

/** A SEG of another program: a frame for each mask and slice of an upright scan. */
function segOf(scan: Scan, masks: readonly BitVolume[], options: SegOptions = {}): Uint8Array[] {
  const { segments = SIDES, type = "BINARY", shift = [0, 0, 0], bySource = false } = options;
  const frameOfReference = "frame" in options ? options.frame : FRAME;
  const [nz, ny, nx] = scan.shape;
  const isMap = type === "LABELMAP";
  const list = Array.from({ length: (isMap ? 1 : masks.length) * nz }, (_, i) => ({
    m: Math.floor(i / nz),
    z: i % nz,
  }));
  const values = list.map(({ m, z }) =>
    Uint8Array.from({ length: ny * nx }, (_, i) => {
      const isIn = (mask: BitVolume) => mask.get(z, Math.floor(i / nx), i % nx);
      if (isMap) return masks.findLastIndex(isIn) + 1;
      return isIn(masks[m]!) ? (type === "FRACTIONAL" ? 180 : 1) : type === "FRACTIONAL" ? 60 : 0;
    }),
  );
  const bits = type === "BINARY" ? 1 : 8;
  const flat = Uint8Array.from(values.flatMap((frame) => [...frame]));
  const packed = new Uint8Array(Math.ceil(flat.length / 8));
  for (const [i, value] of flat.entries()) packed[i >> 3]! |= value << (i & 7);
  const position = (z: number) => indexToPatient(scan.affine, [z, 0, 0]).map((v, i) => v + shift[i]!);
  return encodeDicomFile(
    { sopClass: isMap ? LABEL_MAP : SEG, sopInstance: "1.2.9" },
    {
      Modality: "SEG",
      ...(frameOfReference !== undefined && { FrameOfReferenceUID: frameOfReference }),
      Rows: ny,
      Columns: nx,
      SamplesPerPixel: 1,
      BitsAllocated: bits,
      BitsStored: bits,
      HighBit: bits - 1,
      PixelRepresentation: 0,
      SegmentationType: type,
      MaximumFractionalValue: 240,
      NumberOfFrames: list.length,
      SegmentSequence: segments.map(({ name, code, side }, i) => ({
        SegmentNumber: i + 1,
        SegmentLabel: name,
        ...(code !== undefined && {
          SegmentedPropertyTypeCodeSequence: [
            {
              CodeValue: code,
              CodingSchemeDesignator: "SCT",
              ...(side !== undefined && { SegmentedPropertyTypeModifierCodeSequence: [{ CodeValue: side }] }),
            },
          ],
        }),
      })),
      SharedFunctionalGroupsSequence: bySource
        ? [{}]
        : [
            {
              PixelMeasuresSequence: [{ PixelSpacing: [6, 7], SliceThickness: 5 }],
              PlaneOrientationSequence: [{ ImageOrientationPatient: [1, 0, 0, 0, 1, 0] }],
            },
          ],
      PerFrameFunctionalGroupsSequence: list.map(({ m, z }) => ({
        ...(!isMap && { SegmentIdentificationSequence: [{ ReferencedSegmentNumber: m + 1 }] }),
        ...(bySource
          ? { DerivationImageSequence: [{ SourceImageSequence: [{ ReferencedSOPInstanceUID: `1.2.3.1.${z + 1}` }] }] }
          : { PlanePositionSequence: [{ ImagePositionPatient: position(z) }] }),
      })),
      PixelData: bits === 1 ? packed : flat,
    },
  );
}

const expectSides = (found: Awaited<ReturnType<typeof sidesOf>>, right: BitVolume, left: BitVolume) => {
  expect(found.sides.right.equals(right)).toBe(true);
  expect(found.sides.left.equals(left)).toBe(true);
  expect(found.object.resampled).toBe(false);
};

describe("SEGs of other programs", async () => {
  const scan = await read("plain");
  const { right, left, tube } = ballsOf(scan);

  test.each(["BINARY", "FRACTIONAL", "LABELMAP"] as const)("%s", async (type) => {
    expectSides(await sidesOf(segOf(scan, [right, left], { type }), scan), right, left);
  });

  test("deflated", async () => {
    const file = Buffer.from(joinParts(segOf(scan, [right, left])));
    // The meta information with the other syntax, whose UID is three characters longer than the padded one.
    const at = file.indexOf("1.2.840.10008.1.2.1\0");
    const end = 144 + file.readUInt32LE(140);
    const uid = Buffer.from("1.2.840.10008.1.2.1.99");
    const head = Buffer.concat([file.subarray(0, at), uid, file.subarray(at + 20, end)]);
    head.writeUInt16LE(22, at - 2);
    head.writeUInt32LE(head.readUInt32LE(140) + 2, 140);
    expectSides(await sidesOf([head, deflateRawSync(file.subarray(end))], scan), right, left);
  });

  test.each<[string, readonly Named[]]>([
    ["names", [{ name: "Lung_R" }, { name: "Left lung" }]],
    [
      "a code with a side",
      [
        { name: "x", code: "39607008", side: "24028007" },
        { name: "y", code: "39607008", side: "7771000" },
      ],
    ],
    [
      "a code with a side in the name",
      [
        { name: "Rt lung", code: "T-28000" },
        { name: "LungLeft", code: "T-28000" },
      ],
    ],
    ["older codes, and lobes", [{ name: "x", code: "T-28200" }, { name: "lung lower lobe left" }]],
  ])("the lungs are known by %s", async (_, segments) => {
    expectSides(await sidesOf(segOf(scan, [right, left], { segments }), scan), right, left);
  });

  test("other segments are left alone, and none is taken for a lung that may be none", async () => {
    const others = [...SIDES, { name: "Nodule in the left lung" }];
    expectSides(await sidesOf(segOf(scan, [right, left, tube], { segments: others }), scan), right, left);
    const strange = segOf(scan, [right, left], { segments: [{ name: "right lung nodule" }, { name: "GTV lung L" }] });
    await expect(sidesOf(strange, scan)).rejects.toMatchObject({ code: "unknown-labels" });
    expectSides(await sidesOf(strange, scan, { right: [1], left: [2] }), right, left);
    await expect(sidesOf(strange, scan, { both: [7] })).rejects.toMatchObject({ code: "unknown-labels" });
  });

  test("frames without a position lie on the image that they name", async () => {
    expectSides(await sidesOf(segOf(scan, [right, left], { bySource: true }), scan), right, left);
    const { origin: _, ...none } = scan;
    await expect(sidesOf(segOf(scan, [right, left], { bySource: true }), none)).rejects.toMatchObject({
      code: "missing-tag",
    });
  });

  test("another frame of reference is refused, an unknown one is told", async () => {
    await expect(sidesOf(segOf(scan, [right, left], { frame: "1.2.3" }), scan)).rejects.toMatchObject({
      code: "mask-misfit",
      quote: "1.2.3",
    });
    const { object } = await sidesOf(segOf(scan, [right, left], { frame: undefined }), scan);
    expect(object.compared).toBe(false);
  });

  test("frames beside the scan's pixels are resampled, and shifted ones refused when they lie outside", async () => {
    const { object, aligned, sides } = await sidesOf(segOf(scan, [right, left], { shift: [1.5, -1, 1] }), scan);
    expect([aligned, object.resampled]).toEqual([false, false]);
    expect(dice(sides.right, right)).toBeGreaterThan(0.9);
    await expect(sidesOf(segOf(scan, [right, left], { shift: [0, 0, 90] }), scan)).rejects.toMatchObject({
      code: "mask-misfit",
    });
  });

  test("the frames of a thicker series of the study serve the thin one", async () => {
    const thick = await read("two series", "1.2.3.2");
    const balls = ballsOf(thick);
    // Half of the outer slices' thickness lies outside of the thin series.
    for (const { words } of [balls.right, balls.left]) {
      const size = words.length / thick.shape[0];
      words.fill(0, 0, size).fill(0, -size);
    }
    const { seg } = encodeObjects(
      [balls.right, balls.left].map((mask, i) => ({ mask, value: i + 1 })),
      thick,
      making,
      { seg: true },
    );
    const { aligned, sides } = await sidesOf(seg!, await read("two series"));
    expect(aligned).toBe(false);
    expect(sides.right.count() / (4 * balls.right.count())).toBeCloseTo(1, 1);
  });

  test("overlapping lungs are counted", async () => {
    const object = await readLungObject(
      memorySource("mask.dcm", joinParts(segOf(scan, [right, right.union(left)]))),
      scan,
      undefined,
    );
    expect(object).toMatchObject({ overlap: right.count() });
  });

  test("a file that ends early, or is something else, is refused", async () => {
    const whole = joinParts(segOf(scan, [right, left]));
    for (const end of [400, 2000, whole.length - 500]) {
      await expect(sidesOf([whole.subarray(0, end)], scan)).rejects.toMatchObject({ code: "truncated" });
    }
    const [image] = formSources(phantom, "plain");
    await expect(readLungObject(image!, scan, undefined)).rejects.toThrow(/neither a Segmentation nor/);
  });
});

/** An RTSTRUCT with contours in pixels `[row, column]` on one slice, given to the lung of a side. */
function structureOf(
  scan: Scan,
  contours: readonly (readonly (readonly [number, number])[])[],
  type = "CLOSED_PLANAR",
  dz = 0,
) {
  const right = contours.map((contour) => contour.map(([r, c]) => indexToPatient(scan.affine, [9, r, c])));
  const item = (points: readonly (readonly number[])[]): Elements => ({
    ContourGeometricType: type,
    NumberOfContourPoints: points.length,
    ContourData: points.flatMap(([x, y, z]) => [x!, y!, z! + dz]),
  });
  const left = [
    [4, 40],
    [4, 44],
    [8, 44],
    [8, 40],
  ].map(([r, c]) => indexToPatient(scan.affine, [9, r!, c!]));
  return encodeDicomFile(
    { sopClass: RTSTRUCT, sopInstance: "1.2.8", implicit: true },
    {
      Modality: "RTSTRUCT",
      StructureSetROISequence: ["Lung_R", "Lung_L"].map((name, i) => ({
        ROINumber: i + 5,
        ROIName: name,
        ReferencedFrameOfReferenceUID: FRAME,
      })),
      ROIContourSequence: [
        { ReferencedROINumber: 5, ContourSequence: right.map(item) },
        { ReferencedROINumber: 6, ContourSequence: [item(left)] },
      ],
    },
  );
}

const box = (top: number, left: number, bottom: number, right: number) =>
  [
    [top - 0.5, left - 0.5],
    [top - 0.5, right + 0.5],
    [bottom + 0.5, right + 0.5],
    [bottom + 0.5, left - 0.5],
  ] as const;

describe("RTSTRUCTs of other programs", async () => {
  const scan = await read("plain");
  const pixels = async (...args: Parameters<typeof structureOf> extends [unknown, ...infer Rest] ? Rest : never) => {
    const { sides, object } = await sidesOf(structureOf(scan, ...args), scan);
    return [sides.right.count(), object] as const satisfies readonly [number, LungObject];
  };

  test("holes by nested contours, islands in them, and several parts", async () => {
    const [count, object] = await pixels([
      box(20, 8, 22, 10),
      box(5, 5, 30, 20),
      box(16, 6, 26, 14),
      box(33, 5, 34, 6),
    ]);
    expect(count).toBe(26 * 16 - 11 * 9 + 9 + 4);
    expect(object).toMatchObject({ labels: { right: [5], left: [6] }, joined: 0, resampled: false });
  });

  test("holes by a keyhole", async () => {
    const [outer, inner] = [box(5, 5, 30, 20), box(16, 6, 26, 14)];
    const keyhole = [...outer, outer[0], inner[0], inner[3], inner[2], inner[1], inner[0]];
    expect((await pixels([keyhole]))[0]).toBe(26 * 16 - 11 * 9);
  });

  test("the exclusive or, where it is stated, and joined contours where it is not", async () => {
    const crossing = [box(5, 5, 14, 14), box(10, 10, 19, 19)];
    expect((await pixels(crossing, "CLOSEDPLANAR_XOR"))[0]).toBe(200 - 50);
    const [count, { joined }] = await pixels(crossing);
    expect([count, joined]).toEqual([175, 1]);
  });

  test("the same contour twice is one, and open ones are none", async () => {
    expect((await pixels([box(5, 5, 14, 14), box(5, 5, 14, 14)]))[0]).toBe(100);
    await expect(pixels([box(5, 5, 14, 14)], "OPEN_PLANAR")).rejects.toMatchObject({ code: "empty-mask" });
  });

  test("contours between images are told, and slanted ones refused", async () => {
    const [count, { resampled }] = await pixels([box(5, 5, 14, 14)], "CLOSED_PLANAR", 1.2);
    expect([count, resampled]).toEqual([100, true]);
    const slanted = structureOf(await read("tilted"), [box(5, 5, 14, 14)]);
    await expect(sidesOf(slanted, { ...scan, ...(await read("tilted")) })).rejects.toMatchObject({
      code: "mask-misfit",
    });
  });
});
