import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { zipSync } from "fflate";
import { encodeNifti } from "../../src/formats/nifti.ts";
import { makePhantom, type Phantom } from "../../src/phantom/phantom.ts";
import { dicomFile, type Elements, words } from "./dicom.ts";

const ROWS = 64;
/** Slices of a series. */
export const SLICES = 24;
const [STEP, PIXEL] = [8, 5];

let phantom: Phantom | undefined;

/** Which series of which patient is written, and how. */
export interface Shot {
  /** Patient ID. */
  readonly patient: string;
  /** Last part of the UIDs. Default 1. */
  readonly study?: number;
  readonly series?: number;
  /** Which slices, from 0 at the feet; default: all. */
  readonly slices?: readonly number[];
  /** Names of the files. Default `IMG0001.dcm` and so on. */
  readonly nameOf?: (slice: number) => string;
  /** What else headers say, or say differently. */
  readonly elements?: Elements;
}

/** UIDs of a series as they are written. */
export function uidsOf({ patient, study = 1, series = 1 }: Omit<Shot, "slices">): { study: string; series: string } {
  const root = `1.2.826.0.1.${Array.from(patient, (c) => c.charCodeAt(0)).join("")}`;
  return { study: `${root}.${study}`, series: `${root}.${study}.${series}` };
}

/** The files of a small series with lungs in it, by name. */
export function seriesFiles(shot: Shot): Map<string, Uint8Array> {
  const { voxels } = smallPhantom();
  const { slices = all(SLICES), nameOf = (k) => `IMG${String(k + 1).padStart(4, "0")}.dcm`, elements } = shot;
  const uids = uidsOf(shot);
  return new Map(
    slices.map((k) => [
      nameOf(k),
      dicomFile({
        PatientID: shot.patient,
        PatientName: `Name^${shot.patient}`,
        StudyInstanceUID: uids.study,
        SeriesInstanceUID: uids.series,
        SeriesNumber: shot.series ?? 1,
        SOPInstanceUID: `${uids.series}.${k + 1}`,
        InstanceNumber: k + 1,
        ImagePositionPatient: [0, 0, STEP * k],
        Rows: ROWS,
        Columns: ROWS,
        PixelSpacing: [PIXEL, PIXEL],
        PixelData: words(voxels.subarray(k * ROWS ** 2, (k + 1) * ROWS ** 2)),
        ...elements,
      }),
    ]),
  );
}

/** Writes files below a folder, whose sub-folders are made. */
export function put(folder: string, files: Iterable<readonly [name: string, bytes: Uint8Array | string]>): void {
  for (const [name, bytes] of files) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), bytes);
  }
}

/** Writes a series into a folder. */
export function putSeries(folder: string, shot: Shot): void {
  put(folder, seriesFiles(shot));
}

/** Files as a zip archive, below a folder. */
export function zipped(files: ReadonlyMap<string, Uint8Array>): Uint8Array {
  return zipSync(Object.fromEntries([...files].map(([name, bytes]) => [`scan/${name}`, bytes])), { level: 1 });
}

/** Files compressed by gzip, each by itself: `<name>.gz`. */
export function gzipped(files: ReadonlyMap<string, Uint8Array>): Map<string, Uint8Array> {
  return new Map([...files].map(([name, bytes]) => [`${name}.gz`, gzipSync(bytes, { level: 1 })]));
}

/** The same scan as NIfTI. */
export function niftiFile(): Uint8Array {
  return encodeNifti(smallPhantom());
}

/** A DICOMDIR, as far as its name and first bytes. */
export function dicomdir(): Uint8Array {
  const bytes = new Uint8Array(256);
  bytes.set(Buffer.from("DICM"), 128);
  return bytes;
}

/** 0, 1, … up to a number. */
export function all(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}

/** Paths and contents of everything below a folder, to see whether anything has changed. */
export function snapshot(folder: string): Map<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const paths = entries.map((entry) => [join(entry.parentPath, entry.name), entry.isFile()] as const);
  return new Map(
    paths.map(([path, isFile]) => [path, isFile ? readFileSync(path).toString("latin1") : ""] as const).sort(),
  );
}

function smallPhantom(): Phantom {
  phantom ??= makePhantom({ size: ROWS, slices: SLICES, spacing: [STEP, PIXEL, PIXEL] });
  return phantom;
}
