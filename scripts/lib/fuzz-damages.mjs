import { basename, dirname, extname } from "node:path/posix";
import { unzipSync, zipSync } from "fflate";
import { elementOf, elementsOf, textOf, withoutElement, withValue } from "./dicom-bytes.mjs";
import { LOCATION, NUMBER, OTHER_UID, PLAUSIBLE_EVERYWHERE, POSITION, RETAGS, RETAGS_OF_ALL } from "./fuzz-retags.mjs";

const PIXELS = "7fe00010";
const PREAMBLE = 128;

/**
 * What nothing in the data can tell. Each damage that is not on this list has to end in an error, a finding or
 * the undamaged volume.
 */
export const UNDETECTABLE = {
  // Uncompressed and RLE pixels have no checksum, and any stored value is as possible as another.
  pixels: "a changed pixel that no checksum covers",
  // Any image is as plausible at any place: neither UID nor header is made from the pixels.
  exchanged: "pixels of two slices exchanged, each under a sound header",
  // What is left is a whole series from Instance Number 1 on; a shorter scan looks the same.
  end: "slices lost at the end of a series that states no count",
  // One value, the same in every file: a scanner might have written it.
  everywhere: "the same plausible value in every file",
  // Voxels have a checksum in a compressed MetaImage, its text has none; these two numbers stand nowhere else in it.
  once: "a digit of Offset or ElementSpacing in a MetaImage",
};

/** How often each kind of damage is drawn, for each kind of form. */
const SLICES = new Map([
  [drop, 2],
  [cut, 1],
  [swap, 2],
  [duplicate, 2],
  [overwrite, 1],
  [move, 2],
  [rename, 1],
]);
const KINDS = {
  series: new Map([
    ...SLICES,
    [exchange, 1],
    [retag, 6],
    [retagAll, 1],
    [flipHeader, 6],
    [flipHeaders, 2],
    [flipPixels, 1],
    [flipFile, 1],
  ]),
  packed: new Map([...SLICES, [flipFile, 2]]),
  zip: new Map([
    [member, 2],
    [cut, 1],
    [flipFile, 3],
  ]),
  image: new Map([
    [cut, 1],
    [flipFile, 3],
  ]),
};

/**
 * Damages a form at random.
 *
 * @param form - of `undamagedForms`
 * @param random - gives an integer from 0 to n - 1
 * @returns {{ kind: string, what: string, files: Map<string, Uint8Array>, undetectable?: string }} the kind of damage, the
 * damage itself, what is left, and why nothing can tell
 */
export function damage(form, random) {
  const kinds = [...KINDS[form.kind]].flatMap(([kind, times]) => Array(times).fill(kind));
  const files = new Map(form.files);
  const names = [...files.keys()];
  const pick = (list) => list[random(list.length)];
  return { files, ...pick(kinds)({ form, files, names, random, pick }) };
}

/** Takes one to three slices out, or a run of them at an end. */
function drop({ form, files, names, random, pick }) {
  const lost = new Set();
  if (random(4) === 0) {
    const run = names.slice(0, 1 + random(5)).map((_, i) => i);
    for (const i of pick([run, run.map((k) => names.length - 1 - k)])) lost.add(i);
  } else for (let n = 1 + random(3); n > 0; n--) lost.add(random(names.length));
  for (const i of lost) files.delete(names[i]);
  return { kind: "drop", what: `slices ${[...lost].map((i) => i + 1)}`, ...endOf(form, names, lost) };
}

/** Whether just the last slices are gone, and nothing says how many there were. */
function endOf({ counted }, names, lost) {
  const isEnd = !counted && [...lost].every((i) => i >= names.length - lost.size);
  return isEnd && { undetectable: UNDETECTABLE.end };
}

function cut({ files, names, random, pick }) {
  const name = pick(names);
  const bytes = files.get(name);
  const length = random(3) === 0 ? bytes.length - 1 - random(Math.min(600, bytes.length)) : random(bytes.length);
  files.set(name, bytes.subarray(0, length));
  return { kind: "cut", what: `${name} to ${length} of ${bytes.length} bytes` };
}

/** Two different indices of files. */
function two(names, random) {
  const a = random(names.length);
  return [a, (a + 1 + random(names.length - 1)) % names.length];
}

/** Two files change names, or two slices change places. */
function swap({ form, files, names, random, pick }) {
  const [a, b] = two(names, random).map((i) => names[i]);
  const [first, second] = [files.get(a), files.get(b)];
  const tags = form.kind === "packed" ? [] : pick([[], [POSITION], [POSITION, LOCATION], [NUMBER]]);
  if (tags.length === 0) {
    files.set(a, second).set(b, first);
    return { kind: "swap files", what: `${a} and ${b}` };
  }
  let [x, y] = [first, second];
  for (const tag of tags) [x, y] = [withValue(x, tag, textOf(y, tag)), withValue(y, tag, textOf(x, tag))];
  files.set(a, x).set(b, y);
  return { kind: "swap headers", what: `${tags} of ${a} and ${b}` };
}

/** The pixels of two slices change places. */
function exchange({ files, names, random }) {
  const [a, b] = two(names, random).map((i) => names[i]);
  const [x, y] = [files.get(a), files.get(b)];
  const [p, q] = [x, y].map((bytes) => elementOf(bytes, PIXELS).start);
  files.set(a, new Uint8Array(Buffer.concat([x.subarray(0, p), y.subarray(q)])));
  files.set(b, new Uint8Array(Buffer.concat([y.subarray(0, q), x.subarray(p)])));
  return { kind: "swap pixels", what: `${a} and ${b}`, undetectable: UNDETECTABLE.exchanged };
}

/** A second copy of a slice: as it is, with other pixels, with another UID, or cut short. */
function duplicate({ form, files, names, random, pick }) {
  const name = pick(names);
  const bytes = files.get(name);
  const ways = {
    "as it is": () => bytes,
    "cut short": () => bytes.subarray(0, random(bytes.length)),
    ...(form.kind === "series" && {
      "with other pixels": () => flipped(bytes, [8 * (bytes.length - 2000 + random(1500))]),
      "with another UID": () => withValue(bytes, "00080018", OTHER_UID),
      "of another series": () => withValue(bytes, "0020000e", OTHER_UID),
    }),
  };
  const way = pick(Object.keys(ways));
  const copy = `${dirname(name)}/${pick(["IMG0099.dcm", "copy.dcm", "A.dcm"])}${extname(name) === ".gz" ? ".gz" : ""}`;
  files.set(copy, ways[way]());
  return { kind: "duplicate", what: `${name} as ${copy} ${way}` };
}

/** A slice lies under the name of another one, which is lost; or zeros, or text do. */
function overwrite({ files, names, random, pick }) {
  const [a, b] = two(names, random);
  const way = pick(["another slice", "zeros", "text", "nothing"]);
  const { length } = files.get(names[b]);
  const by = {
    "another slice": files.get(names[a]),
    zeros: new Uint8Array(length),
    text: new TextEncoder().encode("Not Found\n"),
    nothing: new Uint8Array(0),
  };
  files.set(names[b], by[way]);
  // The copy shows as a doubled position; what it replaced at the end does not, but the copy itself is a finding.
  return { kind: "overwrite", what: `slice ${b + 1} with ${way}${way === "another slice" ? ` ${a + 1}` : ""}` };
}

/** A slice lies in another folder: below the series, or where `prep` does not look. */
function move({ form, files, names, random }) {
  const i = random(names.length);
  const name = names[i];
  const isOut = random(2) === 0;
  files.set(isOut ? `elsewhere/${basename(name)}` : `${dirname(name)}/sub/${basename(name)}`, files.get(name));
  files.delete(name);
  const where = isOut ? "out of the input" : "to a folder below";
  return { kind: "move", what: `slice ${i + 1} ${where}`, ...(isOut && endOf(form, names, new Set([i]))) };
}

function rename({ files, names, random, pick }) {
  const name = pick(names);
  const way = random(6);
  const other = ["000", "IMG", `${basename(name)}.bak`, "x.txt", `.${basename(name)}`, "IMG0001.zip"][way];
  const bytes = files.get(name);
  files.delete(name);
  files.set(`${dirname(name)}/${other}`, bytes);
  return { kind: "rename", what: `${name} to ${other}` };
}

function change(bytes, [tag, value, ...more]) {
  const next = typeof value === "function" ? value(textOf(bytes, tag)) : value;
  const has = elementOf(bytes, tag) !== undefined;
  let changed = bytes;
  if (next !== null) changed = withValue(bytes, tag, next, "LO");
  else if (has) changed = withoutElement(bytes, tag);
  return more.length > 0 ? change(changed, more) : changed;
}

function retag({ files, names, random, pick }) {
  const what = pick(Object.keys(RETAGS));
  const name = pick(names);
  const step = 8 * (random(400) / 100 - 2);
  // Positions have a draw of their own: along the normal, or sideways.
  if (random(6) === 0) {
    const axis = random(3);
    const position = textOf(files.get(name), POSITION).split("\\").map(Number);
    position[axis] = Number((position[axis] + step).toFixed(3));
    files.set(name, withValue(files.get(name), POSITION, position.join("\\")));
    return { kind: "retag one", what: `${name}: Image Position ${"xyz"[axis]} by ${step} mm` };
  }
  files.set(name, change(files.get(name), RETAGS[what]));
  return { kind: "retag one", what: `${name}: ${what}` };
}

function retagAll({ files, names, pick }) {
  const what = pick(Object.keys(RETAGS_OF_ALL));
  for (const name of names) files.set(name, change(files.get(name), RETAGS_OF_ALL[what]));
  const isPlausible = PLAUSIBLE_EVERYWHERE.includes(what);
  return { kind: "retag all", what, ...(isPlausible && { undetectable: UNDETECTABLE.everywhere }) };
}

function flipped(bytes, bits) {
  const copy = bytes.slice();
  for (const bit of bits) copy[bit >> 3] ^= 1 << (bit & 7);
  return copy;
}

/** One to four bits, from one byte to another. */
function bitsIn(random, from, to) {
  return Array.from(
    { length: 1 + (random(2) === 0 ? 0 : random(4)) },
    () => 8 * (from + random(to - from)) + random(8),
  );
}

function flipHeader({ files, names, random, pick }) {
  const name = pick(names);
  const bytes = files.get(name);
  const bits = bitsIn(random, PREAMBLE, elementOf(bytes, PIXELS).at);
  files.set(name, flipped(bytes, bits));
  return { kind: "flip header", what: `${name}: ${bits.map((bit) => placeOf(bytes, bit)).join(", ")}` };
}

/** The same bit of the same element in every file. */
function flipHeaders({ files, names, random }) {
  const first = files.get(names[0]);
  const elements = elementsOf(first).filter(({ tag, at, end }) => tag < PIXELS && tag > "0003" && end > at);
  const { tag, start, end, at } = elements[random(elements.length)];
  const offset = random(end - start);
  const bit = random(8);
  for (const name of names) {
    const bytes = files.get(name);
    const element = elementOf(bytes, tag);
    const byte = element.start + Math.min(offset, element.end - element.start - 1);
    files.set(name, flipped(bytes, [8 * byte + bit]));
  }
  const isValue = offset >= at - start;
  const isPlausible = isValue && PLAUSIBLE_BITS.includes(tag);
  return {
    kind: "flip headers",
    what: `bit ${bit} of byte ${offset} of ${tag} in all files`,
    ...(isPlausible && { undetectable: UNDETECTABLE.everywhere }),
  };
}

/** Elements of which a bit may be turned in every file and leave a plausible value: spacing, rescale, place. */
const PLAUSIBLE_BITS = ["00280030", "00281052", "00281053", POSITION];

function placeOf(bytes, bit) {
  const at = bit >> 3;
  const element = elementsOf(bytes).find(({ start, end }) => at >= start && at < end);
  if (element === undefined) return `bit ${bit}`;
  const part = at >= element.at ? `value byte ${at - element.at}` : `head byte ${at - element.start}`;
  return `${element.tag} ${part} bit ${bit & 7}`;
}

function flipPixels({ files, names, random, pick }) {
  const name = pick(names);
  const bytes = files.get(name);
  const bits = bitsIn(random, elementOf(bytes, PIXELS).at, bytes.length);
  files.set(name, flipped(bytes, bits));
  return { kind: "flip pixels", what: `${name}: bits ${bits}`, undetectable: UNDETECTABLE.pixels };
}

/** Bits anywhere in a file; in a container a checksum covers what it holds. */
function flipFile({ form, files, names, random, pick }) {
  const name = pick(names);
  const bytes = files.get(name);
  const isText = name.endsWith(".mha") && random(2) === 0;
  const isZip = name.endsWith(".zip") && random(2) === 0;
  const from = isZip ? bytes.length - 2200 : 0;
  const bits = bitsIn(random, from, isText ? 400 : bytes.length);
  files.set(name, flipped(bytes, bits));
  const reaches = form.kind === "series" && bits.some((bit) => bit >> 3 >= elementOf(bytes, PIXELS).at);
  return {
    kind: form.kind === "series" ? "flip anywhere" : "flip container",
    what: `${name}: bits ${bits}`,
    ...(reaches && { undetectable: UNDETECTABLE.pixels }),
    ...(name.endsWith(".mha") && numberOf(bytes, bits)),
  };
}

/** Whether a bit lies in the numbers of one of the fields that `UNDETECTABLE.once` is about. */
function numberOf(bytes, bits) {
  const text = Buffer.from(bytes.subarray(0, 1000)).toString("latin1");
  const isNumber = (at) =>
    ["Offset = ", "ElementSpacing = "].some((field) => {
      const from = text.indexOf(field) + field.length;
      return at >= from && at < text.indexOf("\n", from);
    });
  return bits.some((bit) => isNumber(bit >> 3)) && { undetectable: UNDETECTABLE.once };
}

/** Takes a file out of an archive, puts one in twice, or empties one. */
function member({ form, files, names, random, pick }) {
  const inside = unzipSync(files.get(names[0]));
  const inner = Object.keys(inside).sort();
  const i = random(inner.length);
  const way = pick(["dropped", "doubled", "emptied", "cut"]);
  const bytes = inside[inner[i]];
  if (way === "dropped") delete inside[inner[i]];
  if (way === "doubled") inside["again.dcm"] = bytes;
  if (way === "emptied") inside[inner[i]] = new Uint8Array(0);
  if (way === "cut") inside[inner[i]] = bytes.subarray(0, random(bytes.length));
  files.set(names[0], zipSync(inside, { mtime: "2020-01-01" }));
  const isEnd = way === "dropped" && endOf(form, inner, new Set([i]));
  return { kind: "change archive", what: `${inner[i]} ${way}`, ...isEnd };
}
