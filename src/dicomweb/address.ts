import { PleuraError } from "../errors.ts";
import { isUid } from "./uid.ts";

/** A study or a series in an archive that speaks DICOMweb. */
export interface ArchiveResource {
  /** Address of the service: `https://host/dicom-web`, without a slash at the end. */
  readonly service: string;
  /** Study Instance UID. */
  readonly study: string;
  /** Series Instance UID; without it all series of the study are meant. */
  readonly series?: string;
}

/** A question to an archive: which studies, or which series, there are (QIDO-RS, DICOM PS3.18, 10.6). */
export interface ArchiveQuery {
  readonly service: string;
  readonly level: "studies" | "series";
  /** The study whose series are asked for. */
  readonly study?: string;
  /** What is asked, as it stands behind the `?`; empty for all series of a study. */
  readonly query: string;
}

/** What an input that is a web address asks for. */
export type ArchiveAddress = ArchiveResource | ArchiveQuery;

const FORMS = "https://host/dicom-web/studies/<uid>[/series/<uid>], or a query: …/studies?… or …/series?…";
/** Longer addresses are not believed. */
const LONGEST = 4096;

/** Whether an input is a web address, and no path. */
export function isWebAddress(input: string): boolean {
  return /^https?:\/\//i.test(input);
}

/**
 * Takes the address of a study, a series or a query apart.
 *
 * @throws PleuraError `invalid-option` for any other address, and for one that holds a password
 */
export function parseAddress(text: string): ArchiveAddress {
  if (!isWebAddress(text) || text.length > LONGEST) throw refused("This is not the address of an archive");
  const url = parseUrl(text);
  if (url.hash !== "") throw refused("The address of an archive has no part behind a #");
  const path = /^(.*?)\/(?:(studies)(?:\/([^/]+)(?:\/(series)(?:\/([^/]+))?)?)?|(series))\/?$/.exec(url.pathname);
  if (path === null) throw refused("This address names neither a study, nor a series, nor a query");
  const [, base, studies, study, below, series] = path;
  const service = `${url.origin}${base}`;
  for (const uid of [study, series]) {
    if (uid !== undefined && !isUid(uid)) throw refused("A UID in this address is none");
  }
  const query = url.search.slice(1);
  if (study !== undefined && (series !== undefined || below === undefined)) {
    if (query !== "") throw refused("The address of a study or a series has no query");
    return { service, study, ...(series !== undefined && { series }) };
  }
  const level = study === undefined && studies !== undefined ? "studies" : "series";
  if (query === "" && study === undefined) throw refused("This address asks for everything that the archive has");
  return { service, level, ...(study !== undefined && { study }), query };
}

/**
 * Checks the address of a service, as `https://host/dicom-web`.
 *
 * @returns it without a slash at the end
 * @throws PleuraError `invalid-option`
 */
export function parseService(text: string): string {
  if (!isWebAddress(text) || text.length > LONGEST) throw refused("This is not the address of an archive");
  const url = parseUrl(text);
  if (url.hash !== "" || url.search !== "") throw refused("The address of a service has no query");
  return `${url.origin}${url.pathname.replace(/\/+$/, "")}`;
}

/** Whether an address asks for what matches a query. */
export function isQuery(address: ArchiveAddress): address is ArchiveQuery {
  return "query" in address;
}

/** The address of a study or series in one form only, so that it can be compared. */
export function resourceUrl({ service, study, series }: ArchiveResource): string {
  return `${service}/studies/${study}${series === undefined ? "" : `/series/${series}`}`;
}

/** The study or series that a case's address names, `undefined` for anything that is not in the form of {@link resourceUrl}. */
export function resourceOf(text: string): ArchiveResource | undefined {
  if (!isWebAddress(text)) return undefined;
  try {
    const address = parseAddress(text);
    return !isQuery(address) && resourceUrl(address) === text ? address : undefined;
  } catch {
    return undefined;
  }
}

/**
 * An input as it may be shown: the values of a query are left out, for they may name a patient, and so is all of an
 * address that cannot be read.
 */
export function shownInput(input: string): string {
  if (!isWebAddress(input)) return input;
  const [head = ""] = input.split(/[?#]/);
  const place = head.replace(/^(https?:\/\/)[^/]*@/i, "$1");
  return head.length < input.length ? `${place}?…` : place;
}

/** Attributes that name a patient or an examination of one: those of group 0010, and a few others. */
const PERSONAL_TAG = /^(0010|0032|0038|00080050|00080080|00080081|00080090|00081[0-9a-f]{3}|00200010)/i;
const PERSONAL_KEYWORD =
  /Patient|Physician|Accession|Institution|Person|Performing|Requesting|Admi(t|ss)|Visit|Name|Birth|Address|StudyID|StudyDescription|SeriesDescription/i;

/** Whether a query asks for attributes of a patient: what it says then must not be kept or sent on. */
export function asksForPatient({ query }: ArchiveQuery): boolean {
  for (const [key, value] of new URLSearchParams(query)) {
    // What only names attributes that the answer should hold says nothing of anybody.
    if (key === "includefield" || key === "limit" || key === "offset") continue;
    if (key === "fuzzymatching" && /^(true|false)$/.test(value)) continue;
    const named = key.split(".");
    if (named.some((part) => PERSONAL_TAG.test(part) || PERSONAL_KEYWORD.test(part))) return true;
  }
  return false;
}

function parseUrl(text: string): URL {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw refused("This is not the address of an archive");
  }
  if (url.username !== "" || url.password !== "") {
    throw refused(
      "The address holds a user or a password",
      "Give them by PLEURA_DICOMWEB_USER and PLEURA_DICOMWEB_PASSWORD, or in ~/.netrc: docs/DICOMWEB.md",
    );
  }
  return url;
}

/** The address itself is not repeated: it may hold a password, or name a patient. */
function refused(what: string, hint = `Give an address as ${FORMS}`): PleuraError {
  return new PleuraError("invalid-option", what, { stage: "options", hint });
}
