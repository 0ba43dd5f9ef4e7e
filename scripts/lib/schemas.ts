/**
 * The JSON schemas that the package ships in `schemas/`, made from what the code itself goes by: the shape that a
 * manifest is read with, and the table of stages. `test/case/schemas.test.ts` writes them (vitest -u) and compares.
 */
import { MANIFEST } from "../../src/case/parse-manifest.ts";
import type { Shape } from "../../src/case/shape.ts";
import { isOption, type Option, type OptionTable } from "../../src/options.ts";
import { PROFILE_TABLE, type ProfileName } from "../../src/pipeline/profiles.ts";
import type { Part } from "../../src/pipeline/stage.ts";
import { stagesOf, tableOf } from "../../src/pipeline/stages.ts";
import { VERDICTS } from "../../src/quality/verdict.ts";

export type Schema = { readonly [key: string]: unknown };

const DRAFT = "https://json-schema.org/draft/2020-12/schema";
const PROFILE_NAMES = Object.keys(PROFILE_TABLE) as ProfileName[];

const DENSITY: Readonly<Record<string, string>> = {
  voxels: "Voxels of the mask",
  meanHu: "Mean, HU",
  sdHu: "Standard deviation, HU",
  percentilesHu: "The lowest value that this percentage of the voxels does not exceed, HU",
  laa950: "Percentage of voxels below -950 HU",
  laa910: "Percentage of voxels below -910 HU",
  haa: "Percentage of voxels from -600 to -250 HU",
  massG: "Mass of air and tissue, g",
};

/** What the fields of a manifest mean; a field that is missing here fails the test. */
const MEANINGS: Readonly<Record<string, string>> = {
  version: "Version of pleura",
  profile: "Whose numbers were reproduced",
  revision: "Number of the profile's outputs: it goes up when a version gives other bytes",
  parameters: "Every option that changes the numbers, defaults included",
  "parameters.read": "How the scan was read",
  "parameters.lungs": "Options of the stages that find the lungs; empty where the lungs come from a mask or a model",
  "parameters.prepare": "Options of the stages from the lungs to the model input",
  "parameters.mask": "How the labels of a given mask were understood",
  "parameters.model": "The recipe of the model that found the lungs: what it takes and gives",
  "parameters.nodules": "How annotations were understood",
  digest: "SHA-256 of the names, sizes and times of the input's files",
  case: "Name of the case",
  given: "Digests of what was given beside the scan",
  "given.series": "First 16 hexadecimal digits of the SHA-256 of the Series Instance UID",
  "given.lungs":
    "Of the lung mask's files: names, sizes and times; or SHA-256 of the bytes of the model that found the lungs",
  "given.runtime": "What ran the model, with its version",
  "given.nodules": "Of the case's own rows of the annotations",
  input: "What was read",
  "input.files": "Number of files",
  "input.bytes": "Bytes of all files",
  "input.skipped": "Files that have no part in the volume",
  geometry: "Where the voxels of clean lie. [z, y, x], millimetres; affines lead to LPS",
  "geometry.original": "The scan",
  "geometry.original.shape": "Voxels",
  "geometry.original.spacing": "mm",
  "geometry.original.affine": "Index of the scan to LPS, mm; 4 x 4, row by row",
  "geometry.resampled": "The whole scan on the new grid, of which clean is a part",
  "geometry.resampled.shape": "Voxels",
  "geometry.resampled.spacing": "Extent over shape, mm",
  "geometry.step": "Voxels of the scan for one step on the new grid",
  "geometry.box": "The part of the new grid that was kept: first voxel, and the one after the last, of each axis",
  "geometry.shape": "Shape of clean, voxels",
  "geometry.affine": "Index of clean to LPS, mm; 4 x 4, row by row",
  labelOffset: "Voxels of the scan that the label's positions are off; missing for none, null where it varies",
  lungs: "Volumes, and how the segmentation went",
  "lungs.rightMl": "Volume of the right lung, mL",
  "lungs.leftMl": "Volume of the left lung, mL",
  "lungs.totalMl": "Volume of both lungs, mL",
  "lungs.separated": "Whether erosion split the mask into two lungs",
  "lungs.cut": "Slices that were cut from the top before lungs were found",
  "lungs.bodies": "Bodies that passed the volume and distance rules",
  "lungs.erosions": "Erosions that were needed to separate the lungs",
  density: "What the voxels of the lungs hold, on the scan's own grid; null for an empty lung. See docs/TABLES.md",
  "density.right": "The right lung",
  "density.left": "The left lung",
  "density.both": "Both lungs",
  ...Object.fromEntries(
    ["right", "left", "both"].flatMap((side) =>
      Object.entries(DENSITY).map(([name, meaning]) => [`density.${side}.${name}`, meaning]),
    ),
  ),
  quality: "How far the lungs may be trusted",
  "quality.verdict": "good, doubtful or bad",
  "quality.reasons": "What sound lungs do not have, the worst first",
  "quality.reasons.code": "Stable name of the reason",
  "quality.reasons.text": "The reason in words",
  "quality.reasons.measured": "What was measured, in the unit",
  "quality.reasons.limit": "What sound lungs do not exceed, or fall below, in the unit",
  "quality.reasons.unit": "%, mm, HU, °, or empty for a plain number",
  "quality.measurements": "What the verdict is made of; see docs/QUALITY.md",
  findings: "What the reader noticed and did, and what the segmentation should be doubted for",
  "findings.code": "Stable name of the finding",
  "findings.severity": "warning, corrected or fatal",
  "findings.message": "The finding in words",
  "findings.measured": "What was found, with its unit",
  "findings.limit": "What would have been right, with its unit",
  "findings.hint": "What the user can do about it",
  "findings.files": "Files concerned, by their place in the input",
  outputs: "Bytes of each file of the case, the manifest aside",
  stored: "The DICOMweb service that has stored the SEG",
  hashes: "SHA-256 of everything read and written; with verify only",
  "hashes.input": "Of the names and bytes of the input",
  "hashes.outputs": "Of the bytes of each output",
  milliseconds: "Milliseconds of each stage, and in all",
};

/** The schema of `<case>.json`. */
export function manifestSchema(): Schema {
  const ownSchemas: Readonly<Record<string, Schema>> = {
    profile: { enum: PROFILE_NAMES },
    "parameters.read": readSchema(),
    "parameters.lungs": partSchema("lungs"),
    "parameters.prepare": partSchema("prepare"),
    "parameters.mask": { type: "object" },
    "parameters.model": { type: "object" },
    "parameters.nodules": { type: "object" },
    "quality.verdict": { enum: VERDICTS },
    "findings.severity": { enum: ["warning", "corrected", "fatal"] },
    milliseconds: {
      type: "object",
      properties: { total: { type: "number", minimum: 0 } },
      required: ["total"],
      additionalProperties: { type: "number", minimum: 0 },
    },
  };
  return {
    $schema: DRAFT,
    title: "Manifest of a case",
    description: "How the files of a case came to be and where they lie in the patient",
    ...schemaOf(MANIFEST, "", ownSchemas),
  };
}

/** The schema of the file that `--params` takes. */
export function parametersSchema(): Schema {
  return {
    $schema: DRAFT,
    title: "Parameters of a run",
    description: "Options of the stages, for --params; what is left out keeps the default of the profile",
    type: "object",
    additionalProperties: false,
    properties: { $schema: { type: "string" }, lungs: partSchema("lungs"), prepare: partSchema("prepare") },
  };
}

function schemaOf(shape: Shape, path: string, own: Readonly<Record<string, Schema>>): Schema {
  if (own[path] !== undefined) return own[path];
  if (typeof shape === "string") return { type: shape };
  if ("nullable" in shape) return { anyOf: [schemaOf(shape.nullable, path, own), { type: "null" }] };
  if ("record" in shape) return { type: "object", additionalProperties: schemaOf(shape.record, path, own) };
  if ("list" in shape) {
    const { list, length } = shape;
    return { type: "array", items: schemaOf(list, path, own), ...(length && { minItems: length, maxItems: length }) };
  }
  const fields = Object.entries(shape.fields).map(([name, field]) => {
    const isOptional = typeof field !== "string" && "optional" in field;
    const at = path === "" ? name : `${path}.${name}`;
    const description = MEANINGS[at];
    if (description === undefined) throw new Error(`scripts/lib/schemas.ts does not say what ${at} means`);
    return { name, isOptional, schema: { description, ...schemaOf(isOptional ? field.optional : field, at, own) } };
  });
  // An old manifest has no revision; those that are written now do.
  const required = fields.filter(({ name, isOptional }) => !isOptional || name === "revision").map(({ name }) => name);
  return {
    type: "object",
    additionalProperties: false,
    required,
    properties: Object.fromEntries(fields.map(({ name, schema }) => [name, schema])),
  };
}

function readSchema(): Schema {
  return {
    type: "object",
    additionalProperties: false,
    required: ["fillGaps", "allowDamaged"],
    properties: {
      fillGaps: { type: "boolean" },
      allowDamaged: { type: "boolean" },
      precision: { enum: ["single", "double"] },
      directions: { enum: ["patient", "published"] },
      series: { type: "string" },
      only: {
        type: "object",
        additionalProperties: false,
        required: ["by", "key"],
        properties: { by: { enum: ["study", "series"] }, key: { type: "string" } },
      },
    },
  };
}

/** The options of a part, of all profiles. */
function partSchema(part: Part): Schema {
  return groupSchema(tableOf(PROFILE_NAMES.flatMap((profile) => stagesOf(profile, part))));
}

function groupSchema(table: OptionTable): Schema {
  const properties = Object.entries(table).map(([name, entry]) => [
    name,
    isOption(entry) ? optionSchema(entry) : groupSchema(entry),
  ]);
  return { type: "object", additionalProperties: false, properties: Object.fromEntries(properties) };
}

function optionSchema(option: Option): Schema {
  if ("choices" in option) return { enum: option.choices, default: option.default };
  const { default: usual, unit, least, above, most, whole, label } = option;
  const number = {
    type: whole ? "integer" : "number",
    ...(least !== undefined && { minimum: least }),
    ...(above !== undefined && { exclusiveMinimum: above }),
    ...(most !== undefined && { maximum: most }),
  };
  const description = [label, unit].flat().filter(Boolean).join(", ");
  const about = { ...(description !== "" && { description }), default: usual };
  if (typeof usual === "number") return { ...about, ...number };
  return { ...about, type: "array", items: number, minItems: usual.length, maxItems: usual.length };
}
