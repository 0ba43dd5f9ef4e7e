import { PleuraError } from "../errors.ts";
import { isWanted } from "./choose-stack.ts";
import { identityOf } from "./identity.ts";
import type { Instance } from "./instance.ts";

/** Images that agree in what must not differ within a scan, and where they lie. */
export interface Party {
  /** Number of CT images, where it is known. */
  readonly images?: number;
  /** Folders that hold them. */
  readonly folders: readonly string[];
}

/** Folders that a message names. */
const NAMED = 4;

/**
 * Refuses images of several patients, and of several studies that could each be the scan: which of
 * them is meant is not for the reader to guess. Images without a Patient ID or a study agree with any; reformats
 * and localizers in a study of their own are no second scan.
 *
 * @param instances - CT images
 * @param wanted - series that was asked for: only its images are looked at
 * @throws PleuraError `several-patients`, `several-studies`
 */
export function refuseSeveral(instances: readonly Instance[], wanted?: string | number): void {
  const asked = wanted === undefined ? instances : instances.filter((one) => isWanted(one, String(wanted)));
  const patients = partiesBy(asked, ({ patientId }) => patientId);
  if (patients.length > 1) throw severalPatients(patients);
  const studies = partiesBy(
    asked.filter((instance) => identityOf(instance).scan),
    ({ studyUid }) => studyUid,
  );
  if (studies.length > 1) throw severalStudies(studies);
}

/** The error for images of more than one patient. */
export function severalPatients(parties: readonly Party[]): PleuraError {
  return new PleuraError("several-patients", "The images belong to several patients", {
    stage: "read",
    measured: counted(parties, "patients"),
    limit: "one patient",
    folders: foldersOf(parties),
    hint: "Give each patient's own folder, make a case of each study with --by study, or name one series by its UID with --series",
  });
}

/** The error for a case that could be one of several scans. */
export function severalStudies(parties: readonly Party[]): PleuraError {
  return new PleuraError("several-studies", "The images belong to several studies", {
    stage: "read",
    measured: counted(parties, "studies"),
    limit: "one study with axial CT images",
    folders: foldersOf(parties),
    hint: "Give each study's own folder, make a case of each with --by study, or name one series by its UID with --series",
  });
}

function partiesBy(instances: readonly Instance[], keyOf: (instance: Instance) => string | undefined): Party[] {
  const parties = new Map<string, { images: number; folders: Set<string> }>();
  for (const instance of instances) {
    const key = keyOf(instance);
    if (key === undefined) continue;
    const party = parties.get(key) ?? { images: 0, folders: new Set() };
    parties.set(key, party);
    party.images++;
    party.folders.add(folderOf(instance.source.name));
  }
  return Array.from(parties.values(), ({ images, folders }) => ({ images, folders: [...folders] }));
}

function counted(parties: readonly Party[], what: string): string {
  const images = parties.map((party) => party.images);
  const known = images.every((count) => count !== undefined);
  return `${parties.length} ${what}${known ? ` with ${listed(images.map(String))} CT images` : ""}`;
}

function listed(texts: readonly string[]): string {
  const some = texts.slice(0, NAMED);
  return texts.length > NAMED ? `${some.join(", ")}, …` : some.join(", ");
}

/** A folder of each party, then others. */
function foldersOf(parties: readonly Party[]): string[] {
  const firsts = parties.flatMap(({ folders }) => folders.slice(0, 1));
  return [...new Set([...firsts, ...parties.flatMap(({ folders }) => folders)])].slice(0, NAMED);
}

/** The folder of a file's name, `.` for the input itself. */
export function folderOf(name: string): string {
  return name.includes("/") ? name.slice(0, name.lastIndexOf("/")) : ".";
}
