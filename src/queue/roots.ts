import { lstatSync, realpathSync } from "node:fs";
import { basename, dirname, join, resolve, sep } from "node:path";
import { PleuraError } from "../errors.ts";
import { BOOKKEEPING } from "../node/case-lock.ts";
import type { CaseJob } from "./case-job.ts";

/** Where a worker's jobs may read and write. */
export interface Roots {
  /** Folders below which jobs may write. */
  readonly out: readonly string[];
  /** Folders below which jobs may read; without it, wherever the worker's user may. */
  readonly inputs?: readonly string[];
}

/**
 * Makes sure that a worker's roots are there, and resolves links in their paths.
 *
 * @throws PleuraError `not-found` for a root that is not there, `invalid-option` when there is none to write to
 */
export function openRoots({ out, inputs }: Roots): Roots {
  if (out.length === 0) {
    throw new PleuraError("invalid-option", "There is no folder below which jobs may write", {
      stage: "options",
      hint: "Name one with --root",
    });
  }
  return { out: out.map(realRoot), ...(inputs && { inputs: inputs.map(realRoot) }) };
}

function realRoot(path: string): string {
  try {
    return realpathSync(path);
  } catch (cause) {
    throw new PleuraError("not-found", "There is no such folder", { stage: "options", file: resolve(path), cause });
  }
}

/**
 * Refuses a job that would write, or read, elsewhere. Links in its paths are followed first.
 *
 * @param job - as `parseJob` gives it
 * @returns the same job; its output folder is the real one
 * @throws PleuraError `outside-root`
 */
export function keepBelow(job: CaseJob, { out: outRoots, inputs }: Roots): CaseJob {
  const out = realTarget(job.options.out);
  const bookkeeping = realTarget(join(job.options.out, BOOKKEEPING));
  if (!isBelow(out, outRoots) || !isBelow(bookkeeping, outRoots)) {
    const what = "The output folder of this job lies outside of where this worker may write";
    throw outside(what, job.options.out, "root", outRoots);
  }
  const given = [job.options.lungs, job.options.model, job.options.nodules].filter((path) => path !== undefined);
  for (const path of [job.folder, ...(job.parts ?? []), ...given]) {
    if (inputs === undefined || isBelow(realTarget(path), inputs)) continue;
    const what = "The input of this job lies outside of where this worker may read";
    throw outside(what, path, "input-root", inputs);
  }
  return { ...job, options: { ...job.options, out: out as string } };
}

/** The path without links, of a file or folder that need not be there yet; `undefined` where nobody can tell, as for a dangling link. */
function realTarget(path: string): string | undefined {
  try {
    if (lstatSync(path, { throwIfNoEntry: false }) !== undefined) return realpathSync(path);
    const parent = dirname(path) === path ? undefined : realTarget(dirname(path));
    return parent === undefined ? undefined : join(parent, basename(path));
  } catch {
    return undefined;
  }
}

function isBelow(path: string | undefined, roots: readonly string[]): boolean {
  return (
    path !== undefined && roots.some((root) => path === root || path.startsWith(root.endsWith(sep) ? root : root + sep))
  );
}

function outside(what: string, measured: string, option: string, roots: readonly string[]): PleuraError {
  return new PleuraError("outside-root", what, {
    stage: "queue",
    measured,
    limit: `below ${roots.join(" or ")}`,
    hint: `Start the worker with --${option} <dir>, or add the case with another folder`,
  });
}
