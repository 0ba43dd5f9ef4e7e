import type { DataSet } from "dicom-parser";
import { memorySource } from "../byte-source.ts";
import { counted } from "../counted.ts";
import { type Keyword, tagOf } from "../dicom/dictionary.ts";
import { items, number, text } from "../dicom/elements.ts";
import { splitFrames } from "../dicom/frames.ts";
import { type Header, parseHeader } from "../dicom/header.ts";
import { type Instance, instanceFromHeader } from "../dicom/instance.ts";
import { checkPixels, readStored } from "../dicom/pixels.ts";
import { PleuraError } from "../errors.ts";
import type { NamedRegion } from "./lung-regions.ts";
import { readsFor, truncated, type WholeFile } from "./parse-object.ts";

/** A frame of a SEG: where it lies, and the pixels that are in a segment. */
export interface SegFrame {
  readonly instance: Instance;
  /** UID of the image that it was made of, and that image's frame number, where they are stated. */
  readonly source: { readonly sopInstance: string; readonly frame: number | undefined } | undefined;
  /** Tells every pixel that is in a segment, by its index in the frame, and the segment's number. */
  readonly visit: (see: (pixel: number, segment: number) => void) => Promise<void>;
}

/** What a SEG holds. */
export interface ReadSeg {
  readonly frameOfReference: string | undefined;
  readonly segments: readonly NamedRegion[];
  readonly frames: readonly SegFrame[];
}

/** A pixel of a fractional segmentation is in its segment from this share on. */
const FRACTION = 0.5;

/**
 * Reads a DICOM Segmentation: binary, fractional (from one half on), or a label map.
 *
 * Source: DICOM PS3.3, C.8.20.2.
 *
 * @throws PleuraError `truncated`, `unsupported-pixels`, `unsupported-syntax`
 */
export function readSeg(file: WholeFile): ReadSeg {
  const header = parseHeader(file.bytes, readsFor(file.bytes));
  if (header === undefined || header === "too long") throw truncated(file.name);
  const { elements } = header;
  const whole = instanceFromHeader(memorySource(file.name, file.bytes), header);
  if (whole === undefined) throw truncated(file.name);
  const [shared] = items(elements, tagOf("SharedFunctionalGroupsSequence"));
  const perFrame = items(elements, tagOf("PerFrameFunctionalGroupsSequence"));
  const instances = splitFrames(whole, elements);
  if (instances.length !== whole.frames || perFrame.length !== whole.frames) {
    throw new PleuraError("unsupported-pixels", "Nothing tells where the frames of the SEG lie", {
      stage: "lungs",
      file: file.name,
      measured: `functional groups of ${counted(perFrame.length, "frame")}`,
      limit: counted(whole.frames, "frame"),
    });
  }
  const type = text(elements, tagOf("SegmentationType"));
  const pixels = pixelReader(file, header, whole, type);
  return {
    frameOfReference: text(elements, tagOf("FrameOfReferenceUID")),
    segments: items(elements, tagOf("SegmentSequence")).map(segmentOf),
    frames: instances.map((instance, i) => {
      const group = (keyword: Keyword): DataSet | undefined =>
        items(perFrame[i], tagOf(keyword))[0] ?? items(shared, tagOf(keyword))[0];
      const segment = group("SegmentIdentificationSequence")?.uint16(tagOf("ReferencedSegmentNumber")) ?? 0;
      if (segment === 0 && type !== "LABELMAP") {
        throw new PleuraError("unsupported-pixels", "A frame of the SEG does not say which segment it shows", {
          stage: "lungs",
          file: file.name,
          measured: `frame ${i + 1}`,
        });
      }
      return {
        instance,
        source: sourceOf(group("DerivationImageSequence")),
        visit: (see) => pixels(i, instance, segment, see),
      };
    }),
  };
}

function segmentOf(item: DataSet): NamedRegion {
  const [type] = items(item, tagOf("SegmentedPropertyTypeCodeSequence"));
  return {
    number: item.uint16(tagOf("SegmentNumber")) ?? 0,
    name: text(item, tagOf("SegmentLabel")),
    type: text(type, tagOf("CodeValue")),
    modifiers: items(type, tagOf("SegmentedPropertyTypeModifierCodeSequence")).flatMap(
      (modifier) => text(modifier, tagOf("CodeValue")) ?? [],
    ),
  };
}

function sourceOf(derivation: DataSet | undefined): SegFrame["source"] {
  const [image] = items(derivation, tagOf("SourceImageSequence"));
  const sopInstance = text(image, tagOf("ReferencedSOPInstanceUID"));
  if (sopInstance === undefined) return undefined;
  return { sopInstance, frame: number(image, tagOf("ReferencedFrameNumber")) };
}

type PixelReader = (
  frame: number,
  instance: Instance,
  segment: number,
  see: (pixel: number, segment: number) => void,
) => Promise<void>;

function pixelReader(file: WholeFile, header: Header, whole: Instance, type: string | undefined): PixelReader {
  const size = whole.rows * whole.columns;
  if (whole.bitsAllocated === 1) {
    const bytes = packedPixels(file, header, whole);
    return async (frame, _, segment, see) => visitBits(bytes, frame * size, size, (pixel) => see(pixel, segment));
  }
  const most = header.elements.uint16(tagOf("MaximumFractionalValue")) ?? 255;
  const least = type === "FRACTIONAL" ? FRACTION * most : 1;
  const plane = new Int16Array(size);
  return async (_, instance, segment, see) => {
    checkPixels(instance);
    const { signed } = await readStored(instance, plane);
    for (let i = 0; i < size; i++) {
      const value = signed && instance.bitsAllocated === 8 ? plane[i]! & 0xff : plane[i]! & 0xffff;
      if (value >= least) see(i, type === "LABELMAP" ? value : segment);
    }
  };
}

/** The bytes of frames of one bit a pixel. */
function packedPixels(
  file: WholeFile,
  { pixelLength, pixelOffset, start, syntax, syntaxUid }: Header,
  whole: Instance,
): Uint8Array {
  if (pixelLength === undefined || syntax?.encoding !== "native") {
    throw new PleuraError("unsupported-syntax", "A SEG of one bit a pixel is read uncompressed or deflated only", {
      stage: "lungs",
      file: file.name,
      quote: syntaxUid,
    });
  }
  const needed = Math.ceil((whole.frames * whole.rows * whole.columns) / 8);
  const bytes = file.bytes.subarray(start + pixelOffset, start + pixelOffset + pixelLength);
  if (bytes.length < needed) throw truncated(file.name);
  if (!syntax.bigEndian) return bytes;
  // The bits are numbers of 16 bits.
  return bytes.map((_, i) => bytes[i ^ 1]!);
}

/** Sees the bits that are set, the lowest one of each byte first. */
function visitBits(bytes: Uint8Array, from: number, count: number, see: (index: number) => void): void {
  for (let at = Math.floor(from / 8); at * 8 < from + count; at++) {
    for (let byte = bytes[at]!, bit = 0; byte !== 0; byte >>>= 1, bit++) {
      const index = at * 8 + bit - from;
      if ((byte & 1) === 1 && index >= 0 && index < count) see(index);
    }
  }
}
