import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import openjph from "@cornerstonejs/codec-openjph/wasmjs";
import { makeDecodePool, readSeries } from "pleura/node";
import { hasProgram } from "../scripts/lib/tools.mjs";
import { freshProcess, median, printTable, withSpread } from "./measure.mjs";

/** Transfer syntaxes, and what writes a file in each. */
const SYNTAXES = {
  "JPEG lossless": ["gdcmconv", "--jpeg"],
  "JPEG-LS": ["dcmcjpls"],
  RLE: ["gdcmconv", "--rle"],
  "JPEG 2000": ["gdcmconv", "--j2k"],
};
/** Decoding may take so much longer than half of what the codec needs alone. */
const SLACK = 1.1;

/**
 * Measures how fast compressed frames are decoded: by the codec alone, by both cores, and as a
 * part of reading a scan. The two ways of decoding take turns, so that they meet the same machine.
 *
 * @param {string} scan folder of one uncompressed series
 * @param {string} scratch folder for everything that is written
 * @param {number} runs of each figure; the median counts
 */
export async function printCompressed(scan, scratch, runs) {
  const rows = [["", ...DECODING, ...READING]];
  rows.push(["uncompressed", ...DECODING.map(() => ""), ...(await reading(scan, scratch, runs))]);
  for (const [name, [program, ...options]] of Object.entries(SYNTAXES)) {
    if (!hasProgram(program)) {
      console.log(`${name} is left out: there is no ${program}.`);
      continue;
    }
    // Slow codecs take minutes, and the table comes last.
    console.error(`${name} …`);
    const folder = join(scratch, "compressed");
    transcode(scan, folder, program, options);
    rows.push([name, ...(await decoding(await framesOf(folder), runs)), ...(await reading(folder, scratch, runs))]);
    rmSync(folder, { recursive: true });
  }
  rows.push(["HTJ2K", ...(await decoding(await htj2kFrames(scan), runs)), ...READING.map(() => "")]);
  console.log(`\nCompressed input, median (range) of ${runs} runs\n`);
  printTable(rows);
}

function transcode(scan, folder, program, options) {
  mkdirSync(folder);
  for (const name of readdirSync(scan)) execFileSync(program, [...options, join(scan, name), join(folder, name)]);
}

/** The encoded frames of a series, as the reader hands them to a decoder. */
async function framesOf(folder) {
  const frames = [];
  const alone = makeDecodePool(0);
  const decode = (...frame) => {
    frames.push(frame);
    return alone.decode(...frame);
  };
  await readSeries(folder, { decoder: { ...alone, decode } });
  return frames;
}

/** No program at hand writes HTJ2K: its frames come from its own encoder. */
async function htj2kFrames(scan) {
  const { HTJ2KEncoder } = await openjph({ print() {}, printErr() {} });
  const { voxels, shape } = await readSeries(scan);
  const [slices, rows, columns] = shape;
  return Array.from({ length: slices }, (_, z) => {
    const encoder = new HTJ2KEncoder();
    const plane = voxels.slice(z * rows * columns, (z + 1) * rows * columns);
    const info = { width: columns, height: rows, bitsPerSample: 16, componentCount: 1, isSigned: true };
    encoder.getDecodedBuffer({ ...info, isUsingColorTransform: false }).set(new Uint8Array(plane.buffer));
    encoder.setQuality(true, 0);
    encoder.encode();
    const encoded = encoder.getEncodedBuffer().slice();
    encoder.delete();
    return ["htj2k", encoded, { rows, columns, bitsAllocated: 16 }];
  });
}

const DECODING = ["alone, ms a frame", "MB/s", "limit, ms", "both cores, ms", "met", "processor time"];

/** Frames in memory to decoded frames in memory. */
async function decoding(frames, runs) {
  const decoders = [makeDecodePool(0), makeDecodePool(1)];
  const times = [[], []];
  const processor = [[], []];
  for (let run = -2; run < runs; run++) {
    for (const [i, decoder] of decoders.entries()) {
      const before = process.cpuUsage();
      const ms = await decodeAll(frames, decoder);
      const { user, system } = process.cpuUsage(before);
      // The first runs meet code that is not compiled yet.
      if (run < 0) continue;
      times[i].push(ms);
      processor[i].push(user + system);
    }
  }
  for (const decoder of decoders) decoder.end();
  const [alone, both] = times;
  const pixelBytes = frames.reduce((sum, [, , { rows, columns, bitsAllocated }]) => {
    return sum + (rows * columns * bitsAllocated) / 8;
  }, 0);
  const limit = (median(alone) / 2) * SLACK;
  return [
    (median(alone) / frames.length).toFixed(2),
    (pixelBytes / 1e3 / median(alone)).toFixed(0),
    limit.toFixed(0),
    withSpread(both),
    median(both) <= limit ? "yes" : "no",
    `${(median(processor[1]) / median(processor[0])).toFixed(2)} ×`,
  ];
}

async function decodeAll(frames, decoder) {
  const began = performance.now();
  let next = 0;
  const lane = async () => {
    while (next < frames.length) await decoder.decode(...frames[next++]);
  };
  await Promise.all(Array.from({ length: decoder.parallel + 1 }, lane));
  return performance.now() - began;
}

const READING = ["read by one, ms", "by both, ms", "first, ms", "peak MB"];

/** The whole reading: by one thread and by two, and by the command line in a process of its own. */
async function reading(folder, scratch, runs) {
  const decoder = makeDecodePool(1);
  const one = [];
  const two = [];
  for (let run = -1; run < runs; run++) {
    for (const [times, options] of [
      [one, {}],
      [two, { decoder }],
    ]) {
      const began = performance.now();
      await readSeries(folder, options);
      if (run >= 0) times.push(performance.now() - began);
    }
  }
  decoder.end();
  const out = join(scratch, "out");
  const first = [];
  const megabytes = [];
  for (let run = 0; run < runs; run++) {
    const args = ["prep", folder, "--out", out, "--force", "--quiet"];
    megabytes.push(freshProcess(args, scratch).megabytes);
    const [manifest] = readdirSync(out).filter((name) => name.endsWith(".json"));
    first.push(JSON.parse(readFileSync(join(out, manifest), "utf8")).milliseconds.read);
    rmSync(out, { recursive: true });
  }
  return [withSpread(one), withSpread(two), withSpread(first), median(megabytes).toFixed(0)];
}
