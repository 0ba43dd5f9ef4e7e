import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { CaseManifest } from "../case/manifest.ts";
import type { CaseWorker } from "../node/case-worker.ts";
import type { CaseResult } from "../node/prep-options.ts";
import { residentBytes } from "../node/watch-process.ts";
import type { CaseQueue } from "./case-queue.ts";
import { queueCounts } from "./queue-status.ts";

/** What a worker measures, in the form that Prometheus reads. No label names a case, a path or a patient. */
export interface QueueMetrics {
  /** Counts a case that has ended. */
  observe(result: CaseResult): void;
  /** Counts a case that is tried once more. */
  retried(): void;
  /** All figures of now. */
  text(): Promise<string>;
  /** The text's content type. */
  readonly contentType: string;
}

/** A stage takes milliseconds, a case 0.3 s to minutes. */
const STAGE_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const CASE_BUCKETS = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600];

/**
 * Makes a worker's metrics.
 *
 * @param queue - asked for its counts when the metrics are read
 * @param isThere - whether Redis can be asked; without it the counts are left out
 * @param processes - whose memory is measured
 */
export function makeMetrics(queue: CaseQueue, isThere: () => boolean, processes: readonly CaseWorker[]): QueueMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const cases = caseMetrics([registry]);
  processMetrics([registry], processes);
  queueMetrics([registry], queue, isThere);
  return { ...cases, text: () => registry.metrics(), contentType: registry.contentType };
}

/** What is counted and timed of the cases of this worker. */
function caseMetrics(registers: Registry[]): Pick<QueueMetrics, "observe" | "retried"> {
  const cases = new Counter({
    name: "pleura_cases_total",
    help: "Cases that ended in this worker",
    labelNames: ["status"] as const,
    registers,
  });
  // Rates need a beginning.
  for (const status of ["done", "skipped", "failed"]) cases.inc({ status }, 0);
  const failures = new Counter({
    name: "pleura_failures_total",
    help: "Cases that failed in this worker, by the code and stage of the failure",
    labelNames: ["code", "stage"] as const,
    registers,
  });
  const retries = new Counter({
    name: "pleura_retries_total",
    help: "Cases whose process died and that were tried once more",
    registers,
  });
  const time = timeMetrics(registers);
  return {
    observe(result) {
      cases.inc({ status: result.status });
      if (result.status === "failed") failures.inc({ code: result.failure.code, stage: result.failure.stage });
      if (result.status === "done") time(result.manifest.milliseconds);
    },
    retried: () => retries.inc(),
  };
}

/** How long cases and their stages take. */
function timeMetrics(registers: Registry[]): (spent: CaseManifest["milliseconds"]) => void {
  const duration = new Histogram({
    name: "pleura_case_duration_seconds",
    help: "Duration of the cases that were computed",
    buckets: CASE_BUCKETS,
    registers,
  });
  const stages = new Histogram({
    name: "pleura_stage_duration_seconds",
    help: "Duration of each stage of the cases that were computed",
    labelNames: ["stage"] as const,
    buckets: STAGE_BUCKETS,
    registers,
  });
  return ({ total, ...laps }) => {
    duration.observe(total / 1000);
    for (const [stage, milliseconds] of Object.entries(laps)) stages.observe({ stage }, milliseconds / 1000);
  };
}

function processMetrics(registers: Registry[], processes: readonly CaseWorker[]): void {
  new Gauge({
    name: "pleura_case_processes_resident_memory_bytes",
    help: "Resident memory of this worker's case processes together",
    registers,
    async collect() {
      const sizes = await Promise.all(processes.map(({ pid }) => (pid === undefined ? 0 : residentBytes(pid))));
      this.set(sizes.reduce((sum, size) => sum + size, 0));
    },
  });
}

function queueMetrics(registers: Registry[], queue: CaseQueue, isThere: () => boolean): void {
  new Gauge({
    name: "pleura_queue_up",
    help: "Whether this worker can reach Redis",
    registers,
    collect() {
      this.set(isThere() ? 1 : 0);
    },
  });
  new Gauge({
    name: "pleura_queue_jobs",
    help: "Jobs of the whole queue, the same at every worker",
    labelNames: ["state"] as const,
    registers,
    async collect() {
      this.reset();
      if (!isThere()) return;
      for (const [state, count] of Object.entries(await queueCounts(queue))) this.set({ state }, count);
    },
  });
}
