import { rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { findingsOf, lungFigures } from "../case/figures.ts";
import type { CaseKeys } from "../case/key-index.ts";
import type { CaseManifest, ExtraOutputs, GivenDigests } from "../case/manifest.ts";
import { outputNames, type StageMask } from "../case/outputs.ts";
import type { ProfileName } from "../case/profile.ts";
import type { ReadOptions } from "../dicom/read-scan.ts";
import { PleuraError, type Stage } from "../errors.ts";
import { segmentLungs } from "../lungs/segment.ts";
import { lungSides } from "../lungs/sides.ts";
import { labelOffset } from "../nodules/label.ts";
import { prepare } from "../prepare/prepare.ts";
import { VolumeMemory } from "../simd/volume-memory.ts";
import type { BitVolume } from "../volume/bit-volume.ts";
import { writeCaseFiles } from "./case-files.ts";
import { type CaseLock, lockCase, POLL_MS } from "./case-lock.ts";
import { contentDigest, hashFile } from "./content-digest.ts";
import { makeDecodePool } from "./decode-pool.ts";
import { type CaseFailure, toFailure } from "./failure.ts";
import { removeFailureRecord } from "./failure-record.ts";
import type { GivenOptions } from "./given/given.ts";
import type { GivenLungs } from "./given/given-lungs.ts";
import type { GivenNodules, NoduleCase } from "./given/given-nodules.ts";
import { type Staleness, writeManifest } from "./manifest.ts";
import { removeOutputs } from "./outputs.ts";
import { type FileScan, readSeries } from "./read-series.ts";
import { settleFailure } from "./settle-failure.ts";
import { findSettled, madeBy, whereabouts } from "./settled.ts";
import { StageClock } from "./stage-clock.ts";
import { makeStagingFolder, publish } from "./staging.ts";

/** Options of {@link prepCase}. */
export interface PrepCaseOptions extends ExtraOutputs, GivenOptions {
  /** Output folder; made if missing. */
  readonly out: string;
  /** Name that the outputs carry; default: that of the folder or file, made safe. */
  readonly name?: string;
  /** Whose numbers to reproduce. Default `grt123`. */
  readonly profile?: ProfileName;
  /** Series Instance UID or Series Number. Default: the stack that `readScan` takes for the scan. */
  readonly series?: string | number;
  /** Interpolate missing and uneven slices instead of failing the case. Default false. */
  readonly fillGaps?: boolean;
  /** Do the case again although it is done. Default false. */
  readonly force?: boolean;
  /** Threads that decode compressed frames together with the calling one. Default 0: it decodes them alone. */
  readonly decodeThreads?: number;
  /**
   * Record hashes of the input's and the outputs' bytes, and take a case for done only when such
   * hashes were recorded and agree. Default false: names, sizes and times decide.
   */
  readonly verify?: boolean;
  /**
   * Take over a failure that another process has recorded after this time (milliseconds since
   * 1970) for the same input, version and parameters. Default: try again whatever is recorded.
   */
  readonly failedSince?: number;
  /**
   * Memory for the volume, to be used again for the next case: worth it for cases one after
   * another. Default: memory of the case's own.
   */
  readonly volumeMemory?: VolumeMemory;
  /** Ends the work while it reads, or else before anything is published. */
  readonly signal?: AbortSignal;
  /** Called when a stage begins. */
  readonly onStage?: (stage: Stage) => void;
}

/** How a case ended. */
export type CaseResult =
  | {
      readonly case: string;
      /** Computed now, or finished before with the same version, parameters and input. */
      readonly status: "done" | "skipped";
      readonly milliseconds: number;
      readonly manifest: CaseManifest;
      /** Why an earlier result was not left alone, when there was one. */
      readonly stale?: Staleness;
      /** How many processes it took, when the first one died. */
      readonly attempts?: number;
    }
  | {
      readonly case: string;
      readonly status: "failed";
      readonly milliseconds: number;
      readonly failure: CaseFailure;
      /** How many processes it took, when the first one died. */
      readonly attempts?: number;
    };

/**
 * Prepares one case: reads the series of a folder, segments, prepares, and writes `_clean.npy`,
 * `_label.npy`, `_lungs.nii.gz` and the manifest. All of it or nothing: a case that fails leaves
 * no file, not of an earlier run either.
 *
 * While another process works on the same case, this one waits for it.
 *
 * @param folder - holds the series; a `.zip` or an image file will do
 * @returns how it ended; a failure of the case is a result, not an exception
 * @throws PleuraError `aborted` after the signal; an earlier result is then left as it was
 *
 * @example
 * const result = await prepCase("scans/0001", { out: "prepared" });
 */
export async function prepCase(folder: string, options: PrepCaseOptions): Promise<CaseResult> {
  for (;;) {
    const result = await tryCase(folder, options);
    if (result !== undefined) return result;
    await pause(POLL_MS, undefined, { ...(options.signal && { signal: options.signal }) }).catch((cause) => {
      throw aborted("read", cause);
    });
  }
}

/** {@link prepCase}, but gives `undefined` while another process works on the case. */
export async function tryCase(folder: string, options: PrepCaseOptions): Promise<CaseResult | undefined> {
  const { signal, volumeMemory = new VolumeMemory() } = options;
  const { name, out } = whereabouts(folder, options);
  const clock = new StageClock(options.onStage);
  const ended = <End>(end: End) => ({ case: name, milliseconds: Math.round(clock.elapsed()), ...end });
  let lock: CaseLock | undefined;
  try {
    const before = await findSettled(folder, options);
    if (before.settled !== undefined) return ended(before.settled);
    lock = lockCase(out, name);
    if (lock === undefined) return undefined;
    // Between the look and the lock another process may have ended the case.
    const { settled, stale } = await findSettled(folder, options);
    if (settled !== undefined) return ended(settled);
    const held = lock;
    const manifest = await volumeMemory.use((allocate) =>
      compute(folder, name, out, held, clock, { ...options, allocate }),
    );
    await removeFailureRecord(out, name);
    return ended({ status: "done" as const, manifest, ...(stale !== undefined && { stale }) });
  } catch (cause) {
    if (signal?.aborted) throw aborted(clock.stage, cause);
    if (lock !== undefined && !lock.holds()) return undefined;
    const failure = toFailure(cause, clock.stage);
    if (lock !== undefined) await settleFailure(folder, options, failure);
    return ended({ status: "failed" as const, failure });
  } finally {
    lock?.release();
  }
}

function aborted(stage: Stage, cause: unknown): PleuraError {
  return new PleuraError("aborted", "the run was ended", { stage, cause });
}

/** Which stage begins when a mask is there. */
const STAGE_AFTER: Readonly<Partial<Record<StageMask, Stage>>> = {
  binary: "select",
  body: "fill",
  filled: "separate",
  lung2: "hull",
  dilated2: "prepare",
};

async function compute(
  folder: string,
  name: string,
  out: string,
  lock: CaseLock,
  clock: StageClock,
  options: PrepCaseOptions & Required<Pick<ReadOptions, "allocate">>,
): Promise<CaseManifest> {
  const { stages = false, preview = false, verify = false, decodeThreads = 0, signal, allocate } = options;
  const made = madeBy(options);
  const contents = verify ? await contentDigest(folder) : undefined;
  const scan = await readWith(decodeThreads, folder, {
    ...made.parameters.read,
    allocate,
    ...(signal && { signal }),
  });
  const masks = new Map<StageMask, BitVolume>();
  const onStage = (mask: StageMask, voxels: BitVolume) => {
    if (stages) masks.set(mask, voxels);
    const next = STAGE_AFTER[mask];
    if (next !== undefined) clock.enter(next);
  };
  const isGiven = options.lungs !== undefined || options.nodules !== undefined;
  const keys = isGiven ? await keysOf(folder, name, scan) : undefined;
  const given = options.lungs === undefined ? undefined : await lungsFrom(options.lungs, options, scan, keys!, clock);
  if (given === undefined) clock.enter("binarize");
  const lungs = given?.lungs ?? segmentLungs(scan, { ...made.parameters.lungs, onStage });
  if (given !== undefined) for (const mask of ["lung1", "lung2"] as const) onStage(mask, lungs[mask]);
  const prepared = prepare(scan, lungs, { ...made.parameters.prepare, onStage });
  const sides = given?.sides ?? lungSides(scan, lungs);
  const nodules =
    options.nodules === undefined
      ? undefined
      : await nodulesFrom(options.nodules, options, { name, scan, lungs, prepared, ...made }, keys!, clock);
  if (preview) clock.enter("preview");
  // Loaded when it is asked for: start-up is part of every case.
  const pictures = preview
    ? (await import("./case-preview.ts")).makeCasePreview(scan, sides, prepared, nodules?.file)
    : undefined;
  clock.enter("write");
  const staging = await makeStagingFolder(out);
  try {
    const outputs = await writeCaseFiles(staging, name, {
      volume: scan,
      sides,
      prepared,
      masks,
      ...(nodules && { nodules: nodules.file }),
      ...(pictures && { preview: pictures }),
    });
    const manifest: CaseManifest = {
      ...made,
      digest: scan.source.digest,
      case: name,
      ...(keys && { given: digestsOf(keys, given, nodules) }),
      input: { files: scan.source.files, bytes: scan.source.bytes, skipped: scan.source.skipped.length },
      geometry: prepared.geometry,
      ...offsetOf(scan),
      lungs: lungFigures(lungs, sides, scan.spacing),
      findings: [...findingsOf(scan, lungs, given?.findings), ...(nodules?.findings ?? [])],
      outputs,
      ...(contents !== undefined && {
        hashes: { input: contents, outputs: await hashAll(staging, Object.keys(outputs)) },
      }),
      milliseconds: { ...clock.laps(), total: Math.round(clock.elapsed() * 100) / 100 },
    };
    await writeManifest(staging, manifest);
    // Only now have the files' awaits let the event loop see a signal that came meanwhile.
    signal?.throwIfAborted();
    if (!lock.holds()) throw new Error("another process has taken the case over");
    await removeOutputs(out, name);
    await publish(staging, out, [...Object.keys(outputs), outputNames(name).manifest]);
    return manifest;
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

async function keysOf(folder: string, name: string, { seriesUid }: FileScan): Promise<CaseKeys> {
  const { caseKeys, seriesHash } = await import("./given/case-keys.ts");
  return caseKeys(folder, name, seriesUid === "" ? undefined : seriesHash(seriesUid));
}

/** What takes lungs from masks is loaded when it is asked for: start-up is part of every case. */
async function lungsFrom(
  masks: string,
  { lungLabels }: PrepCaseOptions,
  scan: FileScan,
  keys: CaseKeys,
  clock: StageClock,
): Promise<GivenLungs> {
  clock.enter("lungs");
  const { givenLungs } = await import("./given/given-lungs.ts");
  return givenLungs(masks, lungLabels, scan, keys);
}

async function nodulesFrom(
  nodules: string,
  options: PrepCaseOptions,
  one: NoduleCase,
  keys: CaseKeys,
  clock: StageClock,
): Promise<GivenNodules> {
  clock.enter("nodules");
  const { givenNodules } = await import("./given/given-nodules.ts");
  return givenNodules({ ...options, nodules }, one, keys);
}

function digestsOf(
  { series }: CaseKeys,
  lungs: GivenLungs | undefined,
  nodules: GivenNodules | undefined,
): GivenDigests {
  return {
    ...(series !== undefined && { series }),
    ...(lungs && { lungs: lungs.digest }),
    ...(nodules && { nodules: nodules.digest }),
  };
}

/** How the label's positions are off in this case, where they are. */
function offsetOf({ stored }: FileScan): Pick<CaseManifest, "labelOffset"> {
  const offset = labelOffset(stored);
  if (offset === undefined) return { labelOffset: null };
  return offset.some((voxels) => voxels !== 0) ? { labelOffset: offset } : {};
}

async function hashAll(folder: string, files: readonly string[]): Promise<Record<string, string>> {
  const hashes: Record<string, string> = {};
  for (const file of files) hashes[file] = await hashFile(join(folder, file));
  return hashes;
}

/** Reads a series while some threads help to decode its frames. */
async function readWith(threads: number, folder: string, options: ReadOptions): Promise<FileScan> {
  if (threads === 0) return readSeries(folder, options);
  const decoder = makeDecodePool(threads);
  try {
    return await readSeries(folder, { ...options, decoder });
  } finally {
    decoder.end();
  }
}
