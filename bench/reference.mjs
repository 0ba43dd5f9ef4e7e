import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DATA, PYTHON } from "../scripts/lib/paths.mjs";

/** The reference's stages under our names; it masks and resamples in two steps. */
const STAGES = {
  read: ["load"],
  binarize: ["binarize"],
  select: ["select"],
  fill: ["fill"],
  separate: ["split"],
  hull: ["dilate"],
  prepare: ["mask", "resample"],
  total: ["total"],
};

/** Runs the command in its arguments and writes the largest memory of its children, kB. */
const MEASURE = `
import resource, subprocess, sys
status = subprocess.run(sys.argv[2:], stdout=subprocess.DEVNULL).returncode
with open(sys.argv[1], "w") as f:
    f.write(str(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss))
sys.exit(status)
`;

/**
 * Runs the reference on a scan, in a process of its own.
 *
 * @param {string} scan folder of one series
 * @param {string} scratch folder for what it writes
 * @returns {{ milliseconds: Record<string, number>, megabytes: number }}
 */
export function runReference(scan, scratch) {
  const script = join(DATA, "reference/reference.py");
  if (!existsSync(script)) throw new Error(`--reference needs ${script}; PLEURA_DATA says where to look`);
  const times = join(scratch, "times.json");
  const peak = join(scratch, "peak");
  const command = [PYTHON, script, scan, "--out", join(scratch, "reference"), "--times", times];
  const { status } = spawnSync(PYTHON, ["-c", MEASURE, peak, ...command], { stdio: ["ignore", "inherit", "inherit"] });
  if (status !== 0) throw new Error(`the reference ended with status ${status}`);
  const { seconds } = JSON.parse(readFileSync(times, "utf8"));
  const sum = (names) => 1000 * names.reduce((total, name) => total + seconds[name], 0);
  return {
    milliseconds: Object.fromEntries(Object.entries(STAGES).map(([stage, names]) => [stage, sum(names)])),
    megabytes: Number(readFileSync(peak, "utf8")) / 1024,
  };
}
