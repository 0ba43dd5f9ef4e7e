import { existsSync } from "node:fs";
import { relative, resolve, sep } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import type { ReadOptions } from "../dicom/read-scan.ts";
import { invalidOption, PleuraError } from "../errors.ts";
import { imageAxes } from "../formats/axes.ts";
import { metaImageHeader } from "../formats/encode-metaimage.ts";
import { nrrdHeader } from "../formats/encode-nrrd.ts";
import { niftiHeader } from "../formats/nifti.ts";
import type { Volume } from "../volume/volume.ts";
import type { CaseFolder } from "./cases/case-input.ts";
import type { CaseOptions } from "./cases/case-options.ts";
import { casesOf, seriesToRead } from "./cases/plan-cases.ts";
import { errorOf } from "./failure.ts";
import { type FileScan, readSeries } from "./read-series.ts";
import { writeWholeFile } from "./staging.ts";

/** Options of {@link convertScan}. */
export interface ConvertOptions
  extends Pick<ReadOptions, "fillGaps" | "allowDamaged">,
    Pick<CaseOptions, "by" | "series"> {
  /** Replace a file that is there. Default false. */
  readonly force?: boolean;
}

/** How a format is written: its header, and which part of the file is compressed. */
interface Format {
  readonly header: (volume: Volume) => Uint8Array;
  readonly gzip?: "all" | "voxels";
}

const FORMATS: Readonly<Record<string, Format>> = {
  ".nii": { header: (volume) => niftiHeader("int16", volume) },
  ".nii.gz": { header: (volume) => niftiHeader("int16", volume), gzip: "all" },
  ".mha": { header: metaImageHeader },
  ".nrrd": { header: nrrdHeader, gzip: "voxels" },
};

/** Endings of the files that {@link convertScan} writes. */
export const CONVERT_ENDINGS: readonly string[] = Object.keys(FORMATS);

/** Voxels that are handed on at a time, bytes. */
const PIECE = 1 << 20;
/** Further levels make scans hardly smaller, and take several times as long. */
const LEVEL = 3;

/**
 * Reads a scan as `prep` does and writes it as one file of NIfTI-1, MetaImage or NRRD: int16 Hounsfield units,
 * x to the left, y to the back and z to the head, with the affine to the patient. Nothing else of the patient is
 * written. The file is written whole or not at all.
 *
 * @param input - what `prep` makes one case of
 * @param out - the file; its ending tells the format: `.nii`, `.nii.gz`, `.mha` or `.nrrd`
 * @returns what was read, with its findings
 * @throws PleuraError `invalid-option` when the ending is of no format, the file is there, lies in the input, or
 * the input holds several cases; `too-large` when the format cannot hold the volume; `write-failed`; and all that
 * {@link readSeries} throws
 */
export async function convertScan(
  input: string,
  out: string,
  { force = false, by, series, ...options }: ConvertOptions = {},
): Promise<FileScan> {
  const format = FORMATS[CONVERT_ENDINGS.filter((ending) => out.toLowerCase().endsWith(ending)).at(-1) ?? ""];
  if (format === undefined) throw invalidOption("the output", `a file that ends in ${CONVERT_ENDINGS.join(", ")}`, out);
  if (isWithin(out, input)) throw invalidOption("the output", "a file outside the input", out);
  if (existsSync(out) && !force) {
    throw new PleuraError("invalid-option", "The file exists already", {
      stage: "options",
      file: out,
      hint: "Use --force to replace it",
    });
  }
  const wanted = { ...(by && { by }), ...(series !== undefined && { series }) };
  const scan = await readSeries(await onlyCase(input, wanted), { ...options, ...seriesToRead(wanted) });
  await writeWholeFile(out, pieces(format, scan));
  return scan;
}

/** The one case of an input. */
async function onlyCase(input: string, wanted: Pick<CaseOptions, "by" | "series">): Promise<CaseFolder> {
  const cases = await casesOf([input], { ...wanted, dryRun: true });
  const [first] = cases;
  if (cases.length !== 1 || first === undefined) {
    throw new PleuraError("invalid-option", "The input is not one scan", {
      stage: "options",
      file: input,
      measured: `${cases.length} cases`,
      limit: "1 case",
      hint: "Convert them one by one; prep --dry-run lists them. --by series joins a series that lies in several folders",
    });
  }
  if (first.refused !== undefined) throw errorOf(first.refused);
  return first;
}

/** Whether a path lies in a folder, or is the same. */
function isWithin(path: string, folder: string): boolean {
  const way = relative(resolve(folder), resolve(path));
  return way !== ".." && !way.startsWith(`..${sep}`);
}

/** The file's bytes, some at a time. */
async function* pieces({ header, gzip }: Format, volume: Volume): AsyncGenerator<Uint8Array> {
  // The published spacing is the first step of the slices, and the affine has their mean: a file has to agree with itself.
  const [sx, sy, sz] = imageAxes(volume).map(({ spacing }) => spacing) as [number, number, number];
  const head = header({ ...volume, spacing: [sz, sy, sx] });
  if (gzip !== "all") yield head;
  const rest = function* (): Generator<Uint8Array> {
    if (gzip === "all") yield head;
    const { buffer, byteOffset, byteLength } = volume.voxels;
    for (let at = 0; at < byteLength; at += PIECE) {
      yield new Uint8Array(buffer, byteOffset + at, Math.min(PIECE, byteLength - at));
    }
  };
  if (gzip === undefined) {
    yield* rest();
    return;
  }
  const packer = createGzip({ level: LEVEL });
  const packed = pipeline(Readable.from(rest()), packer);
  // When nobody takes the rest, as on a full disk, the error that counts is another one.
  packed.catch(() => undefined);
  yield* packer as AsyncIterable<Uint8Array>;
  await packed;
}
