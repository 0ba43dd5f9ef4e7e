import { isAbsolute, resolve } from "node:path";
import { MESH_FORMATS } from "../case/outputs.ts";
import { PROFILES, type ProfileName } from "../case/profile.ts";
import { isCaseName } from "../case/safe-name.ts";
import { PleuraError } from "../errors.ts";
import { parseRecipe } from "../model/recipe.ts";
import { checkParameters } from "../pipeline/check-parameters.ts";
import type { CaseJob } from "./case-job.ts";

/** What a field of a job has to be. */
interface Field {
  /** For messages. */
  readonly expected: string;
  readonly optional?: true;
  readonly accepts: (value: unknown) => boolean;
}

/** One entry for each field of a type: a field that is added to the type is missing here until it is checked. */
type Fields<T> = { readonly [Key in keyof Required<T>]: Field };

/** Systems have 4096 or less. */
const LONGEST_PATH = 4096;
/** A UID has 64 characters. */
const LONGEST_SERIES = 64;
/** Characters of a sentence. */
const LONGEST_TEXT = 4096;
/** Labels of a lung in a mask. */
const MOST_LABELS = 1000;
/** Folders of a case. */
const MOST_PARTS = 100_000;

const PATH: Field = {
  expected: "an absolute path in its shortest form",
  accepts: (value) =>
    typeof value === "string" &&
    value.length <= LONGEST_PATH &&
    !value.includes("\0") &&
    isAbsolute(value) &&
    resolve(value) === value,
};
const FLAG: Field = { expected: "true or false", optional: true, accepts: (value) => typeof value === "boolean" };

const OPTIONS: Fields<CaseJob["options"]> = {
  out: PATH,
  name: { expected: "the name of a case", accepts: isCaseName },
  profile: {
    expected: Object.keys(PROFILES).join(" or "),
    optional: true,
    accepts: (value) => typeof value === "string" && Object.hasOwn(PROFILES, value),
  },
  params: {
    expected: "options of the stages, within their limits",
    optional: true,
    accepts: areParameters,
  },
  series: {
    expected: "a series number or UID",
    optional: true,
    accepts: (value) =>
      typeof value === "string" ? value.length <= LONGEST_SERIES && /^[\d.-]+$/.test(value) : Number.isFinite(value),
  },
  fillGaps: FLAG,
  allowDamaged: FLAG,
  stages: FLAG,
  preview: FLAG,
  seg: FLAG,
  rtstruct: FLAG,
  density: FLAG,
  minQuality: {
    expected: "good or doubtful",
    optional: true,
    accepts: (value) => value === "good" || value === "doubtful",
  },
  mesh: {
    expected: MESH_FORMATS.join(" or "),
    optional: true,
    accepts: (value) => (MESH_FORMATS as readonly unknown[]).includes(value),
  },
  verify: FLAG,
  force: FLAG,
  keepFileNames: FLAG,
  lungs: { ...PATH, optional: true },
  lungLabels: {
    expected: "labels of the right and the left lung, or of both",
    optional: true,
    accepts: (value) => {
      if (!isRecord(value)) return false;
      const sides = Object.keys(value).sort().join();
      return (sides === "left,right" || sides === "both") && Object.values(value).every(isLabelList);
    },
  },
  model: { ...PATH, optional: true },
  modelRecipe: { expected: "the recipe of a model", optional: true, accepts: isRecipe },
  modelThreads: {
    expected: "a positive whole number",
    optional: true,
    accepts: (value) => Number.isSafeInteger(value) && (value as number) > 0,
  },
  nodules: { ...PATH, optional: true },
  readers: {
    expected: "a positive whole number",
    optional: true,
    accepts: (value) => Number.isSafeInteger(value) && (value as number) > 0,
  },
  noduleUnits: { expected: "mm or voxels", optional: true, accepts: (value) => value === "mm" || value === "voxels" },
};

const SELECTOR: Field = {
  expected: "study or series, and the digits that stand for its UID",
  optional: true,
  accepts: (value) =>
    isRecord(value) &&
    Object.keys(value).every((key) => key === "by" || key === "key") &&
    (value["by"] === "study" || value["by"] === "series") &&
    typeof value["key"] === "string" &&
    /^[0-9a-f]{24}$/.test(value["key"]),
};

const CASE: Field = { expected: "the name of a case", optional: true, accepts: isCaseName };

const REFUSAL: Field = {
  expected: "code, stage and words of an error",
  optional: true,
  accepts: (value) =>
    isRecord(value) &&
    ["code", "stage", "what"].every((key) => typeof value[key] === "string") &&
    Object.entries(value).every(
      ([key, text]) =>
        ["code", "stage", "what", "measured", "limit", "hint"].includes(key) &&
        typeof text === "string" &&
        text.length <= LONGEST_TEXT,
    ),
};

const JOB: Fields<CaseJob> = {
  folder: PATH,
  parts: {
    expected: "absolute paths in their shortest form",
    optional: true,
    accepts: (value) => Array.isArray(value) && value.length <= MOST_PARTS && value.every(PATH.accepts),
  },
  only: SELECTOR,
  refused: REFUSAL,
  copyOf: CASE,
  partOf: CASE,
  claims: FLAG,
  options: { expected: "the options of a case", accepts: isRecord },
  forgiven: {
    expected: "a whole number",
    optional: true,
    accepts: (value) => Number.isSafeInteger(value) && (value as number) >= 0,
  },
};

/**
 * Takes a job out of what Redis holds. Nothing of a job is used before: whoever can write to Redis can
 * write anything.
 *
 * Docs: docs/QUEUE.md, "What a job may do".
 *
 * @param data - as it was parsed from JSON
 * @returns a job of the known fields only
 * @throws PleuraError `invalid-job`, which does not repeat the values
 */
export function parseJob(data: unknown): CaseJob {
  const job = parseRecord(data, JOB, "") as { options: unknown };
  return { ...job, options: parseRecord(job.options, OPTIONS, "options.") } as unknown as CaseJob;
}

/** {@link parseJob}, or `undefined` for what is no job. */
export function tryParseJob(data: unknown): CaseJob | undefined {
  try {
    return parseJob(data);
  } catch {
    return undefined;
  }
}

/** The error for what Redis holds in place of a job and that cannot even be read. */
export function brokenRecord(): PleuraError {
  return invalidJob("a record that cannot be read", "a job as pleura queue add makes it");
}

function parseRecord(value: unknown, fields: Readonly<Record<string, Field>>, prefix: string): object {
  if (!isRecord(value)) throw invalidJob("a job that is no object", "folder and options of a case");
  const unknown = Object.keys(value).find((key) => !Object.hasOwn(fields, key));
  if (unknown !== undefined) {
    throw invalidJob(
      `an unknown field in ${prefix === "" ? "the job" : "its options"}`,
      Object.keys(fields).join(", "),
    );
  }
  const parsed: Record<string, unknown> = {};
  for (const [key, { expected, optional, accepts }] of Object.entries(fields)) {
    const found = Object.hasOwn(value, key) ? value[key] : undefined;
    if (found === undefined && optional) continue;
    if (!accepts(found)) throw invalidJob(`${prefix}${key} is something else`, expected);
    parsed[key] = found;
  }
  return parsed;
}

/** Whether a value is options of the stages of some profile; `prepCase` checks it for the job's own. */
function areParameters(value: unknown): boolean {
  return (Object.keys(PROFILES) as ProfileName[]).some((profile) => {
    try {
      checkParameters(value, profile);
      return true;
    } catch {
      return false;
    }
  });
}

function isRecipe(value: unknown): boolean {
  try {
    parseRecipe(value);
    return true;
  } catch {
    return false;
  }
}

/** Numbers that an int16 mask may hold, but for 0, which is the background. */
function isLabelList(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.length <= MOST_LABELS &&
    value.every((label) => Number.isInteger(label) && label >= 1 && label <= 32767)
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function invalidJob(measured: string, limit: string): PleuraError {
  return new PleuraError("invalid-job", "This is not the job of a case", {
    stage: "queue",
    measured,
    limit,
    hint: "Add the case again with the version that the workers have; pleura queue drain --failed takes this job out",
  });
}
