import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { isWanted } from "../dicom/choose-stack.ts";
import { identityOf } from "../dicom/identity.ts";
import type { Instance } from "../dicom/instance.ts";
import { BOOKKEEPING, CLAIMS } from "./case-lock.ts";
import { uidKey } from "./cases/case-input.ts";
import { splitSeries } from "./cases/shared-series.ts";
import { createOnce } from "./create-once.ts";
import { readFailureRecord } from "./failure-record.ts";
import { readManifest } from "./manifest.ts";
import { writeFailed } from "./system-error.ts";

/** Says which case has read the images of a series: `.pleura/series/<hash of the UID>.json`. */
interface Claim {
  readonly case: string;
  readonly images: number;
  /** Hash of what tells these images from others. */
  readonly ids: string;
  /** Digest of the case's input. */
  readonly digest: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** Who claims series, and for what. */
export interface Claimant {
  readonly out: string;
  readonly name: string;
  /** Digest of the case's input. */
  readonly digest: string;
  /** Series that is asked for, when not all are read. */
  readonly series?: string | number;
  /** When the run began, milliseconds since 1970. */
  readonly since?: number;
  /** Whether others hold copies, as is known: then nothing is claimed, and only the claims of others count. */
  readonly isCopy?: boolean;
}

/**
 * Makes sure that no two cases of a run read parts of one series each, whatever few headers could show before.
 *
 * @param images - CT images of the case
 * @returns name of a case that holds a copy of these images, if there is one
 * @throws PleuraError `split-series` when another case has read other images of one of the series; `write-failed`
 */
export async function claimSeries(images: readonly Instance[], claimant: Claimant): Promise<string | undefined> {
  const { out, name, digest, series } = claimant;
  const folder = join(out, BOOKKEEPING, CLAIMS);
  let copy: string | undefined;
  for (const [uid, own] of bySeries(images, series)) {
    const claim: Claim = { case: name, images: own.length, ids: idsOf(own), digest, at: Date.now() };
    const path = join(folder, `${uidKey(uid)}.json`);
    const other = await take(path, claim, claimant);
    if (other === undefined) continue;
    if (other.ids !== claim.ids) throw splitSeries([other.case, name], []);
    copy ??= other.case;
  }
  return copy;
}

/** @returns the claim of another case that stands */
async function take(path: string, claim: Claim, { out, since, isCopy }: Claimant): Promise<Claim | undefined> {
  const text = JSON.stringify(claim);
  try {
    if (!isCopy && createOnce(path, text)) return undefined;
    const other = read(path);
    if (other !== undefined && other.case !== claim.case && (await stands(other, out, since))) return other;
    if (isCopy) return undefined;
    rmSync(path, { force: true });
    // Should another case have been faster by now, its claim is found the next time.
    return createOnce(path, text) ? undefined : read(path);
  } catch (cause) {
    throw writeFailed(path, cause);
  }
}

/** Whether a case that has claimed a series still has to do with it: it runs, is done, or has failed with it. */
async function stands(claim: Claim, out: string, since = claim.at): Promise<boolean> {
  if (claim.at >= since || existsSync(join(out, BOOKKEEPING, `${claim.case}.lock`))) return true;
  const manifest = await readManifest(out, claim.case);
  if (manifest !== undefined) return manifest.digest === claim.digest;
  return (await readFailureRecord(out, claim.case))?.wanted.digest === claim.digest;
}

function read(path: string): Claim | undefined {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as Claim;
  } catch {
    return undefined;
  }
}

function bySeries(images: readonly Instance[], series: string | number | undefined): Map<string, Instance[]> {
  const all = new Map<string, Instance[]>();
  for (const image of images) {
    if (image.seriesUid === "" || (series !== undefined && !isWanted(image, String(series)))) continue;
    const own = all.get(image.seriesUid);
    if (own === undefined) all.set(image.seriesUid, [image]);
    else own.push(image);
  }
  return all;
}

function idsOf(images: readonly Instance[]): string {
  const ids = images.map((image) => identityOf(image).id ?? image.source.name).sort();
  return createHash("sha256").update(ids.join("\n")).digest("hex").slice(0, 24);
}
