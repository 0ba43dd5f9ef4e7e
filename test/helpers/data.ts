import { resolve } from "node:path";

/** Folder with real scans: PLEURA_DATA, by default `shared` beside the repository; it may be missing. */
export const DATA = resolve(process.env["PLEURA_DATA"] ?? resolve(import.meta.dirname, "../../../shared"), "data");
