import { invalidOption } from "../errors.ts";

/** A case, and whose it is. */
export interface PatientCase {
  readonly case: string;
  /** Cases with the same one stay together. */
  readonly patient: string;
}

/** One fold: what is trained on, and what is held back. */
export interface Fold {
  readonly train: readonly string[];
  readonly val: readonly string[];
}

/**
 * Divides cases into folds of nearly equal size so that no patient is in two of them. The same cases
 * and the same order give the same folds.
 *
 * @param cases - in any order
 * @param count - number of folds, at least 2 and at most the number of patients
 * @param orderOf - a text for each patient that orders them as if at random, such as a hash with a seed
 * @throws PleuraError `invalid-option`
 */
export function makeFolds(cases: readonly PatientCase[], count: number, orderOf: (patient: string) => string): Fold[] {
  const byPatient = new Map<string, string[]>();
  for (const one of cases) byPatient.set(one.patient, [...(byPatient.get(one.patient) ?? []), one.case]);
  if (!(Number.isInteger(count) && count >= 2 && count <= byPatient.size)) {
    throw invalidOption("folds", `an integer from 2 to the number of patients, ${byPatient.size}`, count);
  }
  const patients = [...byPatient].map(([patient, own]) => ({ own, order: orderOf(patient) }));
  // Patients with many scans first: what comes last can still even out the folds.
  patients.sort((a, b) => b.own.length - a.own.length || (a.order < b.order ? -1 : 1));
  const parts = Array.from({ length: count }, (): string[] => []);
  for (const { own } of patients) {
    const smallest = parts.reduce((least, part) => (part.length < least.length ? part : least));
    smallest.push(...own);
  }
  const all = cases.map((one) => one.case).sort();
  return parts.map((part) => {
    const held = new Set(part);
    return { train: all.filter((name) => !held.has(name)), val: all.filter((name) => held.has(name)) };
  });
}
