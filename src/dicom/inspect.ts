import type { ByteSource } from "../byte-source.ts";
import { PleuraError } from "../errors.ts";
import type { Triple } from "../volume/volume.ts";
import { checkNumbers } from "./check-counts.ts";
import { folderOf, refuseSeveral } from "./check-study.ts";
import { chooseStack } from "./choose-stack.ts";
import type { Finding } from "./findings.ts";
import type { Instance } from "./instance.ts";
import type { Facing } from "./plane-geometry.ts";

import { type Headers, readHeaders, type SkippedFile } from "./read-headers.ts";
import { lossesOf } from "./read-scan.ts";
import { assembleSeries } from "./series.ts";
import { groupStacks, type Stack } from "./stack.ts";

/** One stack of images as its headers describe it. */
export interface StackReport {
  /** Folders that hold the images, relative to the input, and paths of archives; `.` for the input itself. */
  readonly folders: readonly string[];
  /** Which of the patients among the images it is, from 1; `undefined` without a Patient ID. */
  readonly patient: number | undefined;
  readonly studyUid: string | undefined;
  readonly seriesUid: string;
  readonly seriesNumber: number | undefined;
  readonly plane: Facing;
  readonly localizer: boolean;
  readonly derived: boolean;
  /** Number of images, before those that repeat a position are left out. */
  readonly images: number;
  /** `[z, y, x]` as stored; `undefined` when the images make no volume. */
  readonly shape: Triple | undefined;
  /** Millimetres `[z, y, x]`; `undefined` when the images make no volume. */
  readonly spacing: Triple | undefined;
  /** Transfer syntax UIDs of its files. */
  readonly syntaxes: readonly string[];
  /** Whether this stack is the default, which is read when no series is asked for. */
  readonly chosen: boolean;
  /** What the headers show; what only pixels show is found when the stack is read. */
  readonly findings: readonly Finding[];
  /** Why the images make no volume. */
  readonly error: PleuraError | undefined;
}

/** One image file of another format than DICOM. */
export interface ImageReport {
  readonly file: string;
  /** `[z, y, x]`, turned canonical; `undefined` when the file makes no volume. */
  readonly shape: Triple | undefined;
  /** Millimetres `[z, y, x]`; `undefined` when the file makes no volume. */
  readonly spacing: Triple | undefined;
  /** Whether the file is read when the input is. */
  readonly chosen: boolean;
  readonly findings: readonly Finding[];
  /** Why the file makes no volume. */
  readonly error: PleuraError | undefined;
}

/** What lies in a folder. */
export interface Inspection {
  readonly stacks: readonly StackReport[];
  /** Why the stacks cannot be read as one case, unless a series is asked for. */
  readonly ambiguous: PleuraError | undefined;
  /** Image files of other formats; not looked for in a page. */
  readonly images: readonly ImageReport[];
  readonly skipped: readonly SkippedFile[];
}

/**
 * Tells which stacks of CT images there are and what is odd about each, from the headers alone.
 *
 * @param sources - files in an order that does not change from run to run
 * @param signal - ends the reading between two files with its own reason
 */
export async function inspectScan(sources: readonly ByteSource[], signal?: AbortSignal): Promise<Inspection> {
  const headers = await readHeaders(sources, signal === undefined ? {} : { signal });
  const { instances, skipped } = headers;
  const stacks = groupStacks(instances);
  const ambiguous = ambiguity(instances);
  const chosen = ambiguous === undefined ? chooseStack(stacks)?.stack : undefined;
  const patients = [...new Set(instances.flatMap(({ patientId }) => patientId ?? []))];
  const reports = stacks.map((stack) => report(stack, patients, stack === chosen, headers));
  return { stacks: reports, ambiguous, images: [], skipped };
}

function ambiguity(instances: readonly Instance[]): PleuraError | undefined {
  try {
    refuseSeveral(instances);
    return undefined;
  } catch (error) {
    if (error instanceof PleuraError) return error;
    throw error;
  }
}

function report(stack: Stack, patients: readonly string[], chosen: boolean, headers: Headers): StackReport {
  const { seriesUid, seriesNumber, plane, localizer, derived, instances } = stack;
  const { patientId, studyUid } = instances[0]!;
  const common = {
    folders: [...new Set(instances.map(({ source }) => folderOf(source.name)))],
    patient: patientId === undefined ? undefined : patients.indexOf(patientId) + 1,
    studyUid,
    seriesUid,
    seriesNumber,
    plane,
    localizer,
    derived,
    images: instances.length,
    syntaxes: [...new Set(instances.map(({ syntaxUid }) => syntaxUid))],
    chosen,
  };
  const losses = lossesOf(stack, headers);
  try {
    const { shape, spacing, findings } = assembleSeries(stack);
    return {
      ...common,
      shape,
      spacing,
      findings: [...losses, ...findings, ...checkNumbers(stack, headers)],
      error: undefined,
    };
  } catch (error) {
    if (!(error instanceof PleuraError)) throw error;
    return { ...common, shape: undefined, spacing: undefined, findings: losses, error };
  }
}
