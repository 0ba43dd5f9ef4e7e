import { counted } from "../counted.ts";
import { type Finding, filesOf } from "./findings.ts";
import type { Instance } from "./instance.ts";
import { folderOf, shapeOf } from "./name-shape.ts";
import { isComplete } from "./pixels.ts";
import { distanceAlong } from "./plane-geometry.ts";
import type { AsideFile, Headers } from "./read-headers.ts";
import { SAME_POSITION, type Stack } from "./stack.ts";

const HINT = "Copy them again from where they came from, or leave them out with --allow-damaged (allowDamaged)";

/**
 * Looks for files that should have had a part in a stack and have none: they cannot be read, are empty, cut
 * short or overwritten, or say something else of themselves than the rest of their series.
 *
 * A file that is not an image, or cannot be read, belongs to the stack when it carries the series' UID, or
 * says nothing of itself and has a name like the stack's own in one of the stack's folders. Files of other
 * series, texts and a DICOMDIR lie beside a stack with names of their own, or with UIDs of their own.
 */
export function damagedFiles(stack: Stack, { instances, aside }: Headers): Finding[] {
  const whole = new Set(stack.instances.filter(isComplete).map(({ sopInstance }) => sopInstance));
  const isCopy = ({ identity }: AsideFile): boolean =>
    identity.sopInstance !== undefined && whole.has(identity.sopInstance);
  const belonging = belongsTo(stack, instances);
  const lost = aside.filter(belonging);
  const copies = lost.filter(isCopy);
  const damaged = lost.filter((file) => !isCopy(file));
  const findings: Finding[] = [];
  if (copies.length > 0) {
    findings.push({
      code: "truncated-file",
      severity: "corrected",
      message: "Files that are damaged were left out: other files hold the same images whole",
      measured: counted(copies.length, "file"),
      files: copies.map(({ file }) => file),
    });
  }
  if (damaged.length > 0) {
    findings.push({
      code: "damaged-files",
      severity: "fatal",
      message: "Files of this series are damaged, or say that they are none of it",
      measured: `${counted(damaged.length, "file")}, the first of them ${reasonOf(damaged[0]!)}`,
      limit: "0 files",
      hint: HINT,
      files: damaged.map(({ file }) => file),
    });
  }
  return findings;
}

/**
 * Takes the images out of a stack whose files are cut short and whose positions no whole file holds.
 *
 * @returns the stack, and a finding when there was such an image
 */
export function withoutCutFiles(stack: Stack): { readonly stack: Stack; readonly findings: readonly Finding[] } {
  const cut = stack.instances.filter((instance) => !isComplete(instance));
  if (cut.length === 0 || cut.length === stack.instances.length) return { stack, findings: [] };
  const whole = stack.instances.filter(isComplete);
  const places = whole.map((instance) => distanceAlong(instance, stack.normal) ?? Number.NaN);
  const lost = cut.filter((instance) => {
    const at = distanceAlong(instance, stack.normal) ?? Number.NaN;
    return !places.some((place) => Math.abs(place - at) <= SAME_POSITION);
  });
  if (lost.length === 0) return { stack, findings: [] };
  const finding: Finding = {
    code: "damaged-files",
    severity: "warning",
    message: "Files of this series are cut short: they were left out",
    measured: counted(lost.length, "file"),
    limit: "0 files",
    files: filesOf(lost),
  };
  return {
    stack: { ...stack, instances: stack.instances.filter((instance) => !lost.includes(instance)) },
    findings: [finding],
  };
}

function belongsTo({ seriesUid, instances }: Stack, all: readonly Instance[]): (file: AsideFile) => boolean {
  const names = instances.map(({ source }) => source.name);
  const folders = new Set(names.map(folderOf));
  const shapes = new Set(names.map(shapeOf));
  // Where the stack is spread over folders, one whose files are all damaged has but its name.
  const ofOthers = new Set(all.map(({ source }) => folderOf(source.name)));
  return ({ file, reason, detail, identity }) => {
    const uid = identity.seriesUid;
    // A UID that is cut off is none.
    if (uid !== undefined && !(seriesUid.startsWith(uid) && uid !== seriesUid)) return uid === seriesUid;
    if (reason === "cannot be read" && detail === UNOPENED_FOLDER) return true;
    const folder = folderOf(file);
    return shapes.has(shapeOf(file)) && (folders.has(folder) || !ofOthers.has(folder));
  };
}

/** What a folder is listed as that cannot be looked into: nobody knows what is missing. */
const UNOPENED_FOLDER = "a folder that cannot be opened";

function reasonOf({ reason, detail, modality }: AsideFile): string {
  if (reason === "not CT") return modality === undefined ? "of another modality" : `of modality ${modality}`;
  return detail === undefined || reason === "not DICOM" ? (detail ?? reason) : `${reason}: ${detail}`;
}
