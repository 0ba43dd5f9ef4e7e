import { inspectSeries } from "../browser/read-series.ts";
import { findingsOf, lungFigures } from "../case/figures.ts";
import { type CaseFile, caseFiles, sideLabels } from "../case/files.ts";
import { formatJson } from "../case/format-json.ts";
import { makeManifest } from "../case/make-manifest.ts";
import type { CaseManifest } from "../case/manifest.ts";
import { outputNames } from "../case/outputs.ts";
import { type Parameters, parametersOf, REVISIONS } from "../case/profile.ts";
import { safeName } from "../case/safe-name.ts";
import type { FrameDecoder } from "../dicom/decode-frame.ts";
import type { Finding } from "../dicom/findings.ts";
import type { ScanOrigin } from "../dicom/origin.ts";
import type { Scan } from "../dicom/read-scan.ts";
import { joinParts } from "../dicom/write-elements.ts";
import { PleuraError } from "../errors.ts";
import { encodeStl } from "../formats/stl.ts";
import { middleOfLung } from "../lungs/middle-of-lung.ts";
import { type NoduleCase, placeInCase } from "../nodules/place-case.ts";
import { isWhole } from "../objects/common.ts";
import { makePhantom, type Phantom, type PhantomNodule } from "../phantom/phantom.ts";
import type { StageMask, StageName } from "../pipeline/profiles.ts";
import { judgeLungs, type Quality } from "../quality/verdict.ts";
import { surfaceOf } from "../surface/surface.ts";
import { VERSION } from "../version.ts";
import type { Mesh } from "../volume/mesh.ts";
import type { StoredGrid } from "../volume/stored-grid.ts";
import type { Volume } from "../volume/volume.ts";
import { STEP_STAGES, STEPS, type Step, type StepPicture } from "../walkthrough/step.ts";
import { StepPictures } from "../walkthrough/step-pictures.ts";
import { CaseMasks } from "./case-masks.ts";
import { Computation } from "./computation.ts";

import { type OpenedScan, openScan } from "./open-scan.ts";
import {
  type CaseSummary,
  type Methods,
  type NodulesSummary,
  type Progress,
  RUN_MASKS,
  type RunParameters,
  type ScanSummary,
  type StackChoice,
  type ViewSlice,
} from "./protocol.ts";
import { RunFailure } from "./run-failure.ts";
import { type PlacedNodules, SessionNodules } from "./session-nodules.ts";
import { stackChoices } from "./stack-choices.ts";
import { viewSlice } from "./view-slice.ts";
import { warmUp } from "./warm-up.ts";

/** What is known of the scan beside its voxels. */
interface Source {
  readonly name: string;
  readonly findings: readonly Finding[];
  readonly input: CaseManifest["input"];
  readonly read: Parameters["read"];
  readonly digest: string;
  readonly labels: OpenedScan["labels"];
  readonly readMs: number;
  readonly seriesUid: string;
  readonly stored: StoredGrid;
  /** What DICOM objects about the scan need to know. */
  readonly origin?: ScanOrigin;
  /** Nodules that are known because the scan was made. */
  readonly truth: readonly PhantomNodule[];
}

/** Answers everything that {@link Methods} names, about one scan at a time. */
export class Session {
  private source: Source | undefined;
  private computation: Computation | undefined;
  private masks: CaseMasks | undefined;
  private pictures: StepPictures | undefined;
  private annotations: SessionNodules | undefined;
  /** The step at which the latest run failed, once it was asked for. */
  private quality: Quality | undefined;
  private failedStep: Step | undefined;
  private isFresh = true;

  /**
   * @param onProgress - told how far reading and running are
   * @param decoder - of compressed frames; default: in this thread
   */
  constructor(
    private readonly onProgress: (progress: Progress) => void,
    private readonly decoder?: FrameDecoder,
  ) {}

  /** Makes ready for the first scan, unless one has come; one that comes meanwhile ends it. */
  async warmUp(): Promise<Methods["warmUp"]["value"]> {
    await warmUp(() => this.isFresh);
    return {};
  }

  /** Opens a scan from files in place of the last one. */
  async open({ files, name, read }: Methods["open"]["args"]): Promise<ScanSummary> {
    this.forget();
    const began = performance.now();
    this.onProgress({ stage: "read", done: 0 });
    const options = { ...read, keepOrigin: true, ...(this.decoder && { decoder: this.decoder }) };
    const opened = await openScan(files, options, (done) => this.onProgress({ stage: "read", done }));
    const { files: count, bytes, skipped } = opened.scan.source;
    const input = { files: count, bytes, skipped: skipped.length };
    // As the command line writes it into the manifest, the order of its keys included.
    const parameters = parametersOf(read).read;
    return this.adopt(opened.scan, opened, { name: safeName(name), read: parameters, input, began });
  }

  /** Tells what could be opened among files. */
  async inspect({ files }: Methods["inspect"]["args"]): Promise<readonly StackChoice[]> {
    return stackChoices((await inspectSeries(files)).stacks);
  }

  /** Makes a phantom in place of the last scan. */
  async phantom(options: Methods["phantom"]["args"]): Promise<ScanSummary> {
    this.forget();
    const began = performance.now();
    this.onProgress({ stage: "read", done: 0 });
    const phantom = makePhantom(options);
    const input = { files: 0, bytes: 0, skipped: 0 };
    return this.adopt(
      phantom,
      { stacks: [], digest: "", labels: new Map() },
      { name: "phantom", read: parametersOf({}).read, input, began },
    );
  }

  /**
   * Runs the pipeline, or what changed parameters make necessary. When a stage fails, what the stages
   * before it have found stays, and can be asked for.
   *
   * @throws RunFailure what a stage threw, with the step at which it happened
   */
  async run(parameters: RunParameters): Promise<CaseSummary> {
    const { computation, masks, source } = this.opened();
    this.pictures = undefined;
    this.failedStep = undefined;
    this.quality = undefined;
    await computation.run(parameters, this.onProgress).catch((error: unknown) => {
      if (this.computation === computation) this.failedStep ??= this.stepThatFailed();
      throw this.failedStep === undefined ? error : new RunFailure(this.failedStep, error);
    });
    const state = this.computed();
    const voxels = Object.fromEntries(RUN_MASKS.map((mask) => [mask, masks.get(mask)[0]!.count()]));
    this.quality = judgeLungs(state.volume, masks.sides);
    return {
      lungs: lungFigures(state.lungs, masks.sides, state.volume.spacing),
      quality: this.quality,
      findings: findingsOf({ ...source, spacing: state.volume.spacing }, state.lungs),
      inLung: middleOfLung(masks.sides),
      voxels: voxels as Record<StageMask, number>,
      cleanShape: state.clean.shape,
      milliseconds: { read: source.readMs, ...computation.milliseconds },
    };
  }

  /** A slice of the scan, with a mask over it once there is one; a run that is under way is not waited for. */
  async slice({ plane, index, overlay }: Methods["slice"]["args"]): Promise<ViewSlice> {
    const { computation, masks } = this.opened();
    return viewSlice(computation.volume, { plane, index }, masks.has(overlay) ? masks.get(overlay) : []);
  }

  /**
   * A slice as a step leaves it, once the step has run.
   *
   * @throws PleuraError why the step has no picture: what the run threw before it or at it
   */
  async picture({ step, plane, index }: Methods["picture"]["args"]): Promise<StepPicture> {
    const stage = STEP_STAGES[step];
    const { computation } = this.opened();
    let failure: unknown;
    if (stage !== "read") await computation.until(stage as StageName).catch((error: unknown) => (failure = error));
    // A stage that failed has come as far as the step at which it failed, and perhaps left something there.
    if (failure !== undefined && this.isBeyondFailure(step)) throw failure;
    try {
      return this.stepPictures().draw(step, { plane, index });
    } catch (error) {
      throw failure ?? error;
    }
  }

  /** The surface of a mask, once the mask is there. */
  async surface({ of }: Methods["surface"]["args"]): Promise<Mesh> {
    const { computation, masks } = this.opened();
    await masks.until(of);
    const meshes = masks.get(of).map((mask) => surfaceOf(mask, computation.volume));
    return joined(meshes);
  }

  /** Takes a file of annotations for the open scan, if one is given, and places its nodules; a phantom's are known. */
  async annotate({ file }: Methods["annotate"]["args"]): Promise<NodulesSummary> {
    const { source } = this.opened();
    if (file !== undefined) {
      const annotations = await SessionNodules.open(file, source);
      // Nothing is kept that cannot be placed.
      annotations.place(this.noduleCase());
      this.annotations = annotations;
    }
    const placed = this.placed();
    if (placed !== undefined) return { ...placed.file, findings: placed.findings };
    const known = source.truth.map(({ centre, diameter }, i) => ({ line: i + 1, at: { patient: centre }, diameter }));
    const annotated = { kind: "phantom" as const, nodules: known, leftOut: [], duplicates: [], broken: [] };
    return placeInCase(annotated, this.noduleCase(), "phantom");
  }

  /**
   * One of the case's files, byte for byte as the command line writes it, once the run has ended; or the parameters.
   */
  async save({ file }: Methods["save"]["args"]): Promise<Methods["save"]["value"]> {
    const { source, computation } = this.opened();
    const { name } = source;
    if (file === "parameters") return this.parameters();
    await computation.untilComplete();
    if (file === "surface") return { name: `${name}_lungs.stl`, bytes: encodeStl(await this.surface({ of: "lungs" })) };
    if (file === "manifest") {
      return { name: outputNames(name).manifest, bytes: new TextEncoder().encode(formatJson(this.manifest())) };
    }
    const wanted = outputNames(name)[file];
    if (file === "glb") return { name: wanted, bytes: await this.meshes() };
    if (file === "seg" || file === "rtstruct") return { name: wanted, bytes: await this.object(file) };
    if (file === "nodules" && this.annotations === undefined) throw missing("No annotations are open");
    for (const { name: found, parts } of this.files())
      if (found === wanted) return { name: found, bytes: joinParts(parts) };
    throw new PleuraError("not-found", "There is no such file", { stage: "write", file: wanted });
  }

  /** What the latest run was made with, as `--params` takes it; also when it failed. */
  private parameters(): Methods["save"]["value"] {
    const { source, computation } = this.opened();
    if (computation.madeWith === undefined) throw missing("The scan has not been run yet");
    const { lungs, prepare } = computation.madeWith;
    return { name: `${source.name}_params.json`, bytes: new TextEncoder().encode(formatJson({ lungs, prepare })) };
  }

  private files(): Generator<CaseFile> {
    const { clean, label, volume } = this.computed();
    const { masks, source } = this.opened();
    const nodules = this.placed();
    return caseFiles(source.name, {
      ...(nodules && { nodules: nodules.file }),
      volume,
      sides: masks.sides,
      prepared: { clean, label },
      masks: new Map(),
    });
  }

  private async meshes(): Promise<Uint8Array> {
    const { computation, masks } = this.opened();
    const { encodeMeshes } = await import("../objects/encode-meshes.ts");
    const [file] = await encodeMeshes(sideLabels(masks.sides), computation.volume, "glb");
    return file!.bytes;
  }

  private async object(kind: "seg" | "rtstruct"): Promise<Uint8Array> {
    const { source, computation, masks } = this.opened();
    const { encodeObjects } = await import("../objects/encode-objects.ts");
    const scan = { ...computation.volume, stored: source.stored, ...(source.origin && { origin: source.origin }) };
    const making = { algorithm: "pleura, profile grt123", type: "AUTOMATIC" } as const;
    return joinParts(encodeObjects(sideLabels(masks.sides), scan, making, { [kind]: true })[kind]!);
  }

  private manifest(): CaseManifest {
    const { source, computation, masks } = this.opened();
    const state = this.computed();
    const bytes = (parts: readonly Uint8Array[]) => parts.reduce((sum, part) => sum + part.length, 0);
    const milliseconds = { read: source.readMs, ...computation.milliseconds };
    const total = Object.values(milliseconds).reduce((sum, ms) => sum + ms, 0);
    const { lungs, prepare } = computation.madeWith!;
    const { annotations } = this;
    const nodules = this.placed();
    const { spacing } = state.volume;
    return makeManifest({
      version: VERSION,
      profile: "grt123",
      revision: REVISIONS.grt123,
      parameters: { read: source.read, lungs, prepare, ...(annotations && { nodules: annotations.parameters }) },
      digest: source.digest,
      case: source.name,
      ...(annotations && { given: annotations.given }),
      input: source.input,
      geometry: state.geometry,
      scan: { spacing, stored: source.stored },
      lungs: state.lungs,
      sides: masks.sides,
      ...(this.quality && { quality: this.quality }),
      findings: [...findingsOf({ ...source, spacing }, state.lungs), ...(nodules?.findings ?? [])],
      namer: { file: (file) => source.labels.get(file) },
      outputs: Object.fromEntries(Array.from(this.files(), ({ name, parts }) => [name, bytes(parts)])),
      milliseconds: { ...milliseconds, total: Math.round(total * 100) / 100 },
    });
  }

  private placed(): PlacedNodules | undefined {
    return this.annotations?.place(this.noduleCase());
  }

  private noduleCase(): NoduleCase {
    const { volume, lungs, dilated1, dilated2, geometry, prepareOptions } = this.computed();
    return {
      scan: volume,
      stored: this.opened().source.stored,
      lungs: lungs.lung1.union(lungs.lung2),
      near: dilated1.union(dilated2),
      geometry,
      prepare: prepareOptions,
    };
  }

  private stepPictures(): StepPictures {
    this.pictures ??= new StepPictures(this.opened().computation.state);
    return this.pictures;
  }

  /** The step at which the latest run failed: the first of its stage that leaves nothing to be shown. */
  private stepThatFailed(): Step | undefined {
    const { failedAt, state } = this.computation ?? {};
    if (failedAt === undefined) return undefined;
    const isDrawn = (step: Step): boolean => {
      try {
        this.stepPictures().draw(step, { plane: "axial", index: state!.volume.shape[0] >> 1 });
        return true;
      } catch {
        return false;
      }
    };
    // The rules removed every body, and each body can be shown with the rule.
    if (failedAt === "select" && state?.selection?.bodies === 0) return "select";
    const steps = STEPS.filter((step) => STEP_STAGES[step] === failedAt);
    return steps.find((step) => !isDrawn(step)) ?? steps.at(-1);
  }

  private isBeyondFailure(step: Step): boolean {
    this.failedStep ??= this.stepThatFailed();
    return this.failedStep === undefined || STEPS.indexOf(step) > STEPS.indexOf(this.failedStep);
  }

  private adopt(
    volume: Volume<Int16Array> &
      Partial<Pick<Scan, "findings" | "seriesUid" | "stored" | "origin">> &
      Partial<Pick<Phantom, "truth">>,
    { stacks, digest, labels }: Omit<OpenedScan, "scan">,
    { began, ...source }: Pick<Source, "name" | "read" | "input"> & { began: number },
  ): ScanSummary {
    const { shape, spacing, affine, findings = [], seriesUid = "", stored = { shape, affine, even: true } } = volume;
    const truth = volume.truth?.nodules ?? [];
    const milliseconds = performance.now() - began;
    this.computation = new Computation(volume);
    this.masks = new CaseMasks(this.computation);
    this.source = {
      ...source,
      seriesUid,
      stored,
      ...(volume.origin && { origin: volume.origin }),
      truth,
      findings,
      digest,
      labels,
      readMs: Math.round(milliseconds * 100) / 100,
    };
    this.onProgress({ stage: "read", done: 1, milliseconds });
    const { name, input } = source;
    const { files, skipped } = input;
    return { name, shape, spacing, affine, findings, files, skipped, hasOrigin: isWhole(volume.origin), stacks };
  }

  private forget(): void {
    this.isFresh = false;
    this.computation?.stop();
    this.source = undefined;
    this.computation = undefined;
    this.masks = undefined;
    this.pictures = undefined;
    this.annotations = undefined;
  }

  private opened(): { computation: Computation; masks: CaseMasks; source: Source } {
    const { computation, masks, source } = this;
    if (computation === undefined || masks === undefined || source === undefined) throw missing("No scan is open");
    return { computation, masks, source };
  }

  private computed(): NonNullable<Computation["complete"]> {
    const state = this.opened().computation.complete;
    if (state === undefined) throw missing("The scan has not been run yet");
    return state;
  }
}

function missing(what: string): PleuraError {
  return new PleuraError("not-found", what, { stage: "options" });
}

/** Several surfaces as one. */
function joined(meshes: readonly Mesh[]): Mesh {
  if (meshes.length === 1) return meshes[0]!;
  const positions = new Float32Array(meshes.reduce((sum, mesh) => sum + mesh.positions.length, 0));
  const triangles = new Uint32Array(meshes.reduce((sum, mesh) => sum + mesh.triangles.length, 0));
  let [corner, triangle] = [0, 0];
  for (const mesh of meshes) {
    positions.set(mesh.positions, 3 * corner);
    for (let i = 0; i < mesh.triangles.length; i++) triangles[triangle + i] = mesh.triangles[i]! + corner;
    corner += mesh.positions.length / 3;
    triangle += mesh.triangles.length;
  }
  return { positions, triangles };
}
