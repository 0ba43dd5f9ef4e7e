import { zipSources } from "../archives/zip.ts";
import { isZip } from "../archives/zip-directory.ts";
import type { ByteSource } from "../byte-source.ts";
import { type Inflate, inflateHere } from "../inflate.ts";
import type { Point } from "../volume/affine.ts";
import { type IdentityElements, orientationOf, scanIdentity } from "./identity-scan.ts";
import type { Instance } from "./instance.ts";
import { AXIAL, distanceAlong, dot, planeNormal, planeOf } from "./plane-geometry.ts";
import { readHeaders } from "./read-headers.ts";

/**
 * Which patient, study and series a CT image belongs to, and whether it can be part of a scan. Only
 * to tell images apart: what a header says of its patient is never written or sent.
 */
export interface ImageIdentity {
  /** Patient ID; `undefined` when the header has none. */
  readonly patientId: string | undefined;
  readonly studyUid: string | undefined;
  readonly seriesUid: string | undefined;
  readonly seriesNumber: number | undefined;
  /**
   * What tells it from other images of its series: its SOP Instance UID, or where it lies when it has none; `undefined` when it
   * has neither.
   */
  readonly id: string | undefined;
  /** Whether it can be a slice of a chest scan: axial, and no localizer. */
  readonly scan: boolean;
  /** Where it lies along the normal of its plane, millimetres. */
  readonly at: number | undefined;
}

/** First bytes that are looked at. */
const PREFIX_BYTES = 8192;

/** Options of {@link identitiesOf}. */
export interface IdentityOptions {
  /** Inflates the files of archives; default: in this thread. */
  readonly inflate?: Inflate;
  /** Of an archive the first file with CT images only. Default false: all of them. */
  readonly first?: boolean;
}

/**
 * The CT images of a file, told by its header.
 *
 * @param source - a file; an archive gives the images of its files
 * @returns one for each image, none when the file holds no CT image
 * @throws PleuraError when an archive is damaged
 */
export async function identitiesOf(source: ByteSource, options: IdentityOptions = {}): Promise<ImageIdentity[]> {
  const { inflate = inflateHere, first = false } = options;
  if (isZip(source.name)) {
    const images: ImageIdentity[] = [];
    for (const file of await zipSources(source, inflate)) {
      images.push(...(await identitiesOf(file, options)));
      if (first && images.length > 0) break;
    }
    return images;
  }
  const prefix = new Uint8Array(Math.min(PREFIX_BYTES, source.size));
  const read = await source.read(0, prefix);
  const elements = scanIdentity(prefix.subarray(0, read));
  if (elements !== undefined) return isCt(elements.modality) ? [fromElements(elements)] : [];
  const { instances } = await readHeaders([source], { inflate });
  return instances.map(identityOf);
}

/** What an image's whole header says of it. */
export function identityOf(instance: Instance): ImageIdentity {
  const { patientId, studyUid, seriesUid, seriesNumber, sopInstance, orientation, imageType } = instance;
  const normal = planeNormal(orientation ?? AXIAL);
  const at = distanceAlong(instance, normal);
  // The frames of one file are told apart by their numbers.
  const id = sopInstance !== undefined && instance.frame > 0 ? `${sopInstance} ${instance.frame}` : sopInstance;
  return {
    patientId,
    studyUid,
    seriesUid: seriesUid || undefined,
    seriesNumber,
    id: idOf(id, at),
    scan: isSlice(normal, imageType),
    at,
  };
}

function fromElements(elements: IdentityElements): ImageIdentity {
  const normal = planeNormal(orientationOf(elements.orientation) ?? AXIAL);
  const place = elements.position?.split("\\").map(Number.parseFloat) ?? [];
  const hasPlace = place.length >= 3 && place.slice(0, 3).every(Number.isFinite);
  const at = hasPlace ? dot(place as unknown as Point, normal) : finite(elements.sliceLocation);
  return {
    patientId: elements.patientId || undefined,
    studyUid: elements.studyUid || undefined,
    seriesUid: elements.seriesUid || undefined,
    seriesNumber: finite(elements.seriesNumber),
    id: idOf(elements.sopInstance || undefined, at),
    scan: isSlice(
      normal,
      (elements.imageType ?? "")
        .toUpperCase()
        .split("\\")
        .map((part) => part.trim()),
    ),
    at,
  };
}

function isSlice(normal: Point, imageType: readonly string[]): boolean {
  return planeOf(normal) === "axial" && !imageType.includes("LOCALIZER");
}

function idOf(sopInstance: string | undefined, at: number | undefined): string | undefined {
  return sopInstance ?? (at === undefined ? undefined : `at ${at.toFixed(2)}`);
}

function isCt(modality: string | undefined): boolean {
  return modality === undefined || modality === "" || modality === "CT";
}

function finite(text: string | undefined): number | undefined {
  const value = Number.parseFloat(text ?? "");
  return Number.isFinite(value) ? value : undefined;
}
