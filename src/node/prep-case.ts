import { mkdir, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { findingsOf } from "../case/figures.ts";
import { type FileNamer, keepNames, nameNoFile } from "../case/file-labels.ts";
import { findingLine } from "../case/finding-text.ts";
import type { CaseKeys } from "../case/key-index.ts";
import { makeManifest } from "../case/make-manifest.ts";
import type { CaseManifest, GivenDigests } from "../case/manifest.ts";
import { outputNames, REJECTED } from "../case/outputs.ts";
import type { Parameters } from "../case/profile.ts";
import type { Instance } from "../dicom/instance.ts";
import type { ReadOptions } from "../dicom/read-scan.ts";
import { isWebAddress, resourceOf } from "../dicomweb/address.ts";
import { PleuraError, type Stage } from "../errors.ts";
import { lungSides } from "../lungs/sides.ts";
import { preparedOf } from "../pipeline/prepare.ts";
import type { StageMask } from "../pipeline/profiles.ts";
import { runStages } from "../pipeline/run-stages.ts";
import { stagesOf } from "../pipeline/stages.ts";
import { isAtLeast, judgeLungs, type Quality, type Verdict } from "../quality/verdict.ts";
import { VolumeMemory } from "../simd/volume-memory.ts";
import type { BitVolume } from "../volume/bit-volume.ts";
import { writeCaseFiles } from "./case-files.ts";
import { type CaseLock, lockCase, POLL_MS } from "./case-lock.ts";
import { archiveCaseName, type CaseInput, type CaseKnowledge, type Selector } from "./cases/case-input.ts";
import { listCase } from "./cases/list-case.ts";
import { caseName } from "./cases/scan-file.ts";
import { claimSeries } from "./claim-series.ts";
import { contentDigest, hashFile } from "./content-digest.ts";
import { copiedScan, partOfScan } from "./copies.ts";
import { makeDecodePool } from "./decode-pool.ts";
import { errorOf, toError, toFailure } from "./failure.ts";
import { removeFailureRecord } from "./failure-record.ts";
import type { GivenLungs } from "./given/given-lungs.ts";
import type { GivenNodules, NoduleCase } from "./given/given-nodules.ts";
import { digestOf, type InputFile } from "./input-files.ts";
import { writeManifest } from "./manifest.ts";
import { refuseForeignFiles, removeOutputs } from "./outputs.ts";
import type { CaseResult, PrepCaseOptions } from "./prep-options.ts";
import { type FileScan, readListed } from "./read-series.ts";
import { settleFailure } from "./settle-failure.ts";
import { findSettled, madeBy, whereabouts } from "./settled.ts";
import { StageClock } from "./stage-clock.ts";
import { makeStagingFolder, publish } from "./staging.ts";

/**
 * Prepares one case: reads the series of a folder, segments, prepares, and writes `_clean.npy`,
 * `_label.npy`, `_lungs.nii.gz` and the manifest. All of it or nothing: a case that fails leaves
 * no file, not of an earlier run either.
 *
 * While another process works on the same case, this one waits for it.
 *
 * @param input - the folder that holds the series; a `.zip` or an image file will do; or a case of `casesOf`
 * @returns how it ended; a failure of the case is a result, not an exception
 * @throws PleuraError `aborted` after the signal; an earlier result is then left as it was
 *
 * @example
 * const result = await prepCase("scans/0001", { out: "prepared" });
 */
export async function prepCase(
  input: string | (CaseInput & CaseKnowledge),
  options: PrepCaseOptions,
): Promise<CaseResult> {
  for (;;) {
    const result = await tryCase(input, options);
    if (result !== undefined) return result;
    await pause(POLL_MS, undefined, { ...(options.signal && { signal: options.signal }) }).catch((cause) => {
      throw aborted("read", cause);
    });
  }
}

/** {@link prepCase}, but gives `undefined` while another process works on the case. */
export async function tryCase(
  input: string | (CaseInput & CaseKnowledge),
  options: PrepCaseOptions,
): Promise<CaseResult | undefined> {
  const { signal, volumeMemory = new VolumeMemory() } = options;
  const one = typeof input === "string" ? { folder: input } : input;
  const clock = new StageClock(options.onStage);
  const ended = <End>(end: End) => ({
    case: String(options.name ?? shownCase(one.folder)),
    milliseconds: Math.round(clock.elapsed()),
    ...end,
  });
  let lock: CaseLock | undefined;
  try {
    const { name, out } = whereabouts(one, options);
    const before = one.refused === undefined ? await findSettled(one, options) : {};
    if (before.settled !== undefined) return ended(before.settled);
    lock = lockCase(out, name);
    if (lock === undefined) return undefined;
    if (one.refused !== undefined) throw errorOf(one.refused);
    // Between the look and the lock another process may have ended the case.
    const { settled, stale } = await findSettled(one, options);
    if (settled !== undefined) return ended(settled);
    const held = lock;
    const { manifest, shown } = await volumeMemory.use((allocate) =>
      compute(one, name, out, held, clock, { ...options, allocate }),
    );
    await removeFailureRecord(out, name);
    return ended({ status: "done" as const, manifest, shown, ...(stale !== undefined && { stale }) });
  } catch (cause) {
    const reason: unknown = signal?.aborted ? signal.reason : undefined;
    if (signal?.aborted && !(reason instanceof PleuraError)) throw aborted(clock.stage, cause);
    if (lock !== undefined && !lock.holds()) return undefined;
    const error = toError(reason ?? cause, clock.stage);
    const failure = toFailure(error, clock.stage, await namerFor(one, options, [error.file ?? one.folder]));
    if (lock !== undefined) await settleFailure(one, options, failure);
    return ended({ status: "failed" as const, failure, shown: error.message });
  } finally {
    lock?.release();
  }
}

/** What a case is called in its result when its name may be none. */
function shownCase(folder: string): string {
  return isWebAddress(folder) ? archiveCaseName(folder) : caseName(resolve(folder));
}

/** What names some files of a case where they are written or sent. */
async function namerFor(input: CaseInput, options: PrepCaseOptions, files: readonly string[]): Promise<FileNamer> {
  if (options.keepFileNames) return keepNames;
  if (files.length === 0) return nameNoFile;
  // Loaded when there is something to name.
  const { makeFileNamer } = await import("./file-namer.ts");
  return makeFileNamer(input, resolve(options.out), files);
}

function aborted(stage: Stage, cause: unknown): PleuraError {
  return new PleuraError("aborted", "the run was ended", { stage, cause });
}

async function compute(
  one: CaseInput & CaseKnowledge,
  name: string,
  out: string,
  lock: CaseLock,
  clock: StageClock,
  options: PrepCaseOptions & Required<Pick<ReadOptions, "allocate">>,
): Promise<{ readonly manifest: CaseManifest; readonly shown: readonly string[] }> {
  const { stages = false, preview = false, verify = false, decodeThreads = 0, signal, allocate } = options;
  const { seg = false, rtstruct = false, density = false, mesh } = options;
  const made = madeBy(one, options);
  const whole = resourceOf(one.folder);
  if (whole?.series !== undefined) (await import("./archive/pull-instances.ts")).beginSeries(one.folder, signal);
  const files = await listCase(one, out, options.series);
  const contents = verify ? await contentDigest(files) : undefined;
  let copyOf = one.copyOf;
  const claim = async (images: readonly Instance[]): Promise<void> => {
    const { series, failedSince: since } = options;
    const claimant = {
      out,
      name,
      digest: digestOf(files),
      isCopy: one.copyOf !== undefined,
      ...(series !== undefined && { series }),
      ...(since !== undefined && { since }),
    };
    const other = await claimSeries(images, claimant);
    copyOf ??= other;
  };
  const scan = await readWith(decodeThreads, files, one.only, {
    ...made.parameters.read,
    allocate,
    keepOrigin: seg || rtstruct || options.lungs !== undefined,
    ...(signal && { signal }),
    ...(one.claims && one.partOf === undefined && { onImages: claim }),
  });
  if (one.partOf !== undefined) throw partOfScan(one.partOf);
  const objects = seg || rtstruct ? await import("./case-objects.ts") : undefined;
  objects?.checkOrigin(scan);
  const masks = new Map<StageMask, BitVolume>();
  const keep = (mask: StageMask, voxels: BitVolume) => {
    if (stages) masks.set(mask, voxels);
  };
  const isGiven = [options.lungs, options.model, options.nodules].some((path) => path !== undefined);
  const keys = isGiven ? await keysOf(one, name, scan) : undefined;
  const given = await givenLungsOf(options, made.parameters, scan, keys, clock);
  if (given !== undefined) for (const mask of ["lung1", "lung2"] as const) keep(mask, given.lungs[mask]);
  const found = runStages(
    stagesOf(made.profile, given && "prepare"),
    { volume: scan, ...(given && { lungs: given.lungs }) },
    made.parameters,
    { onBegin: (stage) => clock.enter(stage), onMask: keep },
  );
  const lungs = found.lungs!;
  const prepared = preparedOf(found);
  const sides = given?.sides ?? lungSides(scan, lungs);
  const nodules =
    options.nodules === undefined
      ? undefined
      : await nodulesFrom(options.nodules, options, { name, scan, lungs, prepared, ...made }, keys!, clock);
  clock.enter("quality");
  const quality = judgeLungs(scan, { ...sides, ...(lungs.airways && { airways: lungs.airways }) });
  const densities = density ? (await import("../lungs/density.ts")).lungDensities(scan, sides) : undefined;
  if (preview) clock.enter("preview");
  // Loaded when it is asked for: start-up is part of every case.
  const pictures = preview
    ? (await import("./case-preview.ts")).makeCasePreview(scan, sides, prepared, nodules?.file)
    : undefined;
  clock.enter("write");
  const regions = { sides, ...(lungs.airways && { airways: lungs.airways }) };
  const written = objects?.makeCaseObjects(name, regions, scan, {
    ...made,
    seg,
    rtstruct,
    lungsFrom: given === undefined ? "stages" : given.runtime === undefined ? "mask" : "model",
  });
  const meshes = mesh && (await (await import("./case-meshes.ts")).makeCaseMeshes(name, regions, scan, mesh));
  const isRejected = options.minQuality !== undefined && !isAtLeast(quality.verdict, options.minQuality);
  const store = isRejected ? undefined : options.store;
  const staging = await makeStagingFolder(out);
  try {
    const outputs = await writeCaseFiles(staging, name, {
      volume: scan,
      ...regions,
      prepared,
      masks,
      ...(nodules && { nodules: nodules.file }),
      made: [...(written?.files ?? []), ...(meshes ?? [])],
      ...(pictures && { preview: pictures }),
    });
    const findings = [
      ...findingsOf(scan, lungs, given?.findings),
      ...(nodules?.findings ?? []),
      ...(written?.findings ?? []),
      ...(copyOf === undefined ? [] : [copiedScan(copyOf)]),
    ];
    const namer = await namerFor(
      one,
      options,
      findings.flatMap((finding) => finding.files ?? []),
    );
    const manifest = makeManifest({
      ...made,
      digest: scan.source.digest,
      case: name,
      ...(keys && { given: digestsOf(keys, given, nodules) }),
      input: { files: scan.source.files, bytes: scan.source.bytes, skipped: scan.source.skipped.length },
      geometry: prepared.geometry,
      scan,
      lungs,
      sides,
      ...(densities && { density: densities }),
      quality,
      findings,
      namer,
      outputs,
      ...(store !== undefined && { stored: store }),
      ...(contents !== undefined && {
        hashes: { input: contents, outputs: await hashAll(staging, Object.keys(outputs)) },
      }),
      milliseconds: { ...clock.laps(), total: Math.round(clock.elapsed() * 100) / 100 },
    });
    await writeManifest(staging, manifest);
    // Only now have the files' awaits let the event loop see a signal that came meanwhile.
    signal?.throwIfAborted();
    if (!lock.holds()) throw new Error("another process has taken the case over");
    if (store !== undefined) {
      const { storeObject } = await import("./archive/store-object.ts");
      await storeObject(store, written?.files.find((file) => file.name === outputNames(name).seg)?.parts ?? [], signal);
    }
    const published = [...Object.keys(outputs), outputNames(name).manifest];
    const target = isRejected ? join(out, REJECTED) : out;
    if (isRejected) await mkdir(target, { recursive: true });
    await refuseForeignFiles(target, name, published);
    await removeOutputs(out, name);
    await removeOutputs(join(out, REJECTED), name);
    await publish(staging, target, published);
    if (isRejected) throw rejected(quality, options.minQuality!, join(REJECTED, outputNames(name).lungs));
    return { manifest, shown: findings.map(findingLine) };
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

/** Why a case's lungs were not good enough, and where they are. */
function rejected({ verdict, reasons: [worst] }: Quality, wanted: Verdict, lungs: string): PleuraError {
  return new PleuraError("quality", `the lungs are ${verdict}${worst === undefined ? "" : `: ${worst.text}`}`, {
    stage: "quality",
    measured: worst === undefined ? verdict : `${worst.measured} ${worst.unit}`.trim(),
    limit: worst === undefined ? wanted : `${worst.limit} ${worst.unit}`.trim(),
    hint: `Look at ${lungs} in the output folder; a lower --min-quality takes the case as it is`,
  });
}

async function keysOf(input: CaseInput, name: string, { seriesUid }: FileScan): Promise<CaseKeys> {
  const { caseKeys, seriesHash } = await import("./given/case-keys.ts");
  return caseKeys(input, name, seriesUid === "" ? undefined : seriesHash(seriesUid));
}

/** What takes lungs from masks or a model is loaded when it is asked for: start-up is part of every case. */
async function givenLungsOf(
  { lungs, lungLabels, model, modelThreads: threads = 1, signal }: PrepCaseOptions,
  { model: recipe }: Parameters,
  scan: FileScan,
  keys: CaseKeys | undefined,
  clock: StageClock,
): Promise<GivenLungs | undefined> {
  if (model !== undefined) {
    clock.enter("lungs");
    const { modelLungs } = await import("./model/model-lungs.ts");
    return modelLungs({ path: model, recipe: recipe!, threads }, scan, signal);
  }
  if (lungs === undefined) return undefined;
  clock.enter("lungs");
  const { givenLungs } = await import("./given/given-lungs.ts");
  return givenLungs(lungs, lungLabels, scan, keys!);
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
    ...(lungs?.runtime !== undefined && { runtime: lungs.runtime }),
    ...(nodules && { nodules: nodules.digest }),
  };
}

async function hashAll(folder: string, files: readonly string[]): Promise<Record<string, string>> {
  const hashes: Record<string, string> = {};
  for (const file of files) hashes[file] = await hashFile(join(folder, file));
  return hashes;
}

/** Reads a series while some threads help to decode its frames. */
async function readWith(
  threads: number,
  files: readonly InputFile[],
  only: Selector | undefined,
  options: ReadOptions,
): Promise<FileScan> {
  if (threads === 0) return readListed(files, only, options);
  const decoder = makeDecodePool(threads);
  try {
    return await readListed(files, only, { ...options, decoder });
  } finally {
    decoder.end();
  }
}
