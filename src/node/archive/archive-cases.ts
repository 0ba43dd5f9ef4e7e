import { type ArchiveResource, isQuery, parseAddress, resourceUrl } from "../../dicomweb/address.ts";
import { canBeCt, parseSeries, parseUids } from "../../dicomweb/query.ts";
import { archiveCaseName, type CaseFolder } from "../cases/case-input.ts";
import type { CaseOptions } from "../cases/case-options.ts";
import { pages, seriesOf } from "./list-archive.ts";

/** What decides which cases there are. */
type Wish = Pick<CaseOptions, "by" | "series" | "allSeries" | "signal" | "stop">;

/**
 * The cases behind the addresses of archives. A study is one case, and a series is one. By series, or with `allSeries`, each
 * series of a study that can hold CT images is a case. A query stands for the studies or series that match it.
 *
 * @param addresses - as `parseAddress` takes them
 * @returns each study or series once, in the order of the addresses and answers
 * @throws PleuraError `invalid-option`, and as `ask` does
 */
export async function archiveCases(addresses: readonly string[], wish: Wish): Promise<CaseFolder[]> {
  const { by, allSeries = false, series } = wish;
  const signals = [wish.signal, wish.stop].filter((one) => one !== undefined);
  const signal = signals.length === 0 ? undefined : AbortSignal.any(signals);
  const found = new Set<string>();
  for (const address of addresses) {
    for (const resource of await resourcesOf(address, signal)) {
      if (resource.series !== undefined || !(allSeries || by === "series")) found.add(resourceUrl(resource));
      else {
        for (const one of await seriesOf(resource, signal)) {
          const isMeant = series === undefined || [one.series, String(one.number)].includes(String(series));
          if (isMeant) found.add(resourceUrl({ ...resource, series: one.series }));
        }
      }
    }
  }
  return Array.from(found, (folder) => ({ name: archiveCaseName(folder), folder }));
}

async function resourcesOf(text: string, signal: AbortSignal | undefined): Promise<ArchiveResource[]> {
  const address = parseAddress(text);
  if (!isQuery(address)) return [address];
  const { service, level, study, query } = address;
  const below = study === undefined ? level : `studies/${study}/series`;
  const results = await pages(`${service}/${below}${query === "" ? "" : `?${query}`}`, signal);
  if (level === "studies") return parseUids(results, "studies").map((uid) => ({ service, study: uid }));
  return parseSeries(results, study)
    .filter(canBeCt)
    .map((one) => ({ service, study: one.study, series: one.series }));
}
