import type { Shard } from "../shard.ts";
import type { IndexCost } from "./header-index.ts";

/** What tells cases apart. */
export type GroupBy = "folder" | "study" | "series";

/** What of a run's options decides which cases there are. */
export interface CaseOptions {
  /** Output folder: results in it are no input, and what is read of headers is kept there for the next time. */
  readonly out?: string;
  /**
   * What makes a case: each folder or file, or each study or series wherever its files lie, by the UIDs of the headers.
   * Default `folder`.
   */
  readonly by?: GroupBy;
  /** A list of names for the cases, see `nameCases`: lines of `name,key`. */
  readonly names?: string;
  /** Series Instance UID or Series Number that is asked for. */
  readonly series?: string | number;
  /** Make a case of every series that can be a scan: `<case>_<series number>`. Default false. */
  readonly allSeries?: boolean;
  /** One part of the cases only, see {@link inShard}. Default: all. */
  readonly shard?: Shard;
  /** Files that the run will write beside the cases' outputs, by the names of their options: they must not be outputs. */
  readonly files?: Readonly<Record<string, string>>;
  /** Write nothing, not even what was read of headers. Default false. */
  readonly dryRun?: boolean;
  /** Each of the two ends the look at the headers. */
  readonly stop?: AbortSignal;
  readonly signal?: AbortSignal;
  /** Told what is not read and why, a sentence each. */
  readonly onNote?: (text: string) => void;
  /** Told what the look at the headers of all inputs took, when there was one. */
  readonly onLook?: (cost: LookCost) => void;
}

/** What the look at the headers of all inputs took. */
export interface LookCost extends IndexCost {
  readonly milliseconds: number;
}
