/** What the command line uses of the queue, to be loaded in one piece when a command asks for it. */
export { addCases } from "./add-cases.ts";
export { parseRedisUrl } from "./address.ts";
export { caseJob } from "./case-job.ts";
export { withQueue } from "./case-queue.ts";
export { drainQueue } from "./drain.ts";
export { failedCases, queueCounts } from "./queue-status.ts";
export { retryCases } from "./retry-cases.ts";
export { workOnQueue } from "./work.ts";
