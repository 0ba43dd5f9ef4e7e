import { existsSync } from "node:fs";
import { join, resolve } from "node:path";

/** The repository's root. */
export const ROOT = resolve(import.meta.dirname, "../..");

/** Folder with data, golden and reference: PLEURA_DATA, by default `shared` beside the repository. */
export const DATA = resolve(process.env.PLEURA_DATA ?? join(ROOT, "../shared"));

/** Python that has numpy, scipy, scikit-image and pydicom; Debian's own where there is one. */
export const PYTHON = process.env.PLEURA_PYTHON ?? (existsSync("/usr/bin/python3") ? "/usr/bin/python3" : "python3");
