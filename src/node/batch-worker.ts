import workerpool from "workerpool";
import { type PrepCaseOptions, prepCase } from "./prep-case.ts";

/**
 * What a worker process of the batch runs. It is told one case at a time, by paths, and answers
 * with a plain result; voxels never cross the border. While it works it sends the name of each
 * stage as it begins.
 *
 * ```
 * parent ── prepCase(folder, options) ──▶ worker
 * parent ◀── { stage } … ─────────────── worker
 * parent ◀── CaseResult ──────────────── worker
 * ```
 */
// Ctrl-C reaches the whole process group; the parent ends its workers itself, in order.
process.on("SIGINT", () => undefined);

workerpool.worker({
  prepCase: (folder: string, options: PrepCaseOptions) =>
    prepCase(folder, { ...options, onStage: (stage) => workerpool.workerEmit({ stage }) }),
});
