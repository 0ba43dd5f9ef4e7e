import type { Step } from "../walkthrough/step.ts";

/** What a stage threw, with the step at which it happened. */
export class RunFailure extends Error {
  override readonly name = "RunFailure";

  constructor(
    readonly step: Step,
    override readonly cause: unknown,
  ) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}
