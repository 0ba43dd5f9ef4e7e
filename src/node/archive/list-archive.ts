import { type ArchiveResource, resourceOf, resourceUrl } from "../../dicomweb/address.ts";
import { canBeCt, type ListedSeries, parseDataSets, parseSeries, parseUids } from "../../dicomweb/query.ts";
import { PleuraError } from "../../errors.ts";
import type { InputFile } from "../input-files.ts";
import { ask, textOf } from "./request.ts";

const JSON_TYPE = "application/dicom+json";
/** Results that are asked for at a time: some archives give no more than a hundred on their own account. */
const PAGE = 1000;
/** An archive that ignores `offset` would answer for ever. */
const MOST_PAGES = 1000;

/** Listings of this process by address, for those who name a case's files. */
const known = new Map<string, readonly InputFile[]>();

/** What {@link listArchive} has last given for an address. */
export function lastListing(folder: string): readonly InputFile[] {
  return known.get(folder) ?? [];
}

/**
 * Lists the instances of a study's or series' CT images in an archive, as the files of an input. An instance of a UID never
 * changes (DICOM PS3.3), so the UIDs tell whether the input has changed.
 *
 * @param folder - address in the form of `resourceUrl`
 * @param wanted - Series Instance UID or Series Number, when only one series of a study is wanted
 * @throws PleuraError as `ask` does; `not-found` when there is no such series
 */
export async function listArchive(
  folder: string,
  wanted?: string | number,
  signal?: AbortSignal,
): Promise<InputFile[]> {
  const resource = resourceOf(folder);
  if (resource === undefined) {
    throw new PleuraError("invalid-option", "This is not the address of a study or series", { stage: "read" });
  }
  const series = resource.series === undefined ? await seriesOf(resource, signal) : [{ series: resource.series }];
  const listed = series as readonly Pick<ListedSeries, "series" | "number">[];
  const meant =
    wanted === undefined || resource.series !== undefined
      ? listed
      : listed.filter((one) => one.series === String(wanted) || String(one.number) === String(wanted));
  if (meant.length === 0) {
    throw new PleuraError("not-found", "The archive has no CT images of the series that was asked for", {
      stage: "read",
      file: folder,
      measured: `${listed.length} series that can hold CT images`,
    });
  }
  const files: InputFile[] = [];
  for (const { series: uid } of meant) {
    const address = resourceUrl({ ...resource, series: uid });
    for (const instance of parseUids(await pages(`${address}/instances`, signal), "instances")) {
      const name = meant.length === 1 ? `${instance}.dcm` : `${uid}/${instance}.dcm`;
      files.push({ path: `${address}/instances/${instance}`, name, size: 0, modified: 0, series: address });
    }
  }
  if (files.length === 0) {
    throw new PleuraError("not-found", "The archive does not have this series, or no images of it", {
      stage: "read",
      file: folder,
      measured: "0 instances",
      hint: "Make sure of the UIDs in the address",
    });
  }
  files.sort((a, b) => (a.name < b.name ? -1 : Number(a.name > b.name)));
  known.set(folder, files);
  return files;
}

/** The series of a study that can hold CT images. @throws PleuraError `not-found` when the study has no series */
export async function seriesOf(study: ArchiveResource, signal?: AbortSignal): Promise<ListedSeries[]> {
  const all = parseSeries(
    await pages(`${resourceUrl({ service: study.service, study: study.study })}/series`, signal),
    study.study,
  );
  if (all.length === 0) {
    throw new PleuraError("not-found", "The archive does not have this study", {
      stage: "read",
      file: resourceUrl(study),
    });
  }
  return all.filter(canBeCt);
}

/** The results of a query, page by page. */
export async function pages(address: string, signal?: AbortSignal): Promise<ReturnType<typeof parseDataSets>> {
  const results: ReturnType<typeof parseDataSets> = [];
  const join = address.includes("?") ? "&" : "?";
  // Whoever limits the answer wants no more.
  const isLimited = /[?&](limit|offset)=/.test(address);
  for (let page = 0; page < MOST_PAGES; page++) {
    const asked = isLimited ? address : `${address}${join}limit=${PAGE}&offset=${results.length}`;
    const found = await ask(asked, { accept: JSON_TYPE, signal }, async (answer) =>
      parseDataSets(await textOf(answer)),
    );
    results.push(...found);
    if (isLimited || found.length === 0 || found.length < PAGE) return results;
  }
  throw new PleuraError("bad-response", "The archive's answers have no end", {
    stage: "read",
    measured: `${results.length} results`,
    hint: "Ask for a single study or series",
  });
}
