import { PleuraError } from "../errors.ts";
import { canonical } from "../volume/canonical.ts";
import type { SpacingPrecision } from "../volume/spacing-precision.ts";
import type { StoredGrid } from "../volume/stored-grid.ts";
import type { Volume } from "../volume/volume.ts";
import type { ByteSource } from "./byte-source.ts";
import { checkContent } from "./check-content.ts";
import { chooseStack } from "./choose-stack.ts";
import { FILLABLE, fillGaps } from "./fill-gaps.ts";
import type { Finding } from "./findings.ts";
import { checkPixels } from "./pixels.ts";
import { type HeaderOptions, readHeaders, type SkippedFile } from "./read-headers.ts";
import { compareDoubles, readVoxels, type VoxelOptions } from "./read-voxels.ts";
import { assembleSeries, type Series } from "./series.ts";
import { groupStacks } from "./stack.ts";
import { upright } from "./upright.ts";

/** Options of reading an image file; a DICOM series knows nothing of them. */
export interface ImageReadOptions {
  /** In which precision the spacing is kept. Default `single`, as for a DICOM series. */
  readonly precision?: SpacingPrecision;
  /**
   * How the volume is turned. `patient` (default): x to the left, y to the back, z to the head.
   * `published`: as the published code turns LUNA16's images, which reverses y and x unless the
   * directions, rounded, are the identity.
   */
  readonly directions?: "patient" | "published";
}

/** Options of reading a series. */
export interface ReadOptions extends VoxelOptions, HeaderOptions, ImageReadOptions {
  /** Series Instance UID or Series Number; default: the stack that `chooseStack` takes for the scan. */
  readonly series?: string | number;
  /** Interpolate missing and uneven slices instead of refusing the series; default false. */
  readonly fillGaps?: boolean;
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
  /** The grid as it lies in the files. */
  readonly stored: StoredGrid;
}

/**
 * Reads one CT series out of any number of sources: headers first, then each slice's pixels
 * straight into the volume.
 *
 * Whatever the files say, the volume comes with x to the patient's left, y to the back and z to
 * the head, on an even and upright grid; what had to be done for that is among the findings.
 *
 * @param sources - in an order that does not change from run to run; it decides between equals
 * @returns int16 Hounsfield units `[z, y, x]`
 * @throws PleuraError `no-dicom` or `no-image` when there is nothing to read, `not-found` when the
 * wanted series is not there, `single-slice`, `missing-tag`, `truncated`, `unsupported-syntax`,
 * `unsupported-pixels`, and `inconsistent-series` for a finding that is fatal
 */
export async function readScan(sources: readonly ByteSource[], options: ReadOptions = {}): Promise<Scan> {
  const { instances, skipped } = await readHeaders(sources, options);
  const choice = chooseStack(groupStacks(instances), options.series);
  if (choice === undefined) throw nothingToRead(sources.length, skipped);
  const series = assembleSeries(choice.stack);
  const findings = series.findings.map((finding) => settle(finding, options));
  for (const slice of series.slices) checkPixels(slice);
  const stored = await readVoxels(series, options);
  const doubles = await compareDoubles(series, stored.voxels);
  const volume = straighten({ ...series, voxels: stored.voxels }, series, findings);
  return {
    voxels: volume.voxels,
    shape: volume.shape,
    spacing: volume.spacing,
    affine: volume.affine,
    seriesUid: series.seriesUid,
    findings: [...choice.findings, ...findings, ...doubles, ...stored.findings, ...checkContent(volume)],
    source: { files: sources.length, bytes: sources.reduce((sum, { size }) => sum + size, 0), skipped },
    stored: {
      shape: series.shape,
      affine: series.affine,
      even: !findings.some(({ code, severity }) => severity === "corrected" && FILLABLE.includes(code)),
    },
  };
}

/** Refuses the series for a fatal finding, unless the user allows what puts it right. */
function settle(finding: Finding, { fillGaps }: ReadOptions): Finding {
  if (finding.severity !== "fatal") return finding;
  const { code, message, measured, limit, hint, files } = finding;
  if (fillGaps && FILLABLE.includes(code)) {
    return { ...finding, severity: "corrected", message: `${message}: the slices were interpolated to an even grid` };
  }
  throw new PleuraError("inconsistent-series", message, {
    stage: "read",
    ...(files?.[0] === undefined ? {} : { file: files[0] }),
    ...(measured === undefined ? {} : { measured }),
    ...(limit === undefined ? {} : { limit }),
    ...(hint === undefined ? {} : { hint }),
  });
}

/** Brings the stored slices onto an even, upright grid in the patient's own directions. */
function straighten(
  stored: Volume<Int16Array>,
  { positions }: Series,
  findings: readonly Finding[],
): Volume<Int16Array> {
  const corrected = (codes: readonly Finding["code"][]): boolean =>
    findings.some(({ code, severity }) => severity === "corrected" && codes.includes(code));
  let volume = stored;
  if (corrected(FILLABLE)) volume = fillGaps(volume, positions, volume.spacing[0]);
  if (corrected(["tilt"])) volume = upright(volume);
  return canonical(volume);
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
