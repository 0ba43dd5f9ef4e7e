import { createHash } from "node:crypto";
import { isQuery, parseAddress } from "../../dicomweb/address.ts";
import { invalidOption } from "../../errors.ts";
import type { PlainError } from "../failure.ts";

/** One study or series among the images of an input. */
export interface Selector {
  readonly by: "study" | "series";
  /** What stands for its UID, see `uidKey`. */
  readonly key: string;
}

/** What a case reads, as plain data: it goes to worker processes and into queues. */
export interface CaseInput {
  /**
   * Absolute path of a folder, or of one file that holds the scan; of several parts, the folder that they share. Or the
   * address of a study or series in an archive, as `resourceUrl` writes it.
   */
  readonly folder: string;
  /**
   * What is read instead of all that lies in `folder`: absolute paths of files, and of folders, whose own files are
   * read without their sub-folders, archives and image files.
   */
  readonly parts?: readonly string[];
  /** Read the images of one study or series only. */
  readonly only?: Selector;
}

/** What the look at all inputs has found out about one case, for the time when it is its turn. */
export interface CaseKnowledge {
  /** Why the case is refused. */
  readonly refused?: PlainError;
  /** Another case of the run that holds a copy of the scan. */
  readonly copyOf?: string;
  /** Another case of the run that holds all images of the case's series, and more. */
  readonly partOf?: string;
  /** Whether the case has to make sure that no other case reads images of its series. */
  readonly claims?: boolean;
}

/** One case of a run: the name that its outputs carry, and what it reads. */
export interface CaseFolder extends CaseInput, CaseKnowledge {
  /** Safe for file names: letters, digits, `.`, `_` and `-`. */
  readonly name: string;
}

/** Hexadecimal digits of a key; of them a case's name has {@link NAME_DIGITS}. */
const KEY_DIGITS = 24;
const NAME_DIGITS = 12;

/**
 * What stands for a UID, or for a Patient ID, wherever it is kept or sent: the first 24 hexadecimal digits of its
 * SHA-256.
 */
export function uidKey(uid: string): string {
  return createHash("sha256").update(uid).digest("hex").slice(0, KEY_DIGITS);
}

/** The name of a case that is one study or series: `study-`, or `series-`, and 12 digits of the key. */
export function keyName({ by, key }: Selector): string {
  return `${by}-${key.slice(0, NAME_DIGITS)}`;
}

/**
 * The name of the case that is a study or series in an archive, as {@link keyName} gives it for files.
 *
 * @param address - in any form that `parseAddress` takes
 */
export function archiveCaseName(address: string): string {
  const resource = parseAddress(address);
  if (isQuery(resource)) throw invalidOption("input", "the address of a study or series", "a query");
  const { study, series } = resource;
  return keyName(series === undefined ? { by: "study", key: uidKey(study) } : { by: "series", key: uidKey(series) });
}

/** What is read of a path that was given alone. */
export function toInput(input: string | CaseInput): CaseInput {
  return typeof input === "string" ? { folder: input } : input;
}

/** Of a case, what says what it reads. */
export function inputOf({ folder, parts, only }: CaseInput): CaseInput {
  return { folder, ...(parts !== undefined && { parts }), ...(only !== undefined && { only }) };
}

/** Of a case, what the look at all inputs has found out. */
export function knowledgeOf({ refused, copyOf, partOf, claims }: CaseKnowledge): CaseKnowledge {
  return {
    ...(refused !== undefined && { refused }),
    ...(copyOf !== undefined && { copyOf }),
    ...(partOf !== undefined && { partOf }),
    ...(claims !== undefined && { claims }),
  };
}
