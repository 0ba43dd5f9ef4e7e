import { type ByteSource, memorySource } from "../../byte-source.ts";
import { boundaryOf, MultipartReader } from "../../dicomweb/multipart.ts";
import { PleuraError } from "../../errors.ts";
import type { InputFile } from "../input-files.ts";
import { PartBuffers } from "./part-buffers.ts";
import { ask } from "./request.ts";

/** As they are stored: in whatever transfer syntax. */
const ACCEPT = 'multipart/related; type="application/dicom"; transfer-syntax=*';
/** Instances that are asked for at a time, when they are asked for one by one. */
const AT_ONCE = 4;

/**
 * Fetches the instances of a case into memory (WADO-RS, DICOM PS3.18, 10.4), a series at a time. What a broken answer has brought is
 * kept, and only the rest is asked for again, instance by instance.
 *
 * @param files - from `listArchive`
 * @returns the bytes of each file, as if they had been read from a disk, in the order of the files
 * @throws PleuraError `series-changed` when the archive has other instances by now than it listed; as `ask` does
 */
export async function pullInstances(files: readonly InputFile[], signal?: AbortSignal): Promise<ByteSource[]> {
  const bytes = new Map<string, Uint8Array>();
  for (const series of new Set(files.map((file) => file.series!))) {
    const own = files.filter((file) => file.series === series);
    await pullSeries(series, own, bytes, signal);
    const missing = own.filter(({ path }) => !bytes.has(uidOf(path)));
    await Promise.all(Array.from({ length: AT_ONCE }, (_, i) => pullEach(missing, i, bytes, signal)));
  }
  return files.map(({ path, name }) => memorySource(name, bytes.get(uidOf(path))!));
}

/** Series that were asked for before they were listed, by their addresses. */
const begun = new Map<string, Promise<Map<string, Uint8Array>>>();

/**
 * Asks for a series while its instances are still being listed: archives take a while for either. {@link pullInstances} takes
 * what comes; what fails is asked for again there.
 */
export function beginSeries(series: string, signal?: AbortSignal): void {
  const bytes = new Map<string, Uint8Array>();
  const pulled = take(series, signal, (uid, content) => bytes.set(uid, content)).then(
    () => bytes,
    () => bytes,
  );
  begun.set(series, pulled);
}

/** Asks for a whole series. An answer that breaks off is no failure: what is missing is asked for later. */
async function pullSeries(
  series: string,
  files: readonly InputFile[],
  bytes: Map<string, Uint8Array>,
  signal: AbortSignal | undefined,
): Promise<void> {
  const listed = new Set(files.map(({ path }) => uidOf(path)));
  let more = 0;
  const early = await begun.get(series);
  begun.delete(series);
  if (early !== undefined && early.size > 0) {
    for (const [uid, content] of early) {
      if (listed.has(uid)) bytes.set(uid, content);
      else more++;
    }
    if (more > 0) throw changed(files.length, files.length + more);
    return;
  }
  await take(series, signal, (uid, content) => {
    if (listed.has(uid)) bytes.set(uid, content);
    else more++;
  }).catch((error: unknown) => {
    const isBroken =
      error instanceof PleuraError && (error.code === "truncated" || error.code === "archive-unavailable");
    if (!isBroken || bytes.size === 0) throw error;
  });
  if (more > 0) throw changed(files.length, files.length + more);
}

/** Asks for every fourth of some instances, one after the other. */
async function pullEach(
  files: readonly InputFile[],
  first: number,
  bytes: Map<string, Uint8Array>,
  signal: AbortSignal | undefined,
): Promise<void> {
  for (let i = first; i < files.length; i += AT_ONCE) {
    const uid = uidOf(files[i]!.path);
    await take(String(files[i]!.path), signal, (found, content) => {
      if (found === uid) bytes.set(uid, content);
    }).catch((error: unknown) => {
      // The list named it a moment ago.
      if (error instanceof PleuraError && error.code === "not-found") throw changed(files.length, files.length - 1);
      throw error;
    });
    if (!bytes.has(uid)) throw changed(files.length, files.length - 1);
  }
}

/** Takes the instances of one answer, each by its SOP Instance UID. */
function take(
  address: string,
  signal: AbortSignal | undefined,
  onInstance: (uid: string, bytes: Uint8Array) => void,
): Promise<void> {
  return ask(address, { accept: ACCEPT, signal }, async ({ contentType, pieces }) => {
    const reader = new MultipartReader(boundaryOf(contentType), new PartBuffers(onInstance));
    for await (const piece of pieces) reader.push(piece);
    reader.end();
  });
}

function uidOf(path: InputFile["path"]): string {
  return String(path).slice(String(path).lastIndexOf("/") + 1);
}

function changed(listed: number, now: number): PleuraError {
  return new PleuraError("series-changed", "The series has changed in the archive while it was read", {
    stage: "read",
    measured: `${now} instances`,
    limit: `${listed} instances, as listed before`,
    hint: "Run the same command again when the series is complete",
  });
}
