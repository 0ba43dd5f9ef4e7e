import { zipSources } from "../archives/zip.ts";
import { isZip } from "../archives/zip-directory.ts";
import { blobName, blobSources } from "../browser/blob-sources.ts";
import { inflateNatively } from "../browser/inflate-natively.ts";
import { inspectSeries, readSeries } from "../browser/read-series.ts";
import { type DigestFile, digestText } from "../case/digest-text.ts";
import { labelFiles } from "../case/file-labels.ts";
import { withoutOutputs } from "../case/output-files.ts";
import type { ReadOptions, Scan } from "../dicom/read-scan.ts";
import { PleuraError } from "../errors.ts";
import type { StackChoice } from "./protocol.ts";
import { stackChoices } from "./stack-choices.ts";

/** More bytes of files than this do not fit into one page. */
const MOST_BYTES = 3 * 2 ** 30;
/** Nor does a volume of more bytes, with the masks and the pictures beside it. */
const MOST_VOLUME_BYTES = 2 * 2 ** 30;

/** Steps in which the page is told how much was read. */
const STEPS = 20;

/** A scan with what it was opened from. */
export interface OpenedScan {
  readonly scan: Scan;
  readonly stacks: readonly StackChoice[];
  /** As the command line gives it for the same files; empty where the page may not compute it. */
  readonly digest: string;
  /** What files are called in the manifest, by their names: those that findings name. */
  readonly labels: ReadonlyMap<string, string>;
}

/**
 * Opens the scan among some files, and tells what else could be opened.
 *
 * @param picked - files that may hold the scan; what pleura has written is no input
 * @param options - of the reader
 * @param onShare - told how much of the files has been read, 0 to 1
 * @throws PleuraError `too-large`, and what reading throws
 */
export async function openScan(
  picked: readonly File[],
  options: ReadOptions,
  onShare: (share: number) => void,
): Promise<OpenedScan> {
  const files = withoutOutputs(picked, (file) => blobName(file) ?? "");
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  if (bytes > MOST_BYTES) throw tooLarge(`${(bytes / 2 ** 30).toFixed(2)} GiB of files`, MOST_BYTES);
  let read = 0;
  let told = 0;
  const onRead = (part: number): void => {
    read += part;
    const share = Math.min(1, Math.floor((STEPS * read) / bytes) / STEPS);
    // Whatever is told makes the page draw, and drawing takes time from reading.
    if (share > told) onShare(share);
    told = Math.max(told, share);
  };
  const scan = await readSeries(files, { ...options, maxBytes: MOST_VOLUME_BYTES, onRead }).catch((error) => {
    if (!(error instanceof PleuraError && error.code === "too-large")) throw error;
    throw tooLarge(error.measured ?? "", MOST_VOLUME_BYTES);
  });
  const listed = listOf(files);
  const isChoice = scan.findings.some(({ code }) => code === "left-out");
  const stacks = isChoice ? (await inspectSeries(files)).stacks : [];
  return {
    scan,
    stacks: stackChoices(stacks, scan.seriesUid),
    digest: (await sha256?.(digestText(listed))) ?? "",
    labels: await labelFiles(
      listed,
      scan.findings.flatMap(({ files: named = [] }) => named),
      { ...(sha256 && { sha256 }), entriesOf: (archive) => entriesOf(files, archive) },
    ),
  };
}

/** The error for a scan that a page cannot hold; `limit` in bytes. */
export function tooLarge(measured: string, limit = MOST_VOLUME_BYTES): PleuraError {
  return new PleuraError("too-large", "The scan is too large for a page", {
    stage: "read",
    measured,
    limit: `${limit / 2 ** 30} GiB`,
    hint: "Prepare it with the command line: pleura prep <folder> --out <folder>",
  });
}

function listOf(files: readonly File[]): DigestFile[] {
  const listed = files.map((file, i): DigestFile => {
    return { name: blobName(file) ?? `blob ${i + 1}`, size: file.size, modified: file.lastModified };
  });
  return listed.sort((a, b) => (a.name < b.name ? -1 : Number(a.name > b.name)));
}

async function entriesOf(files: readonly File[], name: string): Promise<string[]> {
  const archive = files.filter((file) => blobName(file) === name && isZip(name));
  const sources = await Promise.all(blobSources(archive).map((source) => zipSources(source, inflateNatively)));
  return sources.flat().map((source) => source.name.slice(name.length + 1));
}

/** Browsers offer hashes only to pages that came over a safe way. */
const sha256 =
  globalThis.crypto?.subtle === undefined
    ? undefined
    : async (text: string): Promise<string> => {
        const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
        return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, "0")).join("");
      };
