import { resolve } from "node:path";
import { isWebAddress } from "../../dicomweb/address.ts";
import { invalidOption } from "../../errors.ts";
import { inShard } from "../shard.ts";
import type { CaseFolder } from "./case-input.ts";
import type { CaseOptions } from "./case-options.ts";
import { refuseReports, refuseSameNames } from "./collisions.ts";
import { type FoundCase, folderCases, lazyIndex } from "./find-cases.ts";
import { lookInto } from "./folder-contents.ts";

/** Whether a case alone may hold much: its own turn reads all headers, and a whole archive has many. */
async function isDeep(found: FoundCase | undefined): Promise<boolean> {
  if (found === undefined || found.one.parts !== undefined || found.one.refused !== undefined) return false;
  const here = await lookInto(found.one.folder).catch(() => undefined);
  return here !== undefined && here.folders.length > 0;
}

/** What of a run's wish for a series is left to the reading of each case: nothing where the cases are series. */
export function seriesToRead({ by, series }: Pick<CaseOptions, "by" | "series">): Pick<CaseOptions, "series"> {
  return series === undefined || by === "series" ? {} : { series };
}

/**
 * The cases of a run, before it begins.
 *
 * A case is a CT series of a study of a patient. By `folder`, cases are found as `findCases` describes; unless there is only
 * one, without sub-folders, few headers of each are looked at, and what would be mixed, or torn apart, is refused: such a
 * case has `refused`, takes its turn as the others and fails by it. By `study` or `series`, all headers are read.
 *
 * Studies and series of archives come last, see `archiveCases`; their images are looked at when it is their turn.
 *
 * @throws PleuraError `not-found` or `invalid-option` for unusable inputs, `aborted` after a signal
 */
export async function casesOf(inputs: readonly string[], options: CaseOptions): Promise<CaseFolder[]> {
  const { by = "folder", series, allSeries = false, names, shard, files, dryRun = false, onNote = () => {} } = options;
  if (allSeries && series !== undefined) throw invalidOption("series", "no series together with allSeries", series);
  const out = options.out === undefined ? undefined : resolve(options.out);
  const began = performance.now();
  const indexOf = lazyIndex(
    out,
    [options.stop, options.signal].filter((signal) => signal !== undefined),
  );
  const addresses = inputs.filter(isWebAddress);
  const paths = inputs.filter((input) => !isWebAddress(input)).map((input) => resolve(input));
  const ofArchives =
    addresses.length === 0 ? [] : await (await import("../archive/archive-cases.ts")).archiveCases(addresses, options);
  const found = by === "folder" ? await folderCases(paths, { indexOf, note: onNote, ...(out && { out }) }) : undefined;
  let cases: readonly CaseFolder[] = found?.map(({ one }) => one) ?? [];
  // What a run does not need is not loaded: a case takes a second, and loading all a tenth of it.
  const isToCheck = found === undefined || found.length > 1 || allSeries || (await isDeep(found[0]));
  if (paths.length > 0 && isToCheck) {
    const [{ checkedCases }, index] = await Promise.all([import("./checked-cases.ts"), indexOf()]);
    cases = await checkedCases(paths, found, index, { ...options, ...(out && { out }), note: onNote });
    if (!dryRun) await index.save();
    options.onLook?.({ ...index.cost, milliseconds: performance.now() - began });
  }
  cases = [...cases, ...ofArchives];
  if (names !== undefined) cases = await (await import("./name-list.ts")).nameCases(cases, names, onNote);
  refuseSameNames(cases);
  if (files !== undefined) await refuseReports(cases, out ?? ".", files);
  return shard === undefined ? [...cases] : cases.filter(({ name }) => inShard(name, shard));
}
