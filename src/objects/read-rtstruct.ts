import type { DataSet } from "dicom-parser";
import { tagOf } from "../dicom/dictionary.ts";
import { items, number, text } from "../dicom/elements.ts";
import { dot } from "../dicom/plane-geometry.ts";
import { PleuraError } from "../errors.ts";
import type { Point } from "../volume/affine.ts";
import { BitVolume } from "../volume/bit-volume.ts";
import { fillPolygon } from "./fill-polygon.ts";
import type { NamedRegion } from "./lung-regions.ts";
import { parseWhole, truncated, type WholeFile } from "./parse-object.ts";
import { type ImageStack, imageStack, onImage, type TargetScan } from "./scan-images.ts";
import { type PlacedLabels, toScanGrid } from "./to-scan-grid.ts";

/** A closed contour: LPS points, mm. */
interface Contour {
  readonly points: readonly Point[];
  /** Whether contours of one plane are combined by exclusive or, whatever their order. */
  readonly isXor: boolean;
}

/** What an RTSTRUCT holds. */
export interface ReadRtStruct {
  readonly regions: readonly NamedRegion[];
  readonly frameOfReferenceOf: (region: number) => string | undefined;
  readonly contoursOf: (region: number) => readonly Contour[];
}

/** Labels of contours, where the scan can use them. */
export interface PlacedContours extends PlacedLabels {
  /** Pixels that are in several regions; they have the last one's label. */
  readonly overlap: number;
  /** Contours that overlap another one of their region and plane without lying in it; they were joined. */
  readonly joined: number;
  /** Whether contours lie between the scan's images: an image took those of the nearest plane. */
  readonly between: boolean;
}

/** Points of a contour lie in one plane of the images within this, mm. */
const PLANAR = 0.5;
/** A contour lies on an image within this, mm. */
const ON_IMAGE = 0.05;

/**
 * Reads an RT Structure Set.
 *
 * Source: DICOM PS3.3, C.8.8.5 and C.8.8.6.
 *
 * @throws PleuraError `truncated`
 */
export function readRtStruct(file: WholeFile): ReadRtStruct {
  const elements = parseWhole(file);
  const regions = items(elements, tagOf("StructureSetROISequence"));
  const referenced = (list: DataSet[]) =>
    new Map(list.map((item) => [number(item, tagOf("ReferencedROINumber")), item]));
  const observations = referenced(items(elements, tagOf("RTROIObservationsSequence")));
  const contours = referenced(items(elements, tagOf("ROIContourSequence")));
  const numberOf = (item: DataSet) => number(item, tagOf("ROINumber")) ?? 0;
  return {
    regions: regions.map((item) => {
      const [code] = items(observations.get(numberOf(item)), tagOf("RTROIIdentificationCodeSequence"));
      const name = text(item, tagOf("ROIName"));
      return { number: numberOf(item), name, type: text(code, tagOf("CodeValue")) };
    }),
    frameOfReferenceOf: (region) =>
      text(
        regions.find((item) => numberOf(item) === region),
        tagOf("ReferencedFrameOfReferenceUID"),
      ),
    contoursOf: (region) =>
      items(contours.get(region), tagOf("ContourSequence")).flatMap((item) => contourOf(item, file.name)),
  };
}

function contourOf(item: DataSet, file: string): Contour[] {
  const type = text(item, tagOf("ContourGeometricType")) ?? "";
  if (type !== "CLOSED_PLANAR" && type !== "CLOSEDPLANAR_XOR" && type !== "CLOSED_PLANAR_XOR") return [];
  const numbers = (text(item, tagOf("ContourData")) ?? "").split("\\").map(Number);
  const stated = number(item, tagOf("NumberOfContourPoints"));
  if (numbers.length % 3 !== 0 || !numbers.every(Number.isFinite)) throw truncated(file);
  if (stated !== undefined && stated !== numbers.length / 3) throw truncated(file);
  const points = Array.from(
    { length: numbers.length / 3 },
    (_, i) => numbers.slice(3 * i, 3 * i + 3) as unknown as Point,
  );
  return points.length < 3 ? [] : [{ points, isXor: type !== "CLOSED_PLANAR" }];
}

/**
 * Fills some of an RTSTRUCT's regions on the scan's images: the pixels whose centres lie within the contours.
 *
 * Of several contours of a region in one plane, one that lies within what is filled is a hole, one outside of it a further part,
 * and so on inwards; one that does both is joined to the rest. With `CLOSEDPLANAR_XOR` what an even number of contours cover is out.
 *
 * @param wanted - numbers of the regions; a label is its region's number
 * @throws PleuraError `mask-misfit` when contours do not lie in planes of the images
 */
export function placeContours(
  object: ReadRtStruct,
  wanted: readonly number[],
  scan: TargetScan,
  file: string,
): PlacedContours {
  const stack = imageStack(scan);
  const { rows, columns, images } = stack;
  const labels = new Int16Array(images.length * rows * columns);
  const figures = { overlap: 0, joined: 0, between: false };
  for (const region of wanted) {
    const planes = planesOf(object.contoursOf(region), stack, file);
    for (const [k, plane] of nearestPlanes(planes, stack).entries()) {
      if (plane === undefined) continue;
      if (Math.abs(plane.at - stack.at[k]!) > ON_IMAGE) figures.between = true;
      const { mask, joined } = fillPlane(plane.contours, stack, k);
      figures.joined += joined;
      forEachPixel(mask, (pixel) => {
        const at = k * rows * columns + pixel;
        if (labels[at] !== 0 && labels[at] !== region) figures.overlap++;
        labels[at] = region;
      });
    }
  }
  return { ...toScanGrid(labels, scan, stack), ...figures };
}

/** Contours of one place along the normal. */
interface ContourPlane {
  readonly at: number;
  readonly contours: Contour[];
}

function planesOf(contours: readonly Contour[], { normal }: ImageStack, file: string): ContourPlane[] {
  const planes: ContourPlane[] = [];
  const placed = contours.map((contour) => {
    const places = contour.points.map((point) => dot(point, normal));
    const [low, high] = places.reduce(
      ([a, b], place) => [Math.min(a, place), Math.max(b, place)],
      [places[0]!, places[0]!],
    );
    if (high - low > PLANAR) {
      throw new PleuraError("mask-misfit", "The contours do not lie in planes of the scan's images", {
        stage: "lungs",
        file,
        measured: `${(high - low).toFixed(2)} mm between points of a contour, along the images' normal`,
        limit: `${PLANAR} mm`,
      });
    }
    return { contour, at: (low + high) / 2 };
  });
  placed.sort((a, b) => a.at - b.at);
  for (const { contour, at } of placed) {
    const last = planes.at(-1);
    if (last !== undefined && at - last.at <= ON_IMAGE) last.contours.push(contour);
    else planes.push({ at, contours: [contour] });
  }
  return planes;
}

/** For each image the plane that is nearest to it, where one is within half the usual distance of planes. */
function nearestPlanes(planes: readonly ContourPlane[], { at }: ImageStack): (ContourPlane | undefined)[] {
  const steps = planes.slice(1).map((plane, i) => plane.at - planes[i]!.at);
  const between = Math.abs(at.at(-1)! - at[0]!) / Math.max(1, at.length - 1);
  const usual = [...steps].sort((a, b) => a - b)[steps.length >> 1] ?? between;
  return at.map((place) => {
    let best: ContourPlane | undefined;
    for (const plane of planes) {
      if (best === undefined || Math.abs(plane.at - place) < Math.abs(best.at - place)) best = plane;
    }
    return best !== undefined && Math.abs(best.at - place) <= Math.max(usual / 2, ON_IMAGE) ? best : undefined;
  });
}

function fillPlane(contours: readonly Contour[], stack: ImageStack, k: number): { mask: BitVolume; joined: number } {
  const filled = contours.map(({ points, isXor }) => {
    const mask = new BitVolume([1, stack.rows, stack.columns]);
    fillPolygon(
      points.map((point) => onImage(stack.images[k]!, point)),
      mask,
    );
    return { mask, isXor, pixels: mask.count() };
  });
  // The larger ones first: what lies within comes after what it lies in.
  filled.sort((a, b) => b.pixels - a.pixels);
  const mask = new BitVolume([1, stack.rows, stack.columns]);
  let joined = 0;
  for (const [i, one] of filled.entries()) {
    if (one.pixels === 0) continue;
    const isSame = filled.slice(0, i).some((other) => other.mask.equals(one.mask));
    const inside = common(mask, one.mask);
    if (one.isXor || (inside === one.pixels && !isSame)) combine(mask, one.mask, (a, b) => a ^ b);
    else {
      if (inside > 0) joined++;
      combine(mask, one.mask, (a, b) => a | b);
    }
  }
  return { mask, joined };
}

function common(a: BitVolume, b: BitVolume): number {
  const both = new BitVolume(
    a.shape,
    a.words.map((word, i) => word & b.words[i]!),
  );
  return both.count();
}

function combine(to: BitVolume, other: BitVolume, by: (a: number, b: number) => number): void {
  for (let i = 0; i < to.words.length; i++) to.words[i] = by(to.words[i]!, other.words[i]!);
}

function forEachPixel({ words, wordsPerRow, shape }: BitVolume, see: (pixel: number) => void): void {
  for (let i = 0; i < words.length; i++) {
    for (let word = words[i]!; word !== 0; word &= word - 1) {
      see(Math.floor(i / wordsPerRow) * shape[2] + (i % wordsPerRow) * 32 + 31 - Math.clz32(word & -word));
    }
  }
}
