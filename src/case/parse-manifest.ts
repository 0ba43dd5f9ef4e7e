import type { CaseManifest } from "./manifest.ts";
import { hasShape, type Shape } from "./shape.ts";

/** Manifests without a revision are of the versions before there was one. */
const FIRST_REVISION = 1;

const TRIPLE: Shape = { list: "number", length: 3 };
const AFFINE: Shape = { list: "number", length: 16 };
const DENSITY: Shape = {
  nullable: {
    fields: {
      voxels: "number",
      meanHu: "number",
      sdHu: "number",
      percentilesHu: { record: "number" },
      laa950: "number",
      laa910: "number",
      haa: "number",
      massG: "number",
    },
  },
};
const GRID = { shape: TRIPLE, spacing: TRIPLE };

/**
 * Everything that a manifest has; the values of its parameters are compared only. `schemas/manifest.json` is made
 * from it, see `scripts/lib/schemas.ts`.
 */
export const MANIFEST = {
  fields: {
    version: "string",
    profile: "string",
    revision: { optional: "number" },
    parameters: {
      fields: {
        read: "object",
        lungs: "object",
        prepare: "object",
        mask: { optional: "object" },
        model: { optional: "object" },
        nodules: { optional: "object" },
      },
    },
    digest: "string",
    case: "string",
    given: {
      optional: {
        fields: {
          series: { optional: "string" },
          lungs: { optional: "string" },
          runtime: { optional: "string" },
          nodules: { optional: "string" },
        },
      },
    },
    input: { fields: { files: "number", bytes: "number", skipped: "number" } },
    geometry: {
      fields: {
        original: { fields: { ...GRID, affine: AFFINE } },
        resampled: { fields: GRID },
        step: TRIPLE,
        box: { list: { list: "number", length: 2 }, length: 3 },
        shape: TRIPLE,
        affine: AFFINE,
      },
    },
    labelOffset: { optional: { nullable: TRIPLE } },
    lungs: {
      fields: {
        rightMl: "number",
        leftMl: "number",
        totalMl: "number",
        separated: "boolean",
        cut: "number",
        bodies: "number",
        erosions: "number",
      },
    },
    density: { optional: { fields: { right: DENSITY, left: DENSITY, both: DENSITY } } },
    quality: {
      optional: {
        fields: {
          verdict: "string",
          reasons: {
            list: { fields: { code: "string", text: "string", measured: "number", limit: "number", unit: "string" } },
          },
          measurements: "object",
        },
      },
    },
    findings: {
      list: {
        fields: {
          code: "string",
          severity: "string",
          message: "string",
          measured: { optional: "string" },
          limit: { optional: "string" },
          hint: { optional: "string" },
          files: { optional: { list: "string" } },
        },
      },
    },
    outputs: { record: "number" },
    stored: { optional: "string" },
    hashes: { optional: { fields: { input: "string", outputs: { record: "string" } } } },
    milliseconds: { record: "number" },
  },
} as const satisfies Shape;

/**
 * Takes a manifest out of what was parsed from JSON, with whatever a later version may have added.
 *
 * @returns `undefined` when it is no manifest, or not a whole one
 */
export function parseManifest(value: unknown): CaseManifest | undefined {
  if (!hasShape(value, MANIFEST)) return undefined;
  const manifest = value as CaseManifest & { readonly revision?: number };
  return manifest.milliseconds.total === undefined
    ? undefined
    : { ...manifest, revision: manifest.revision ?? FIRST_REVISION };
}
