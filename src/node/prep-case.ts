import { rm } from "node:fs/promises";
import { resolve } from "node:path";
import { findingsOf, lungFigures } from "../case/figures.ts";
import type { CaseManifest, ExtraOutputs, Provenance } from "../case/manifest.ts";
import { outputNames, type StageMask } from "../case/outputs.ts";
import { type ProfileName, parametersOf } from "../case/profile.ts";
import type { ReadOptions } from "../dicom/read-scan.ts";
import { PleuraError, type Stage } from "../errors.ts";
import { segmentLungs } from "../lungs/segment.ts";
import { lungSides } from "../lungs/sides.ts";
import { prepare } from "../prepare/prepare.ts";
import { VERSION } from "../version.ts";
import type { BitVolume } from "../volume/bit-volume.ts";
import { writeCaseFiles } from "./case-files.ts";
import { caseName } from "./cases.ts";
import { makeDecodePool } from "./decode-pool.ts";
import { type CaseFailure, toFailure } from "./failure.ts";
import { inputDigest } from "./input-files.ts";
import { isDone, readManifest, writeManifest } from "./manifest.ts";
import { removeOutputs } from "./outputs.ts";
import { type FileScan, readSeries } from "./read-series.ts";
import { StageClock } from "./stage-clock.ts";
import { makeStagingFolder, publish } from "./staging.ts";

/** Options of {@link prepCase}. */
export interface PrepCaseOptions extends ExtraOutputs {
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
  /** Threads that decode compressed frames beside the calling one. Default 0: it decodes them itself. */
  readonly decodeThreads?: number;
  /** Existing folder, on the output folder's file system, for unfinished files. Default: the output folder. */
  readonly scratch?: string;
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
    }
  | {
      readonly case: string;
      readonly status: "failed";
      readonly milliseconds: number;
      readonly failure: CaseFailure;
    };

/**
 * Prepares one case: reads the series of a folder, segments, prepares, and writes `_clean.npy`,
 * `_label.npy`, `_lungs.nii.gz` and the manifest. All of it or nothing: a case that fails leaves
 * no file, not of an earlier run either.
 *
 * @param folder - holds the series; a `.zip` or an image file will do
 * @returns how it ended; a failure of the case is a result, not an exception
 * @throws PleuraError `aborted` after the signal; an earlier result is then left as it was
 *
 * @example
 * const result = await prepCase("scans/0001", { out: "prepared" });
 */
export async function prepCase(folder: string, options: PrepCaseOptions): Promise<CaseResult> {
  const { profile = "grt123", force = false, signal } = options;
  const name = options.name ?? caseName(resolve(folder));
  const out = resolve(options.out);
  const clock = new StageClock(options.onStage);
  const milliseconds = () => Math.round(clock.elapsed());
  try {
    const made = { version: VERSION, profile, parameters: parametersOf(options) };
    const earlier = force ? undefined : await readManifest(out, name);
    if (earlier && (await isDone(out, earlier, { ...made, digest: inputDigest(folder) }, options))) {
      return { case: name, status: "skipped", milliseconds: milliseconds(), manifest: earlier };
    }
    const manifest = await compute(folder, name, out, made, clock, options);
    return { case: name, status: "done", milliseconds: milliseconds(), manifest };
  } catch (cause) {
    if (signal?.aborted) throw new PleuraError("aborted", "the run was ended", { stage: clock.stage, cause });
    const failure = toFailure(cause, clock.stage);
    // Where not even that works, the failure is what the user needs to hear of.
    await removeOutputs(out, name).catch(() => undefined);
    return { case: name, status: "failed", milliseconds: milliseconds(), failure };
  }
}

/** Which stage begins when a mask is there. */
const STAGE_AFTER: Readonly<Partial<Record<StageMask, Stage>>> = {
  binary: "select",
  body: "fill",
  filled: "separate",
  lung2: "hull",
  dilated2: "prepare",
};

type Made = Omit<Provenance, "digest">;

async function compute(
  folder: string,
  name: string,
  out: string,
  made: Made,
  clock: StageClock,
  { stages = false, preview = false, scratch = out, signal, decodeThreads = 0 }: PrepCaseOptions,
): Promise<CaseManifest> {
  const scan = await readWith(decodeThreads, folder, { ...made.parameters.read, ...(signal && { signal }) });
  const masks = new Map<StageMask, BitVolume>();
  const onStage = (mask: StageMask, voxels: BitVolume) => {
    if (stages) masks.set(mask, voxels);
    const next = STAGE_AFTER[mask];
    if (next !== undefined) clock.enter(next);
  };
  clock.enter("binarize");
  const lungs = segmentLungs(scan, { ...made.parameters.lungs, onStage });
  const prepared = prepare(scan, lungs, { ...made.parameters.prepare, onStage });
  const sides = lungSides(scan, lungs);
  if (preview) clock.enter("preview");
  // Loaded when it is asked for: start-up is part of every case.
  const pictures = preview ? (await import("./case-preview.ts")).makeCasePreview(scan, sides) : undefined;
  clock.enter("write");
  const staging = await makeStagingFolder(scratch);
  try {
    const outputs = await writeCaseFiles(staging, name, {
      volume: scan,
      sides,
      prepared,
      masks,
      ...(pictures && { preview: pictures }),
    });
    const manifest: CaseManifest = {
      ...made,
      digest: scan.source.digest,
      case: name,
      input: { files: scan.source.files, bytes: scan.source.bytes, skipped: scan.source.skipped.length },
      geometry: prepared.geometry,
      lungs: lungFigures(lungs, sides, scan.spacing),
      findings: findingsOf(scan, lungs),
      outputs,
      milliseconds: { ...clock.laps(), total: Math.round(clock.elapsed() * 100) / 100 },
    };
    await writeManifest(staging, manifest);
    // Only now have the files' awaits let the event loop see a signal that came meanwhile.
    signal?.throwIfAborted();
    await removeOutputs(out, name);
    await publish(staging, out, [...Object.keys(outputs), outputNames(name).manifest]);
    return manifest;
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

/** Reads a series while some threads decode its frames. */
async function readWith(threads: number, folder: string, options: ReadOptions): Promise<FileScan> {
  if (threads === 0) return readSeries(folder, options);
  const decoder = makeDecodePool(threads);
  try {
    return await readSeries(folder, { ...options, decoder });
  } finally {
    await decoder.end();
  }
}
