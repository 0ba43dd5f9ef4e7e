import { readdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { CaseManifest } from "../case/manifest.ts";
import { outputNames } from "../case/outputs.ts";
import { PleuraError } from "../errors.ts";
import { decodeNpy } from "../formats/npy.ts";
import type { NodulesFile } from "../nodules/case-nodules.ts";
import { type CheckedCase, checkLabels } from "../nodules/check-labels.ts";
import { PAD_VALUE } from "../prepare/mask-image.ts";
import type { Volume } from "../volume/volume.ts";
import { readManifest } from "./manifest.ts";

/** What there is to say about the labels of one case. */
export type LabelCheck =
  | ({ readonly case: string; readonly status: "checked" } & CheckedCase)
  /** Done without annotations. */
  | { readonly case: string; readonly status: "no-annotations" }
  /** Its files are missing or cannot be read. */
  | { readonly case: string; readonly status: "unreadable"; readonly why: string };

/** The finished cases of an output folder, by name, one manifest at a time. */
export async function* finishedCases(out: string): AsyncGenerator<CaseManifest> {
  const folder = resolve(out);
  const files = await readdir(folder).catch((cause) => {
    throw new PleuraError("not-found", "There is no such output folder", { stage: "options", file: out, cause });
  });
  for (const file of files.sort()) {
    if (!file.endsWith(".json")) continue;
    const manifest = await readManifest(folder, file.slice(0, -".json".length));
    if (manifest !== undefined) yield manifest;
  }
}

/**
 * Checks the labels of every finished case: whether `label.npy` is what `<case>_nodules.json` says, and
 * whether clean shows the nodules.
 *
 * @param out - output folder of `prepAll`
 * @param onClean - given the clean of each case that is checked, for pictures
 * @throws PleuraError `not-found`
 */
export async function* checkOutputs(
  out: string,
  onClean?: (check: Extract<LabelCheck, { status: "checked" }>, clean: Volume<Uint8Array>) => Promise<void>,
): AsyncGenerator<LabelCheck> {
  for await (const manifest of finishedCases(out)) {
    const name = manifest.case;
    if (manifest.given?.nodules === undefined) {
      yield { case: name, status: "no-annotations" };
      continue;
    }
    const names = outputNames(name);
    const read = (file: string) => readFile(join(out, file));
    let check: Extract<LabelCheck, { status: "checked" }>;
    try {
      const file = JSON.parse(await readFile(join(out, names.nodules), "utf8")) as NodulesFile;
      const clean = decodeNpy(await read(names.clean));
      const { shape, resampled, affine } = manifest.geometry;
      const pad = manifest.parameters.prepare.padValue ?? PAD_VALUE;
      check = {
        case: name,
        status: "checked",
        ...checkLabels(file, decodeNpy(await read(names.label)), clean, resampled.spacing, pad),
      };
      await onClean?.(check, { voxels: clean.data as Uint8Array, shape, spacing: resampled.spacing, affine });
    } catch (error) {
      if (error instanceof PleuraError && error.code === "write-failed") throw error;
      yield { case: name, status: "unreadable", why: error instanceof Error ? error.message : String(error) };
      continue;
    }
    yield check;
  }
}
