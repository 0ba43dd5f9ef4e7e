import { PleuraError } from "../errors.ts";
import type { Volume } from "../volume/volume.ts";
import type { ByteSource } from "./byte-source.ts";
import type { Finding } from "./findings.ts";
import type { Instance } from "./instance.ts";
import { checkPixels, readStored } from "./pixels.ts";
import { readHeaders, type SkippedFile } from "./read-headers.ts";
import { rescale } from "./rescale.ts";
import { assembleSeries, type Series } from "./series.ts";
import { chooseStack, groupStacks } from "./stack.ts";

/** Options of reading a series. */
export interface ReadOptions {
  /** Ends the reading between two files. */
  readonly signal?: AbortSignal;
  /** Called after every slice. */
  readonly onProgress?: (slicesRead: number, slices: number) => void;
}

/** What lay where a scan was read from. */
export interface ScanSource {
  /** Number of files, whether they have a part in the volume or not. */
  readonly files: number;
  /** Their size, bytes. */
  readonly bytes: number;
  /** Files that are no CT images. */
  readonly skipped: readonly SkippedFile[];
}

/** A CT in Hounsfield units with what its reader noticed. */
export interface Scan extends Volume<Int16Array> {
  /** Series Instance UID. */
  readonly seriesUid: string;
  readonly findings: readonly Finding[];
  readonly source: ScanSource;
}

/**
 * Reads one CT series out of any number of sources: headers first, then each slice's pixels
 * straight into the volume.
 *
 * @param sources - in an order that does not change from run to run; it decides between equals
 * @returns int16 Hounsfield units `[z, y, x]`, slices ascending in z
 * @throws PleuraError `no-dicom` or `no-image` when there is nothing to read, `single-slice`,
 * `missing-tag`, `truncated`, `unsupported-syntax`, `unsupported-pixels`
 */
export async function readScan(sources: readonly ByteSource[], options: ReadOptions = {}): Promise<Scan> {
  const { instances, skipped } = await readHeaders(sources, options.signal);
  const choice = chooseStack(groupStacks(instances));
  if (choice === undefined) throw nothingToRead(sources.length, skipped);
  const series = assembleSeries(choice.stack);
  for (const slice of series.slices) checkPixels(slice);
  const pixels = await readVoxels(series, options);
  return {
    voxels: pixels.voxels,
    shape: series.shape,
    spacing: series.spacing,
    affine: series.affine,
    seriesUid: series.seriesUid,
    findings: [...choice.findings, ...series.findings, ...pixels.findings],
    source: { files: sources.length, bytes: sources.reduce((sum, { size }) => sum + size, 0), skipped },
  };
}

async function readVoxels(
  { slices, shape }: Series,
  { signal, onProgress }: ReadOptions,
): Promise<{ voxels: Int16Array; findings: Finding[] }> {
  const size = shape[1] * shape[2];
  const voxels = new Int16Array(shape[0] * size);
  const held: Instance[] = [];
  let heldVoxels = 0;
  for (const [k, slice] of slices.entries()) {
    signal?.throwIfAborted();
    const target = voxels.subarray(k * size, (k + 1) * size);
    const signed = await readStored(slice, target);
    const outside = rescale(target, { slope: slice.slope ?? 1, intercept: slice.intercept ?? 0, signed });
    if (outside > 0) held.push(slice);
    heldVoxels += outside;
    onProgress?.(k + 1, slices.length);
  }
  const findings: Finding[] = [];
  const bare = slices.filter(({ slope, intercept }) => slope === undefined || intercept === undefined);
  if (bare.length > 0) {
    findings.push({
      code: "missing-rescale",
      severity: "warning",
      message: "Rescale Slope or Intercept is missing: 1 and 0 were taken",
      measured: `${bare.length} of ${slices.length} slices`,
      files: bare.map(({ source }) => source.name),
    });
  }
  if (held.length > 0) {
    findings.push({
      code: "saturated",
      severity: "warning",
      message: "Some values do not fit into 16 bits and were held at the border",
      measured: `${heldVoxels} voxels`,
      limit: "-32768 to 32767 HU",
      files: held.map(({ source }) => source.name),
    });
  }
  return { voxels, findings };
}

function nothingToRead(files: number, skipped: readonly SkippedFile[]): PleuraError {
  const dicom = skipped.filter(({ reason }) => reason !== "not DICOM").length;
  if (dicom === 0) {
    return new PleuraError("no-dicom", "There is no DICOM file here", {
      stage: "read",
      measured: `${files} files, 0 of them DICOM`,
      limit: "at least 2 CT images",
    });
  }
  return new PleuraError("no-image", "There is no CT image here", {
    stage: "read",
    measured: `${dicom} DICOM files, 0 of them CT images`,
    limit: "at least 2 CT images",
  });
}
