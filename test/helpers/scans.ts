import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { zipSync } from "fflate";
import { encodeNifti } from "../../src/formats/nifti.ts";
import { writePhantom } from "../../src/node/write-phantom.ts";
import { makePhantom } from "../../src/phantom/phantom.ts";

/** A small made-up scan in the forms in which a user may have it. */
export interface Scans {
  /** A folder with the slices in sub-folders. */
  readonly folder: string;
  readonly zip: string;
  readonly nifti: string;
  /** Two slices are missing. */
  readonly gappy: string;
  /** A whole series, and another one that lacks two slices. */
  readonly two: string;
  readonly notes: string;
  readonly empty: string;
}

/** Writes them into a folder. */
export async function writeScans(root: string): Promise<Scans> {
  const paths = {
    folder: join(root, "chest"),
    zip: join(root, "chest.zip"),
    nifti: join(root, "chest.nii.gz"),
    gappy: join(root, "gappy"),
    two: join(root, "two"),
    notes: join(root, "notes.txt"),
    empty: join(root, "empty"),
  };
  const phantom = makePhantom({ size: 128, slices: 50 });
  const flat = join(root, "flat");
  const names = (await writePhantom(phantom, flat)).sort();
  for (const [i, name] of names.entries()) {
    cpSync(join(flat, name), join(paths.folder, i % 2 === 0 ? "a" : "b/c", name), { preserveTimestamps: true });
  }
  const entries = names.map((name) => [`scan/${name}`, readFileSync(join(flat, name))] as const);
  writeFileSync(paths.zip, zipSync(Object.fromEntries(entries), { level: 1 }));
  writeFileSync(paths.nifti, gzipSync(encodeNifti(phantom), { level: 1 }));
  cpSync(flat, paths.gappy, { recursive: true, preserveTimestamps: true });
  for (const name of names.slice(20, 22)) rmSync(join(paths.gappy, name));
  cpSync(flat, join(paths.two, "whole"), { recursive: true });
  await writePhantom(makePhantom({ size: 128, slices: 50, seed: 7 }), join(paths.two, "holed"));
  for (const name of readdirSync(join(paths.two, "holed")).sort().slice(20, 22)) rmSync(join(paths.two, "holed", name));
  writeFileSync(paths.notes, "no scan");
  mkdirSync(paths.empty);
  return paths;
}
