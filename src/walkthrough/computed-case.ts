import type { PartOptions, ResultsOf } from "../pipeline/profiles.ts";
import type { Scanned } from "../pipeline/stage.ts";

/** What is known before any stage has run. */
interface Given extends Scanned {
  /** What the pipeline was run with. */
  readonly lungOptions: PartOptions<"lungs">;
  readonly prepareOptions: PartOptions<"prepare">;
}

/** A scan with everything that the pipeline found on its way. */
export type ComputedCase = Given & ResultsOf<"grt123">;

/**
 * A scan with what the pipeline has found so far: a result is there once its stage has run. When no
 * body passed the rules of the selection, `selection` is there all the same, with 0 bodies.
 */
export type PartialCase = Given & Partial<ResultsOf<"grt123">>;
