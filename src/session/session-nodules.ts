import { caseNames, KeyIndex, type KeyMatch } from "../case/key-index.ts";
import type { GivenDigests } from "../case/manifest.ts";
import { PleuraError } from "../errors.ts";
import type { AnnotationSource } from "../nodules/annotation.ts";
import type { NoduleFinding, NodulesFile } from "../nodules/case-nodules.ts";
import { LEAST_READERS } from "../nodules/lidc/least-readers.ts";
import { openSource } from "../nodules/open-source.ts";
import { type NoduleCase, placeInCase } from "../nodules/place-case.ts";

/** Nodules of a scan, placed, and what a manifest says of them. */
export interface PlacedNodules {
  readonly file: NodulesFile;
  readonly findings: readonly NoduleFinding[];
}

/** The scan that nodules are for. */
export interface AnnotatedScan {
  /** Name of the case. */
  readonly name: string;
  /** Series Instance UID, empty where there is none. */
  readonly seriesUid: string;
}

/** Annotations of the open scan: what was given for it, and where its nodules lie. */
export class SessionNodules {
  private constructor(
    private readonly scan: AnnotatedScan,
    private readonly source: AnnotationSource,
    private readonly match: KeyMatch | undefined,
    private readonly fileName: string,
    /** As the command line gives them for the same rows; empty where the page may not compute them. */
    readonly given: GivenDigests,
  ) {}

  /** Options by which they were understood, as a manifest has them. */
  readonly parameters = { readers: LEAST_READERS, units: "recognised" } as const;

  /**
   * Opens a file of annotations for a scan.
   *
   * @throws PleuraError `bad-annotation`
   */
  static async open(file: File, scan: AnnotatedScan): Promise<SessionNodules> {
    const source = await openSource(await file.text(), file.name);
    const { name, seriesUid } = scan;
    const keys = { names: caseNames(name, name), ...(seriesUid !== "" && { series: seriesUid }) };
    const match = new KeyIndex(source.keys).find(keys);
    const text = match === undefined ? "" : `${source.kind}\n${source.textOf(match.key)}\n`;
    const [series, nodules] = await Promise.all([sha256(seriesUid), sha256(text)]);
    const hasSeries = seriesUid !== "" && series !== "";
    return new SessionNodules(scan, source, match, file.name, {
      ...(hasSeries && { series: series.slice(0, 16) }),
      nodules,
    });
  }

  /**
   * Places the nodules.
   *
   * @throws PleuraError `not-found` when there is nothing about the scan, `bad-annotation`
   */
  place(one: NoduleCase): PlacedNodules {
    const { source, match, fileName, scan } = this;
    if (match === undefined) {
      throw new PleuraError("not-found", "The annotations have nothing about this scan", {
        stage: "nodules",
        file: fileName,
        measured: `${source.keys.length} series or cases, none of them this scan's`,
        quote: scan.name,
      });
    }
    const { findings, ...nodules } = placeInCase(source.annotationsOf(match.key, one.stored), one, fileName);
    return { file: { case: scan.name, kind: source.kind, matchedBy: match.by, ...nodules }, findings };
  }
}

async function sha256(text: string): Promise<string> {
  // Browsers offer hashes only to pages that came over a safe way.
  if (globalThis.crypto?.subtle === undefined) return "";
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
