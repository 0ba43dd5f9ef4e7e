import { createHash } from "node:crypto";
import { type Fold, makeFolds, type PatientCase } from "../case/splits.ts";
import { firstPatientId } from "../dicom/patient-id.ts";
import { invalidOption, PleuraError } from "../errors.ts";
import { listCase } from "./cases/list-case.ts";
import { casesOf } from "./cases/plan-cases.ts";
import { finishedCases } from "./check-labels.ts";
import { readNameList } from "./given/name-list.ts";
import { inflateAside } from "./inflate-aside.ts";
import { inputSource } from "./input-source.ts";
import { selecting } from "./read-series.ts";

/** Options of {@link makeSplits}. */
export interface SplitOptions {
  /** Number of folds. Default 5. */
  readonly folds?: number;
  /** Integer; another one gives other folds. Default 1. */
  readonly seed?: number;
  /** The inputs that were given to prep: their headers tell which cases are of one patient. */
  readonly inputs?: readonly string[];
  /** A list `case,patient` that tells it instead. */
  readonly patients?: string;
}

/** Folds of the finished cases of an output folder. */
export interface Splits {
  /** Version of the form. */
  readonly format: "pleura splits 1";
  readonly seed: number;
  /** What told the patients: the list, headers, or nothing, each case being a patient of its own. */
  readonly patientsFrom: "list" | "headers" | "none";
  readonly cases: number;
  readonly patients: number;
  readonly folds: readonly Fold[];
}

/**
 * Divides the finished cases of an output folder into folds, patient by patient. The same cases,
 * patients and seed give the same folds, in whatever order they were made.
 *
 * Nothing of the patients is kept but which cases belong together.
 *
 * @param out - output folder of `prepAll`
 * @throws PleuraError `invalid-option` when there are fewer patients than folds; `not-found` when a case
 * is not in the list or not among the inputs
 */
export async function makeSplits(out: string, options: SplitOptions = {}): Promise<Splits> {
  const { folds = 5, seed = 1, inputs = [], patients } = options;
  if (!Number.isSafeInteger(seed)) throw invalidOption("seed", "an integer", seed);
  const names: string[] = [];
  for await (const manifest of finishedCases(out)) names.push(manifest.case);
  if (names.length === 0) {
    throw new PleuraError("not-found", "There is no finished case here", { stage: "options", file: out });
  }
  const cases = await withPatients(names, out, inputs, patients);
  // The patient's own key decides the order: what else is in the folder does not.
  const orderOf = (patient: string) => createHash("sha256").update(`${seed}:${patient}`).digest("hex");
  return {
    format: "pleura splits 1",
    seed,
    patientsFrom: patients !== undefined ? "list" : inputs.length > 0 ? "headers" : "none",
    cases: cases.length,
    patients: new Set(cases.map((one) => one.patient)).size,
    folds: makeFolds(cases, folds, orderOf),
  };
}

async function withPatients(
  names: readonly string[],
  out: string,
  inputs: readonly string[],
  list: string | undefined,
): Promise<PatientCase[]> {
  if (list !== undefined) {
    const { seriesOf: patientOf } = await readNameList(list);
    return names.map((name) => ({ case: name, patient: patientOf(name) ?? missing(name, list) }));
  }
  if (inputs.length === 0) return names.map((name) => ({ case: name, patient: name }));
  const found = new Map((await casesOf(inputs, { out })).map((one) => [one.name, one]));
  const cases: PatientCase[] = [];
  for (const name of names) {
    const one = found.get(name) ?? missing(name, inputs.join(", "));
    const sources = (await listCase(one, out)).map(inputSource);
    const { select } = selecting(one.only);
    cases.push({ case: name, patient: (await firstPatientId(sources, inflateAside, select)) ?? `case ${name}` });
  }
  return cases;
}

function missing(name: string, where: string): never {
  throw new PleuraError("not-found", "It is not known whose a finished case is", {
    stage: "options",
    file: where,
    measured: `case ${name}`,
    hint: "Give all inputs of prep, or a list case,patient with --patients",
  });
}
