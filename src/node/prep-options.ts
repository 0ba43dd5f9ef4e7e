import type { CaseManifest, ExtraOutputs } from "../case/manifest.ts";
import type { Stage } from "../errors.ts";
import type { ProfileName } from "../pipeline/profiles.ts";
import type { StageParameters } from "../pipeline/run-stages.ts";
import type { MinQuality } from "../quality/verdict.ts";
import type { VolumeMemory } from "../simd/volume-memory.ts";
import type { CaseFailure } from "./failure.ts";
import type { GivenOptions } from "./given/given.ts";
import type { Staleness } from "./manifest.ts";

/** Options of `prepCase`. */
export interface PrepCaseOptions extends ExtraOutputs, GivenOptions, MinQuality {
  /** Output folder; made if missing. */
  readonly out: string;
  /** Name that the outputs carry; default: that of the folder or file, made safe. */
  readonly name?: string;
  /** Whose numbers to reproduce. Default `grt123`. */
  readonly profile?: ProfileName;
  /** Options of the stages that differ from the profile's, by part, as the manifest has them. */
  readonly params?: StageParameters;
  /** Series Instance UID or Series Number. Default: the stack that `readScan` takes for the scan. */
  readonly series?: string | number;
  /** Interpolate missing and uneven slices instead of failing the case. Default false. */
  readonly fillGaps?: boolean;
  /** Read what is left of a series whose files are damaged or missing, instead of failing the case. Default false. */
  readonly allowDamaged?: boolean;
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
  /**
   * Name files of the input by their own names in all that is written or sent: findings and failures. Default
   * false: by their labels, `file 12 of 133 (#a1b2c3)`, for a file may be called after its patient.
   */
  readonly keepFileNames?: boolean;
  /**
   * Ends the work while it reads, or else before anything is published. With a PleuraError as its reason the case fails, for
   * that reason.
   */
  readonly signal?: AbortSignal;
  /** Called when a stage begins. */
  readonly onStage?: (stage: Stage) => void;
}

/** How a case ended. */
export type CaseResult =
  | {
      readonly case: string;
      /** Computed now, or finished before with the same revision, parameters and input. */
      readonly status: "done" | "skipped";
      readonly milliseconds: number;
      readonly manifest: CaseManifest;
      /** Why an earlier result was not left alone, when there was one. */
      readonly stale?: Staleness;
      /** How many processes it took, when the first one died. */
      readonly attempts?: number;
      /** The findings of a case that was computed, a line each, with names of files: for the person at the terminal only. */
      readonly shown?: readonly string[];
    }
  | {
      readonly case: string;
      readonly status: "failed";
      readonly milliseconds: number;
      readonly failure: CaseFailure;
      /** The failure's message with names of files, where they are known: for the person at the terminal only. */
      readonly shown?: string;
      /** How many processes it took, when the first one died. */
      readonly attempts?: number;
    };
