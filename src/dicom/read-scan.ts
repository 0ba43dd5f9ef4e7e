import type { ByteSource } from "../byte-source.ts";
import { counted } from "../counted.ts";
import { PleuraError } from "../errors.ts";
import { canonical } from "../volume/canonical.ts";
import type { SpacingPrecision } from "../volume/spacing-precision.ts";
import type { StoredGrid } from "../volume/stored-grid.ts";
import type { Volume } from "../volume/volume.ts";
import { checkContent } from "./check-content.ts";
import { checkNumbers, missingImages } from "./check-counts.ts";
import { damagedFiles, withoutCutFiles } from "./check-files.ts";
import { refuseSeveral } from "./check-study.ts";
import { chooseStack } from "./choose-stack.ts";
import { FILLABLE, fillGaps } from "./fill-gaps.ts";
import type { Finding } from "./findings.ts";
import type { Instance } from "./instance.ts";
import { originOf, type ScanOrigin } from "./origin.ts";
import { checkPixels } from "./pixels.ts";
import { type HeaderOptions, type Headers, readHeaders, type SkippedFile } from "./read-headers.ts";
import { compareDoubles, readVoxels, type VoxelOptions } from "./read-voxels.ts";
import { assembleSeries, type Series } from "./series.ts";
import { groupStacks, type Stack } from "./stack.ts";
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
  /** Which images are read; default: all. */
  readonly select?: (image: Instance) => boolean;
  /** Given the images that are left once headers are read; what it throws ends the reading. */
  readonly onImages?: (images: readonly Instance[]) => void | Promise<void>;
  /**
   * Read a series although files of it are damaged or missing: what is left of it, with a finding that says
   * what is not there. Default false.
   */
  readonly allowDamaged?: boolean;
  /** Keep what DICOM objects about the scan need to know, the patient's name and ids among it. Default false. */
  readonly keepOrigin?: boolean;
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
  /** Kept for a DICOM series with `keepOrigin`. */
  readonly origin?: ScanOrigin;
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
 * @throws PleuraError `no-dicom` or `no-image` when there is nothing to read, `several-patients` or
 * `several-studies` when it is not clear what is meant, `not-found` when the wanted series is not there, `single-slice`, `missing-tag`, `truncated`, `unsupported-syntax`,
 * `unsupported-pixels`, and `inconsistent-series` for a finding that is fatal
 */
export async function readScan(sources: readonly ByteSource[], options: ReadOptions = {}): Promise<Scan> {
  const all = await readHeaders(sources, options);
  const { skipped } = all;
  const instances = options.select === undefined ? all.instances : all.instances.filter(options.select);
  const headers = { ...all, instances };
  refuseSeveral(instances, options.series);
  await options.onImages?.(instances);
  const choice = chooseStack(groupStacks(instances), options.series);
  if (choice === undefined) throw nothingToRead(sources.length, skipped);
  const losses = lossesOf(choice.stack, headers).map((finding) => settle(finding, options));
  const kept = options.allowDamaged ? withoutCutFiles(choice.stack) : { stack: choice.stack, findings: [] };
  const series = assembleSeries(kept.stack);
  const inSeries = series.findings.map((finding) => settle(finding, options));
  const findings = [...losses, ...kept.findings, ...inSeries, ...checkNumbers(choice.stack, headers)];
  for (const slice of series.slices) checkPixels(slice);
  const origin = options.keepOrigin ? await originOf(series.slices) : undefined;
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
    ...(origin && { origin }),
  };
}

/** What is damaged or missing of a stack; the fatal findings are what the series has to be refused for. */
export function lossesOf(stack: Stack, headers: Headers): Finding[] {
  return [...damagedFiles(stack, headers), ...missingImages(stack, headers)];
}

/** Refuses the series for a fatal finding, unless the user allows what puts it right. */
function settle(finding: Finding, { fillGaps, allowDamaged }: ReadOptions): Finding {
  if (finding.severity !== "fatal") return finding;
  const { code, message, measured, limit, hint, files } = finding;
  const isLoss = code === "damaged-files" || code === "missing-images";
  if (allowDamaged && isLoss) {
    return { ...finding, severity: "warning", message: `${message}: the rest was read` };
  }
  if (fillGaps && FILLABLE.includes(code)) {
    return { ...finding, severity: "corrected", message: `${message}: the slices were interpolated to an even grid` };
  }
  throw new PleuraError(isLoss ? code : "inconsistent-series", message, {
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
  const dicom = skipped.filter(({ reason }) => reason !== "not DICOM");
  if (dicom.length === 0) {
    return new PleuraError("no-dicom", "There is no DICOM file here", {
      stage: "read",
      measured: `${counted(files, "file")}, 0 of them DICOM`,
      limit: "at least 2 CT images",
    });
  }
  const kinds = new Map<string, number>();
  for (const { reason, modality } of dicom) {
    const kind = reason === "not an image" ? "without an image" : (modality ?? "of an unknown modality");
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  }
  return new PleuraError("no-image", "There is no CT image here", {
    stage: "read",
    measured: `${counted(dicom.length, "DICOM file")}: ${[...kinds].map(([kind, n]) => `${n} ${kind}`).join(", ")}`,
    limit: "at least 2 CT images",
    hint: "Only CT is read",
  });
}
