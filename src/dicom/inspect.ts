import type { ByteSource } from "../byte-source.ts";
import { PleuraError } from "../errors.ts";
import type { Triple } from "../volume/volume.ts";
import { checkNumbers } from "./check-counts.ts";
import { chooseStack } from "./choose-stack.ts";
import type { Finding } from "./findings.ts";
import type { Facing } from "./geometry.ts";
import { type Headers, readHeaders, type SkippedFile } from "./read-headers.ts";
import { lossesOf } from "./read-scan.ts";
import { assembleSeries } from "./series.ts";
import { groupStacks, type Stack } from "./stack.ts";

/** One stack of images as its headers describe it. */
export interface StackReport {
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
  /** Whether reading without a wish takes this stack for the scan. */
  readonly chosen: boolean;
  /** What the headers show; what only pixels show is found when the stack is read. */
  readonly findings: readonly Finding[];
  /** Why the images make no volume. */
  readonly error: PleuraError | undefined;
}

/** What lies in a folder. */
export interface Inspection {
  readonly stacks: readonly StackReport[];
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
  const stacks = groupStacks(headers.instances);
  const chosen = chooseStack(stacks)?.stack;
  return { stacks: stacks.map((stack) => report(stack, stack === chosen, headers)), skipped: headers.skipped };
}

function report(stack: Stack, chosen: boolean, headers: Headers): StackReport {
  const { seriesUid, seriesNumber, plane, localizer, derived, instances } = stack;
  const syntaxes = [...new Set(instances.map(({ syntaxUid }) => syntaxUid))];
  const common = { seriesUid, seriesNumber, plane, localizer, derived, images: instances.length, syntaxes, chosen };
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
