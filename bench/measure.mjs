import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../scripts/lib/paths.mjs";

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
