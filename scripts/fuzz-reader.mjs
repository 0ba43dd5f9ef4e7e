/**
 * Reads series of which one file was damaged, many times over: bytes changed, most of them in the
 * header, or the file cut short. Every attempt has to end in a volume or in a PleuraError.
 *
 *   node scripts/fuzz-reader.mjs [attempts = 100000] [seed = 1]
 *
 * The files are the DICOM goldens, of every transfer syntax, some of them as zip archives, and those of
 * odd-files where PLEURA_DATA has them. Prints how the attempts ended, the slowest of them and the peak memory. Exit status 1
 * when one ended in anything else or took more than a second.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { zipSync } from "fflate";
import { memorySource, PleuraError, readScan } from "pleura";
import { readNpz } from "./lib/npz.mjs";
import { DATA, ROOT } from "./lib/paths.mjs";

const [attempts = 100_000, seed = 1] = process.argv.slice(2).map(Number);
const SLOW_MS = 1000;
const HEADER_BYTES = 2000;

let state = seed >>> 0;
/** A number from 0 to n - 1; the same sequence for the same seed (Numerical Recipes' generator). */
function random(n) {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return Math.floor((state / 2 ** 32) * n);
}

function goldenSeries() {
  const folder = join(ROOT, "test/goldens/dicom");
  return readdirSync(folder).map((name) => {
    const arrays = Object.entries(readNpz(join(folder, name)));
    return arrays
      .filter(([key]) => key.startsWith("file"))
      .map(([key, { data }]) => ({ name: `${name}/${key}`, data }));
  });
}

/** Every fourth series once more, as an archive. */
function archives(series) {
  return series
    .filter((_, i) => i % 4 === 0)
    .map((files) => {
      const packed = Object.fromEntries(files.map(({ data }, k) => [`${k}.dcm`, data]));
      return [{ name: `${files[0].name}.zip`, data: zipSync(packed) }];
    });
}

function oddFiles() {
  const folder = join(DATA, "data/odd-files/pydicom");
  if (!existsSync(folder)) return [];
  return readdirSync(folder).map((name) => [{ name, data: new Uint8Array(readFileSync(join(folder, name))) }]);
}

function damage(data) {
  const bytes = data.slice();
  const reach = random(3) > 0 ? Math.min(HEADER_BYTES, bytes.length) : bytes.length;
  for (let n = random(10) + 1; n > 0; n--) bytes[random(reach)] = [0, 255, random(256)][random(3)];
  return random(8) === 0 ? bytes.subarray(0, random(bytes.length)) : bytes;
}

const goldens = goldenSeries();
const series = [...goldens, ...archives(goldens), ...oddFiles()];
const endings = new Map();
let slowest = { ms: 0, name: "" };
let failed = 0;
for (let i = 0; i < attempts; i++) {
  const files = series[random(series.length)];
  const victim = random(files.length);
  const sources = files.map(({ name, data }, k) => memorySource(name, k === victim ? damage(data) : data));
  const start = performance.now();
  let ending = "read";
  try {
    await readScan(sources);
  } catch (error) {
    ending = error instanceof PleuraError ? error.code : "something else";
    if (!(error instanceof PleuraError)) {
      failed++;
      console.error(`attempt ${i}, ${files[victim].name}:`, error);
    }
  }
  const ms = performance.now() - start;
  if (ms > slowest.ms) slowest = { ms, name: `${files[victim].name}, ${ending}` };
  endings.set(ending, (endings.get(ending) ?? 0) + 1);
}
console.table(Object.fromEntries([...endings].sort((a, b) => b[1] - a[1])));
console.log(
  `slowest ${slowest.ms.toFixed(0)} ms (${slowest.name}), peak ${Math.round(process.resourceUsage().maxRSS / 1024)} MB`,
);
process.exitCode = failed > 0 || slowest.ms > SLOW_MS ? 1 : 0;
