import { spawnSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { VolumeMemory } from "pleura";
import { prepCase } from "pleura/node";
import { ROOT } from "../scripts/lib/paths.mjs";

/**
 * Prepares a scan again and again in this process, each time as a new case: into a folder without
 * earlier outputs, in the memory of the case before.
 *
 * @param {string} scan folder of one series
 * @param {string} out folder for the outputs; it is gone afterwards
 * @param {number} times
 * @returns {Promise<import("pleura/node").CaseResult[]>} done all; the first case meets code that is not compiled yet
 */
export async function prepareAgain(scan, out, times) {
  const volumeMemory = new VolumeMemory();
  const results = [];
  for (let i = 0; i < times; i++) {
    const result = await prepCase(scan, { out, volumeMemory });
    if (result.status === "failed") throw new Error(result.failure.message);
    results.push(result);
    rmSync(out, { recursive: true });
  }
  return results;
}

/**
 * Runs the command line as a user starts it, in a process of its own.
 *
 * @param {string[]} args of `pleura`
 * @param {string} scratch folder for a small file
 * @param {boolean} onOneCore all its threads and processes share one core; for Linux
 * @returns {{ milliseconds: number, megabytes: number }} from start to exit; the process's peak memory
 */
export function freshProcess(args, scratch, onOneCore = false) {
  const file = join(scratch, "peak-memory");
  const preload = new URL("peak-memory.mjs", import.meta.url).href;
  const began = performance.now();
  const command = [process.execPath, "--import", preload, join(ROOT, "dist/cli.js"), ...args];
  if (onOneCore) command.unshift("taskset", "-c", "0");
  const { status } = spawnSync(command[0], command.slice(1), {
    stdio: ["ignore", "ignore", "inherit"],
    env: { ...process.env, PEAK_MEMORY_FILE: file },
  });
  const milliseconds = performance.now() - began;
  if (status !== 0) throw new Error(`pleura ${args[0]} ended with status ${status}`);
  return { milliseconds, megabytes: Number(readFileSync(file, "utf8")) / 1024 };
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1];
}

/** Median and range: "412 (398–455)". */
export function withSpread(values, digits = 0) {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return `${median(values).toFixed(digits)} (${least.toFixed(digits)}–${most.toFixed(digits)})`;
}

/** Prints rows in columns, the first one aligned to the left. */
export function printTable(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  for (const row of rows) {
    console.log(row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join("  "));
  }
}
