import { resolve } from "node:path";
import { lineRanges } from "../../nodules/line-ranges.ts";
import type { CaseInput } from "../cases/case-input.ts";
import type { CaseResult } from "../prep-options.ts";
import { type AnnotationFile, type NoduleOptions, openAnnotations } from "./annotations.ts";
import { caseKeys } from "./case-keys.ts";

/** What became of a run's annotations. */
export interface AnnotationReport {
  /** Form of the annotations. */
  readonly kind: string;
  /** Number of series or cases that they have something about. */
  readonly keys: number;
  /** Number of those that a finished case of the run has used. */
  readonly used: number;
  /**
   * What no finished case has used: each file, how many keys, and their lines. A file is named by its place in the order of
   * names, `file 3 of 12`, or `the annotations` where there is one, unless names are kept: it may be called after a patient.
   */
  readonly unused: readonly { readonly file: string; readonly keys: number; readonly lines: string }[];
}

/** Options of {@link AnnotationTally}. */
interface TallyOptions extends NoduleOptions {
  /** Names files by their own names. Default false. */
  readonly keepFileNames?: boolean;
}

/** Watches which annotations the cases of a run use. */
export class AnnotationTally {
  private readonly used = new Set<string>();

  private constructor(private readonly options: TallyOptions) {}

  /** @param options - as for {@link openAnnotations} */
  static of(options: TallyOptions): AnnotationTally {
    return new AnnotationTally({ ...options, nodules: resolve(options.nodules) });
  }

  /**
   * Notes what a case has used.
   *
   * @param input - what the case reads
   */
  async take(input: CaseInput, result: CaseResult): Promise<void> {
    if (result.status === "failed") return;
    const annotations = await openAnnotations(this.options);
    const keys = caseKeys(input, result.case, result.manifest.given?.series);
    for (const { match } of annotations.find(keys)) this.used.add(match.key);
  }

  /** What came of all of it. */
  async report(): Promise<AnnotationReport> {
    const { kind, files } = await openAnnotations(this.options);
    if (kind === "phantom") return this.reportPhantoms(files);
    const all = new Set(files.flatMap(({ keys }) => keys));
    const unused = files.flatMap(({ keys, source }, i) => {
      const left = keys.filter((key) => !this.used.has(key));
      if (left.length === 0) return [];
      const lines = kind === "lidc-xml" ? "all" : lineRanges(left.flatMap((key) => source().linesOf(key)));
      return [{ file: this.nameOf(files, i), keys: left.length, lines }];
    });
    return { kind, keys: all.size, used: this.used.size, unused };
  }

  /** A phantom is found by its series or by the name of its file: one of its keys is enough. */
  private reportPhantoms(files: readonly AnnotationFile[]): AnnotationReport {
    const unused = files.flatMap(({ keys }, i) => (keys.some((key) => this.used.has(key)) ? [] : [i]));
    return {
      kind: "phantom",
      keys: files.length,
      used: files.length - unused.length,
      unused: unused.map((i) => ({ file: this.nameOf(files, i), keys: 1, lines: "all" })),
    };
  }

  private nameOf(files: readonly AnnotationFile[], i: number): string {
    if (this.options.keepFileNames) return files[i]!.file;
    return files.length === 1 ? "the annotations" : `file ${i + 1} of ${files.length}`;
  }
}
