import { relative, sep } from "node:path";
import { type Party, severalPatients, severalStudies } from "../../dicom/check-study.ts";
import type { PleuraError } from "../../errors.ts";
import { plainError } from "../failure.ts";
import { type CaseFolder, uidKey } from "./case-input.ts";
import { distinct, type ImageGroup } from "./image-group.ts";
import type { Sighting } from "./survey.ts";

/**
 * Refuses a case whose images, as far as headers were looked at, belong to several patients, or to several
 * studies that could each be the scan.
 *
 * @param series - series that is asked for: only its images count, and none when no header that was looked at is of it
 */
export function refuseMixed(one: CaseFolder, sightings: readonly Sighting[], series?: string | number): CaseFolder {
  if (one.refused !== undefined) return one;
  const error = mixed(one, series === undefined ? sightings : sightings.filter(({ group }) => isAsked(group, series)));
  return error === undefined ? one : { ...one, refused: plainError(error) };
}

/** Whether images are of the series that is asked for, by UID or number. */
export function isAsked({ series, number }: ImageGroup, wanted: string | number): boolean {
  return series === uidKey(String(wanted)) || (number !== undefined && String(number) === String(wanted));
}

function mixed(one: CaseFolder, sightings: readonly Sighting[]): PleuraError | undefined {
  const groups = sightings.map(({ group }) => group);
  const patients = distinct(groups, "patient");
  if (patients.length > 1) return severalPatients(parties(one, sightings, "patient", patients));
  const slices = sightings.filter(({ group }) => group.slices > 0);
  const studies = distinct(
    slices.map(({ group }) => group),
    "study",
  );
  return studies.length > 1 ? severalStudies(parties(one, slices, "study", studies)) : undefined;
}

function parties(
  { folder }: CaseFolder,
  sightings: readonly Sighting[],
  field: "patient" | "study",
  keys: readonly string[],
): Party[] {
  return keys.map((key) => {
    const own = sightings.filter(({ group }) => group[field] === key);
    return { folders: [...new Set(own.map(({ path }) => relative(folder, path).split(sep).join("/") || "."))] };
  });
}
