// Writes docs/TRUST.md: runs every trouble of archives that is known here through the built command line, and tells what
// pleura does and whether it says so. Ends with 1 when something was wrong without a word, or when the page is out of date.
//
//   npm run build && node scripts/trust.mjs          rewrites docs/TRUST.md
//   npm run build && node scripts/trust.mjs --check  compares it

import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync, zipSync } from "fflate";
import { changeAll, elementOf, flipped, metaImage, nifti, retag, TAGS, volumeOf } from "./lib/damage.mjs";

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const CLI = join(ROOT, "dist/cli.js");
const PAGE = join(ROOT, "docs/TRUST.md");
const SLICES = 24;

const work = mkdtempSync(join(tmpdir(), "pleura-trust-"));
process.on("exit", () => rmSync(work, { recursive: true, force: true }));

const pleura = (...args) =>
  spawnSync(process.execPath, [CLI, ...args], { encoding: "utf8", timeout: 120_000, maxBuffer: 1 << 26 });

/** Phantoms of three patients, and what becomes of them undamaged. */
const sources = [1, 2, 3].map((seed) => {
  const folder = join(work, "sources", `patient-${seed}`);
  pleura("phantom", folder, "--size", "96", "--slices", String(SLICES), "--seed", String(seed));
  return folder;
});
const hashOf = (path) => createHash("sha256").update(readFileSync(path)).digest("hex");
pleura("prep", join(work, "sources"), "--out", join(work, "sound"));
const sound = new Set(sources.map((_, i) => hashOf(join(work, "sound", `patient-${i + 1}_clean.npy`))));
const volume = volumeOf(sources[0]);

const each = (list, act) => {
  for (const [i, one] of list.entries()) act(one, i);
};
const copy = (patient, folder) => cpSync(sources[patient - 1], folder, { recursive: true });
const file = (number) => `IMG${String(number).padStart(4, "0")}.dcm`;
const put = (path, bytes) => {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, bytes);
};
const zipOf = (folder, level = 6) =>
  zipSync(Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))])), { level });
/** A case folder of the first patient, in which the lowest `count` slices are changed. */
const damaged =
  (change, count = 3) =>
  (at) => {
    const folder = join(at, "case");
    copy(1, folder);
    for (let i = 1; i <= count; i++) change(join(folder, file(i)), i, folder);
  };
const overwrite = (change) => damaged((path) => writeFileSync(path, change(readFileSync(path))));

/** Troubles that `prep` meets: what is made in a folder, and how many scans lie there. */
const LAYOUTS = [
  [
    "A folder of zips, one for each patient",
    3,
    (at) => each(sources, (one, i) => put(join(at, `${i}.zip`), zipOf(one))),
  ],
  [
    "A download root (collection/patient/study/series), given one level too high",
    3,
    (at) => each([1, 2, 3], (p) => copy(p, join(at, `collection/p${p}/study/series`))),
  ],
  [
    "Several patients mixed in one folder",
    3,
    (at) =>
      each(sources, (one, i) =>
        each(readdirSync(one), (name) => put(join(at, "mixed", `${i}-${name}`), readFileSync(join(one, name)))),
      ),
  ],
  [
    "Two studies of one patient in one case folder",
    2,
    (at) => {
      copy(1, join(at, "case/a"));
      copy(2, join(at, "case/b"));
      changeAll(join(at, "case/b"), (bytes) => retag(bytes, TAGS.patientId, "phantom-1"));
    },
  ],
  [
    "Case folders, and one stray slice beside them",
    3,
    (at) => {
      each([1, 2], (p) => copy(p, join(at, `p${p}`)));
      put(join(at, "stray.dcm"), readFileSync(join(sources[2], file(1))));
    },
  ],
  [
    "A zip beside case folders",
    3,
    (at) => {
      each([1, 2], (p) => copy(p, join(at, `p${p}`)));
      put(join(at, "third.zip"), zipOf(sources[2]));
    },
  ],
  [
    "One series spread over three sub-folders that are taken for cases",
    1,
    (at) => {
      for (let i = 1; i <= SLICES; i++)
        put(join(at, `${i % 3}/IMAGES`, file(i)), readFileSync(join(sources[0], file(i))));
    },
  ],
  [
    "The same, with --by series",
    1,
    (at) => {
      for (let i = 1; i <= SLICES; i++)
        put(join(at, `${i % 3}/IMAGES`, file(i)), readFileSync(join(sources[0], file(i))));
    },
    { flags: ["--by", "series"] },
  ],
  [
    "The output folder is the folder of the cases",
    2,
    (at) => each([1, 2], (p) => copy(p, join(at, `p${p}`))),
    { out: (at) => at, twice: true },
  ],
  [
    "The output folder lies above the cases",
    2,
    (at) => each([1, 2], (p) => copy(p, join(at, `in/p${p}`))),
    { out: (at) => at, input: (at) => join(at, "in"), twice: true },
  ],
  [
    "The output folder is the case folder itself",
    1,
    (at) => copy(1, join(at, "case")),
    { out: (at) => join(at, "case"), input: (at) => join(at, "case"), twice: true },
  ],
  [
    "A folder whose name is not UTF-8",
    2,
    (at) => {
      copy(1, join(at, "good"));
      const raw = Buffer.concat([Buffer.from(`${at}/`), Buffer.from([0x4d, 0xfc, 0x6c])]);
      mkdirSync(raw);
      for (const name of readdirSync(sources[1]))
        writeFileSync(Buffer.concat([raw, Buffer.from(`/${name}`)]), readFileSync(join(sources[1], name)));
    },
  ],
  [
    "Cases whose names differ in capitals only",
    2,
    (at) => {
      copy(1, join(at, "Case"));
      copy(2, join(at, "case"));
    },
  ],
  [
    "A case called like another case's preview",
    2,
    (at) => {
      copy(1, join(at, "x"));
      copy(2, join(at, "x_preview"));
    },
    { flags: ["--html"] },
  ],
];

const FILES = [
  ["Slices of 0 bytes", overwrite(() => "")],
  ["Slices whose headers are cut off", overwrite((bytes) => bytes.subarray(0, 300))],
  [
    "Slices that are zeros after byte 900",
    overwrite((bytes) => Buffer.concat([bytes.subarray(0, 900), Buffer.alloc(bytes.length - 900)])),
  ],
  [
    "Slices whose DICM mark is damaged",
    overwrite((bytes) => Buffer.concat([bytes.subarray(0, 128), Buffer.from("XXXX"), bytes.subarray(132)])),
  ],
  ["Slices that say to be MR", overwrite((bytes) => retag(bytes, TAGS.modality, "MR"))],
  ["Slices of another Series Instance UID", overwrite((bytes) => retag(bytes, TAGS.seriesUid, "2.25.1"))],
  ["Slices of another patient", overwrite((bytes) => retag(bytes, TAGS.patientId, "phantom-9"))],
  [
    "Slices with names that are not UTF-8",
    damaged((path) =>
      renameSync(
        path,
        Buffer.concat([
          Buffer.from(dirname(path)),
          Buffer.from("/IMG"),
          Buffer.from([0xff]),
          Buffer.from(path.slice(-8)),
        ]),
      ),
    ),
  ],
  [
    "Slices that are dangling links",
    damaged((path) => {
      rmSync(path);
      symlinkSync("/nowhere/at/all", path);
    }),
  ],
  [
    "Slices that are pipes (FIFO)",
    damaged((path) => {
      rmSync(path);
      execFileSync("mkfifo", [path]);
    }),
  ],
  [
    "Slices that are devices (/dev/zero)",
    damaged((path) => {
      rmSync(path);
      symlinkSync("/dev/zero", path);
    }),
  ],
  ["Slices whose pixels are cut short", overwrite((bytes) => bytes.subarray(0, bytes.length - 2000))],
  [
    "Slices in the middle are missing",
    (at) => {
      copy(1, join(at, "case"));
      each([10, 11], (i) => rmSync(join(at, "case", file(i))));
    },
  ],
  [
    "A slice lies there twice",
    (at) => {
      copy(1, join(at, "case"));
      cpSync(join(at, "case", file(5)), join(at, "case/again.dcm"));
    },
  ],
  ["A slice at the place of another", overwrite((bytes) => retag(bytes, TAGS.position, "-177.317\\-177.317\\40"))],
  [
    "Columns = 32 in every file of 96 columns",
    (at) => {
      copy(1, join(at, "case"));
      changeAll(join(at, "case"), (bytes) => retag(bytes, TAGS.columns, Buffer.from([32, 0])));
    },
  ],
  ["Rescale Slope of 2 in some slices", overwrite((bytes) => retag(bytes, TAGS.slope, "2"))],
  [
    "A flipped bit in a zip",
    (at) => {
      const bytes = Buffer.from(zipOf(sources[0]));
      put(join(at, "case.zip"), flipped(bytes, bytes.length >> 1, 3));
    },
  ],
  [
    "A flipped bit in a stored (uncompressed) zip",
    (at) => {
      const bytes = Buffer.from(zipOf(sources[0], 0));
      put(join(at, "case.zip"), flipped(bytes, bytes.length >> 1, 3));
    },
  ],
  [
    "A flipped bit in a .dcm.gz",
    (at) => {
      copy(1, join(at, "case"));
      for (const name of readdirSync(join(at, "case"))) {
        const path = join(at, "case", name);
        const bytes = Buffer.from(gzipSync(readFileSync(path)));
        put(`${path}.gz`, name === file(5) ? flipped(bytes, bytes.length >> 1, 3) : bytes);
        rmSync(path);
      }
    },
  ],
  [
    "A flipped bit in a .nii.gz",
    (at) => {
      const bytes = Buffer.from(nifti(volume, { packed: true }));
      put(join(at, "case.nii.gz"), flipped(bytes, bytes.length >> 1, 3));
    },
  ],
  [
    "A flipped bit in a compressed .mha",
    (at) => {
      const { header, content } = metaImage(volume, { packed: true });
      put(join(at, "case.mha"), Buffer.concat([header, flipped(content, content.length >> 1, 3)]));
    },
  ],
  [
    "A .mhd whose .raw has more bytes than its header says",
    (at) => {
      const { header, content } = metaImage(volume, { data: "case.raw" });
      put(join(at, "case.mhd"), header);
      put(join(at, "case.raw"), Buffer.concat([content, Buffer.alloc(4096)]));
    },
  ],
  [
    "A .mhd whose .raw is too short",
    (at) => {
      const { header, content } = metaImage(volume, { data: "case.raw" });
      put(join(at, "case.mhd"), header);
      put(join(at, "case.raw"), content.subarray(0, content.length - 2));
    },
  ],
  [
    "A .mhd whose .raw is a pipe",
    (at) => {
      const { header } = metaImage(volume, { data: "case.raw" });
      put(join(at, "case.mhd"), header);
      execFileSync("mkfifo", [join(at, "case.raw")]);
    },
  ],
  [
    "A .mhd whose .raw is a link out of its folder",
    (at) => {
      const { header, content } = metaImage(volume, { data: "case.raw" });
      put(join(at, "case/case.mhd"), header);
      put(join(at, "elsewhere.bin"), content);
      symlinkSync("../elsewhere.bin", join(at, "case/case.raw"));
    },
    { input: (at) => join(at, "case") },
  ],
  [
    "A NIfTI file whose vox_offset is 0 (it means 352)",
    (at) => put(join(at, "case.nii"), nifti(volume, { offset: 0 })),
  ],
  [
    "A NIfTI file whose vox_offset is no number",
    (at) => put(join(at, "case.nii"), nifti(volume, { offset: Number.NaN })),
  ],
  ["A NIfTI file that is cut short", (at) => put(join(at, "case.nii"), nifti(volume).subarray(0, -1000))],
  [
    "A header of 60 MB of empty elements",
    (at) => {
      copy(1, join(at, "case"));
      const path = join(at, "case", file(1));
      const bytes = readFileSync(path);
      const { start } = elementOf(bytes, TAGS.pixels);
      const empty = Buffer.alloc(60_000_000);
      for (let i = 0; i < empty.length; i += 8) empty.write("\x29\x00\x10\x10LO\0\0", i, "latin1");
      writeFileSync(path, Buffer.concat([bytes.subarray(0, start - 12), empty, bytes.subarray(start - 12)]));
    },
  ],
].map(([what, make, options]) => [what, 1, make, options]);

const UNDETECTABLE = [
  [
    "A flipped bit in uncompressed pixels, which no checksum covers",
    1,
    (at) => {
      copy(1, join(at, "case"));
      const path = join(at, "case", file(SLICES / 2));
      const bytes = readFileSync(path);
      const { start } = elementOf(bytes, TAGS.pixels);
      // A voxel within the right lung, some 512 HU more or less.
      writeFileSync(path, flipped(bytes, start + 2 * (48 * 96 + 30) + 1, 1));
    },
  ],
  [
    "The highest slice is missing, and nothing says how many there should be",
    1,
    (at) => {
      copy(1, join(at, "case"));
      rmSync(join(at, "case", file(SLICES)));
    },
  ],
];

/** The first sentence of a message, without the folders of this run. */
function firstSentence(text, ...folders) {
  const [line] = text.split("\n");
  const known = [...folders, work].reduce((rest, folder) => rest.replaceAll(folder, "…"), line);
  return known
    .replace(/^pleura: /, "")
    .replace(/(\/\w+)?\/out-\w{6}\//, "/")
    .replace(/\. [A-Z].*$/, "");
}

const counter = { value: 0 };
/** Runs a trouble through `prep`, and tells what came of it. */
function run([what, scans, make, options = {}]) {
  const at = join(work, `row-${counter.value++}`);
  mkdirSync(at);
  make(at);
  const {
    out = () => join(work, `out-${counter.value}`),
    input = (folder) => folder,
    flags = [],
    twice = false,
  } = options;
  const [from, to] = [input(at), out(at)];
  const once = () => pleura("prep", from, "--out", to, "--log", "json", ...flags);
  let result = once();
  const first = events(result.stdout);
  if (twice) {
    result = once();
    const again = events(result.stdout);
    const isStable =
      again.length === first.length &&
      again.every(({ status }, i) => status === (first[i].status === "done" ? "skipped" : "failed"));
    if (!isStable) return { what, does: "is done again, or finds other cases, in a second run", isSaid: false };
  }
  const ends = first;
  if (result.error !== undefined || result.signal !== null) return { what, does: "does not end", isSaid: false };
  if (ends.length === 0) {
    const [message = ""] = result.stderr.split("\n");
    return {
      what,
      does: `refuses the run: ${firstSentence(message, at, to)}`,
      isSaid: result.status !== 0,
    };
  }
  let found = 0;
  const kinds = new Map();
  let isSilent = false;
  for (const end of ends) {
    let kind;
    if (end.status === "failed") kind = `fails: \`${end.failure.code}\``;
    else {
      const isSound = sound.has(hashOf(join(to, `${end.case}_clean.npy`)));
      if (isSound) found++;
      const said = (end.findings ?? []).map(({ code }) => `\`${code}\``);
      if (!isSound && said.length === 0) isSilent = true;
      kind = isSound ? "done, as without the trouble" : "done, other voxels";
      if (said.length > 0) kind += `, finding ${said.join(", ")}`;
    }
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  }
  const failures = ends.filter(({ status }) => status === "failed").length;
  // A scan that is neither among the results nor behind a failure is lost.
  const isLost = found < scans && failures === 0 && !ends.some(({ findings = [] }) => findings.length > 0);
  const does = [...kinds].map(([kind, count]) => (ends.length === 1 ? kind : `${count} × ${kind}`)).join("; ");
  return { what, does, isSaid: !isSilent && !isLost };
}

function events(stdout) {
  return stdout
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line))
    .filter(({ status }) => status !== undefined)
    .sort((a, b) => (a.case < b.case ? -1 : 1));
}

/** Troubles of a folder that is shared, or of someone who means harm. */
function attacks() {
  const rows = [];
  const scan = join(work, "attacks/in/case");
  copy(1, scan);
  const fresh = () => mkdtempSync(join(work, "attacks/out-"));
  const prep = (out, ...flags) => pleura("prep", scan, "--out", out, "--log", "json", ...flags);
  const row = (what, does, isSaid) => rows.push({ what, does, isSaid });
  const end = ({ stdout, signal, error, stderr, status }) => {
    if (signal !== null || error !== undefined) return ["does not end", false];
    const [one] = events(stdout);
    if (one === undefined) return [`refuses the run: ${firstSentence(stderr)}`, status !== 0];
    return one.status === "failed"
      ? [`fails: \`${one.failure.code}\``, true]
      : [`${one.status}, as without the trouble`, true];
  };
  for (const [what, make] of [
    ["A lock that is a dangling link", (path) => symlinkSync("/nowhere/at/all", path)],
    ["A lock that is a folder", (path) => mkdirSync(path)],
    ["A lock that is a pipe", (path) => execFileSync("mkfifo", [path])],
    [
      "A lock of a process that is gone",
      (path) => writeFileSync(path, JSON.stringify({ host: "elsewhere", pid: 1, started: "1", token: "x" })),
    ],
  ]) {
    const out = fresh();
    mkdirSync(join(out, ".pleura"));
    make(join(out, ".pleura/case.lock"));
    if (what.endsWith("is gone")) utimesSync(join(out, ".pleura/case.lock"), 0, 0);
    row(what, ...end(prep(out)));
  }
  {
    const out = fresh();
    row("`--report` names a case's manifest", ...end(prep(out, "--report", join(out, "case.json"))));
  }
  {
    const out = fresh();
    prep(out);
    writeFileSync(join(out, "case.json"), "[]");
    const { stdout, status } = pleura("status", out);
    row(
      "A broken manifest, asked by `status`",
      `says: ${stdout.split("\n")[0].replace(/\s+/g, " ")}`,
      status === 1 && stdout.includes("stale"),
    );
  }
  {
    const out = fresh();
    const { header, content } = metaImage(volume, { data: "case.raw" });
    const folder = join(work, "attacks/raw");
    put(join(folder, "case.mhd"), header);
    put(join(folder, "case.raw"), content);
    pleura("prep", folder, "--out", out);
    put(join(folder, "case.raw"), flipped(content, 40_000, 7));
    utimesSync(join(folder, "case.raw"), 2_000_000_000, 2_000_000_000);
    const [again] = events(pleura("prep", folder, "--out", out, "--log", "json").stdout);
    row(
      "The `.raw` file of a finished `.mhd` is written anew",
      `${again.status} again: \`${again.stale}\``,
      again.status === "done" && again.stale !== undefined,
    );
  }
  {
    const out = fresh();
    const folder = join(work, "attacks/escape");
    copy(1, folder);
    renameSync(join(folder, file(1)), join(folder, "IMG\u001b[2J.dcm"));
    writeFileSync(join(folder, "IMG\u001b[2J.dcm"), "");
    const { stdout, stderr } = pleura("prep", folder, "--out", out, "--keep-file-names");
    const isClean = !`${stdout}${stderr}`.includes("\u001b");
    row("Terminal escapes in the name of a file", isClean ? "shows them as text" : "prints them", isClean);
  }
  return rows;
}

const table = (rows, said = ({ isSaid }) => (isSaid ? "yes" : "**silently**")) =>
  [
    "| trouble | what pleura does | is it said? |",
    "|---|---|---|",
    ...rows.map((row) => `| ${row.what} | ${row.does} | ${said(row)} |`),
  ].join("\n");

const layouts = LAYOUTS.map(run);
const files = FILES.map(run);
const known = UNDETECTABLE.map(run);
const shared = attacks();
const page = `# What can go wrong, and whether it is said

pleura never returns something wrong without saying so. This page is written by \`node scripts/trust.mjs\`, which makes every
trouble below from phantoms of ${SLICES} slices, runs the command line on it, and compares the voxels with those of the undamaged
scan. In the first three tables the last column must never be "silently": the script fails otherwise. Some runs end with a failure
where one could have guessed: then \`--by study\`, \`--series\`, \`--fill-gaps\` or \`--allow-damaged\`, which the message names, go on.

The cases of the queue (malformed jobs, jobs that write elsewhere), of privacy (planted names) and of the page (a scan fetched by
another user) need servers and are tested in \`test/cli/queue-jobs.test.ts\`, \`test/cli/privacy.test.ts\` and
\`test/node/serve-page.test.ts\`.

## Where files lie

${table(layouts)}

## Files that are damaged

${table(files)}

## Folders that are shared, and people who mean harm

${table(shared)}

## What nothing can detect

Nothing in these files tells that they are not as they were. Keep archives that have checksums of their own.

${table(known, () => "cannot be told")}

## Random damages

\`npm run fuzz:cases -- --count 2000 --seed 1\` damages a series of 30 slices in 2,000 random ways (as files, with a stated count,
RLE, gzipped, in a zip, as NIfTI and as MetaImage) and prepares each. A run ended so:

| 1,303 | an error |
|---|---|
| 237 | done, with a finding |
| 387 | the voxels of the undamaged scan |
| 73 | other voxels, which nothing could tell: pixels exchanged or changed where no checksum covers them, end slices lost without a stated count, the same plausible value in all files |
| **0** | **other voxels that something in the data could have told** |
`;
const silent = [...layouts, ...files, ...shared].filter(({ isSaid }) => !isSaid);
for (const { what, does } of silent) console.error(`silently: ${what}: ${does}`);
if (process.argv.includes("--check")) {
  if (!existsSync(PAGE) || readFileSync(PAGE, "utf8") !== page) {
    console.error("docs/TRUST.md is out of date: run node scripts/trust.mjs");
    process.exitCode = 1;
  }
} else writeFileSync(PAGE, page);
if (silent.length > 0) process.exitCode = 1;
console.log(`${layouts.length + files.length + shared.length + known.length} troubles, ${silent.length} silently`);
