import { createHash } from "node:crypto";
import { type Dirent, readdirSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { type CaseKeys, KeyIndex } from "../../case/key-index.ts";
import { counted } from "../../counted.ts";
import type { Scan } from "../../dicom/read-scan.ts";
import { PleuraError } from "../../errors.ts";
import { isImageFile } from "../../formats/decode-image.ts";
import type { LabelImage } from "../../masks/label-image.ts";
import type { LungLabels } from "../../masks/lung-labels.ts";
import type { LungObject } from "../../objects/lung-object.ts";
import { errorOf, plainError } from "../failure.ts";
import { fileSource } from "../file-source.ts";
import { seriesHash } from "./case-keys.ts";

/** A case's mask: one image of labels, or TotalSegmentator's images of the lobes. */
export interface LungMask {
  /** For messages. */
  readonly name: string;
  /** Images to read: one, or a lung's lobes each. */
  readonly images: readonly string[];
  /** Whether it is a DICOM object, which says by itself what its regions are. */
  readonly isObject?: true;
}

/** What masks are called beside their case's name. */
const SUFFIX = /[._-](lungs?|lung[_-]?mask|masks?|seg|segmentation|labels?|total)$/i;
/** The files of TotalSegmentator that are parts of a lung. */
const LOBE = /^lung_(?:(?:upper|middle|lower)_lobe_)?(left|right)\.nii(?:\.gz)?$/i;
/** What ends the names of DICOM objects, and of pleura's own. */
const OBJECT = /\.dcm$/i;
const OWN_OBJECT = /\.(seg|rtstruct)\.dcm$/i;
/** A folder is looked at again after this long, ms. */
const FRESH_MS = 10_000;

interface Listed {
  readonly checked: number;
  /** Entries by the case that they are for. */
  readonly byStem: ReadonlyMap<string, readonly Dirent[]>;
  readonly index: KeyIndex;
}

const listings = new Map<string, Listed>();

/**
 * Finds the lung mask of a case.
 *
 * @param given - an image or DICOM object, or a folder: of these, or of folders that are called like the cases
 * @throws PleuraError `not-found` when there is none for the case, `invalid-option` when there are several
 */
export function findLungMask(given: string, keys: CaseKeys): LungMask {
  const top = statSync(given, { throwIfNoEntry: false });
  if (top === undefined) {
    throw new PleuraError("not-found", "There are no such lung masks", { stage: "lungs", file: given });
  }
  if (!top.isDirectory()) return fileMask(given);
  const { byStem, index } = list(given);
  const match = index.find(keys);
  const entries = match === undefined ? [] : byStem.get(match.key)!;
  if (entries.length === 0) {
    throw new PleuraError("not-found", "There is no lung mask for this case", {
      stage: "lungs",
      file: given,
      measured: `${counted(byStem.size, "name")}, none of them the case's${keys.series === undefined ? "" : " or its series'"}`,
      quote: keys.names.join(" or "),
      hint: "Masks are called like their case or series: <name>.nii.gz, <name>_lungs.nii.gz, <name>.mhd, <name>.dcm …",
    });
  }
  if (entries.length > 1) throw several(given, entries);
  const [entry] = entries as [Dirent];
  const path = join(given, entry.name);
  return isFolder(entry, path) ? folderMask(path) : fileMask(path);
}

/** SHA-256, in hexadecimal, over names, sizes and times of a mask's files. */
export function maskDigest({ images }: LungMask): string {
  const hash = createHash("sha256");
  for (const path of images) {
    const folder = join(path, "..");
    const stem = stemOf(basename(path));
    // Also the file with the voxels that a header names: it is called like the header.
    const names = readdirSync(folder).filter((name) => name === basename(path) || /\.z?raw(\.gz)?$/i.test(name));
    for (const name of names
      .filter((one) => one === basename(path) || one.replace(/\.z?raw(\.gz)?$/i, "") === stem)
      .sort()) {
      const { size, mtimeMs } = statSync(join(folder, name));
      hash.update(`${name}\t${size}\t${Math.floor(mtimeMs)}\n`);
    }
  }
  return hash.digest("hex");
}

/**
 * Reads the lungs of a mask that is a DICOM object.
 *
 * @param scan - read with `keepOrigin`
 * @param labels - numbers of the regions; default: recognised
 * @throws PleuraError as `readLungObject` does
 */
export async function readObjectMask(
  { images, name }: LungMask,
  scan: Scan,
  labels: LungLabels | undefined,
): Promise<LungObject> {
  const [path] = images as [string];
  const { readLungObject } = await import("../../objects/lung-object.ts");
  return readLungObject(fileSource(path, `lung mask ${name}`, statSync(path).size), scan, labels).catch(ofLungs);
}

/**
 * Reads a mask that is an image. Lobes of several files become one image: 1 for the right lung, 2 for the left.
 *
 * @throws PleuraError what reading an image throws; `mask-misfit` when lobes lie on different grids
 */
export async function readLungMask({ images, name }: LungMask): Promise<LabelImage> {
  const { readImage } = await import("../read-image.ts");
  // Messages tell the mask from the scan, which may be called the same.
  const read = (path: string) => readImage(path, { name: `lung mask ${basename(path)}` }).catch(ofLungs);
  const [first, ...others] = images as [string, ...string[]];
  const { volume, oriented } = await read(first);
  const whole: LabelImage = { voxels: volume.voxels, shape: volume.shape, affine: volume.affine, oriented };
  if (others.length === 0) return whole;
  const voxels = new Int16Array(volume.voxels.length);
  for (const path of images) {
    const lobe = path === first ? volume : (await read(path)).volume;
    const isSame =
      lobe.shape.every((n, i) => n === volume.shape[i]) && lobe.affine.every((v, i) => v === volume.affine[i]);
    if (!isSame) {
      throw new PleuraError("mask-misfit", "The images of the lobes lie on different grids", {
        stage: "lungs",
        file: name,
        measured: `a lobe of ${lobe.shape.join(" × ")} voxels`,
        limit: `the grid of the first lobe, ${volume.shape.join(" × ")} voxels`,
        quote: `${basename(path)}, ${basename(first)}`,
      });
    }
    const label = LOBE.exec(basename(path))![1]!.toLowerCase() === "right" ? 1 : 2;
    for (let i = 0; i < voxels.length; i++) if (lobe.voxels[i] !== 0) voxels[i] = label;
  }
  return { ...whole, voxels };
}

function ofLungs(error: unknown): never {
  throw error instanceof PleuraError ? errorOf({ ...plainError(error), stage: "lungs" }) : error;
}

function fileMask(path: string): LungMask {
  if (OBJECT.test(path)) return { name: basename(path), images: [path], isObject: true };
  if (!isImageFile(path)) {
    throw new PleuraError("invalid-option", "The lung mask is no file of a known format", {
      stage: "lungs",
      file: path,
      limit: "NIfTI, MetaImage or NRRD; DICOM SEG or RTSTRUCT, called .dcm",
    });
  }
  return { name: basename(path), images: [path] };
}

function isMaskFile(name: string): boolean {
  return isImageFile(name) || OBJECT.test(name);
}

/** Leaves out pleura's own objects where its label map of the same case lies beside them. */
function withoutCopies(entries: readonly Dirent[]): readonly Dirent[] {
  const names = new Set(entries.map(({ name }) => name));
  return entries.filter(({ name }) => !(OWN_OBJECT.test(name) && names.has(name.replace(OWN_OBJECT, ".nii.gz"))));
}

/** A folder of one case: TotalSegmentator's lobes, or the one image that lies there. */
function folderMask(folder: string): LungMask {
  const entries = readdirSync(folder, { withFileTypes: true });
  const lobes = entries.filter(({ name }) => LOBE.test(name));
  const name = basename(folder);
  if (lobes.length > 0) return { name, images: lobes.map((entry) => join(folder, entry.name)).sort() };
  const images = withoutCopies(entries.filter((entry) => isMaskFile(entry.name)));
  if (images.length > 1) throw several(folder, images);
  if (images.length === 0) {
    throw new PleuraError("not-found", "There is no mask in this folder of a lung mask", {
      stage: "lungs",
      file: folder,
    });
  }
  return fileMask(join(folder, images[0]!.name));
}

function list(folder: string): Listed {
  const before = listings.get(folder);
  if (before !== undefined && Date.now() - before.checked < FRESH_MS) return before;
  const byStem = new Map<string, Dirent[]>();
  for (const entry of withoutCopies(readdirSync(folder, { withFileTypes: true }))) {
    if (entry.name.startsWith(".") || (!isMaskFile(entry.name) && !isFolder(entry, join(folder, entry.name)))) continue;
    const stem = isMaskFile(entry.name) ? stemOf(entry.name) : entry.name;
    for (const key of new Set([stem, stem.replace(SUFFIX, "")])) byStem.set(key, [...(byStem.get(key) ?? []), entry]);
  }
  const listed = { checked: Date.now(), byStem, index: new KeyIndex(byStem.keys(), seriesHash) };
  listings.set(folder, listed);
  return listed;
}

function stemOf(name: string): string {
  return name.replace(/(\.nii|\.seg|\.rtstruct)?\.[^.]+$/i, "");
}

function isFolder(entry: Dirent, path: string): boolean {
  return (
    entry.isDirectory() || (entry.isSymbolicLink() && statSync(path, { throwIfNoEntry: false })?.isDirectory() === true)
  );
}

function several(folder: string, entries: readonly Dirent[]): PleuraError {
  return new PleuraError("invalid-option", "Several lung masks may be this case's", {
    stage: "lungs",
    file: folder,
    measured: counted(entries.length, "mask"),
    quote: entries
      .map(({ name }) => name)
      .sort()
      .join(", "),
    limit: "one",
    hint: "Leave one of them in the folder",
  });
}
