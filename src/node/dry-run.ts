import { resolve } from "node:path";
import { keepNames, nameNoFile } from "../case/file-labels.ts";
import type { PrepAllOptions } from "./batch.ts";
import { type CaseInput, inputOf } from "./cases/case-input.ts";
import { listCase } from "./cases/list-case.ts";
import { casesOf, seriesToRead } from "./cases/plan-cases.ts";
import { type CaseFailure, errorOf, toError, toFailure } from "./failure.ts";
import { findSettled } from "./settled.ts";

/** Options of {@link dryRun}: those of the run. */
export type DryRunOptions = Omit<PrepAllOptions, "onStage">;

/** What a run would do with a case. */
export type PlannedCase = {
  readonly case: string;
  /** What the case reads. */
  readonly input: CaseInput;
} & (
  | {
      /** `skip`: it is done already. */
      readonly status: "prepare" | "skip";
      /** Number of files, and their bytes. */
      readonly files: number;
      readonly bytes: number;
      /** Another case that holds a copy of the scan. */
      readonly copyOf?: string;
    }
  | {
      readonly status: "refuse";
      readonly failure: CaseFailure;
      /** The same for the person at the terminal, with the names of files and folders. */
      readonly shown: string;
    }
);

/**
 * Tells what `prepAll` would do with each case, and changes nothing. Pixels are not read, so what only they show is told
 * when the case is prepared.
 *
 * @param inputs - as for `prepAll`
 * @param options - the same as for `prepAll`
 * @throws PleuraError `not-found` or `invalid-option` for unusable inputs
 */
export async function* dryRun(
  inputs: readonly string[],
  options: DryRunOptions,
): AsyncGenerator<PlannedCase, void, undefined> {
  const out = resolve(options.out);
  const { series: _, ...forCase } = { ...options, out };
  const refusal = (caught: unknown) => {
    const error = toError(caught, "read");
    const failure = toFailure(error, "read", options.keepFileNames ? keepNames : nameNoFile);
    return { status: "refuse", failure, shown: error.message } as const;
  };
  for (const one of await casesOf(inputs, { ...options, out, dryRun: true })) {
    const head = { case: one.name, input: inputOf(one) };
    if (one.refused !== undefined) {
      yield { ...head, ...refusal(errorOf(one.refused)) };
      continue;
    }
    try {
      const files = await listCase(one, out, options.series);
      const { settled } = await findSettled(one, { ...forCase, ...seriesToRead(options), name: one.name });
      yield {
        ...head,
        status: settled === undefined ? "prepare" : "skip",
        files: files.length,
        bytes: files.reduce((sum, { size }) => sum + size, 0),
        ...(one.copyOf !== undefined && { copyOf: one.copyOf }),
      };
    } catch (error) {
      yield { ...head, ...refusal(error) };
    }
  }
}
