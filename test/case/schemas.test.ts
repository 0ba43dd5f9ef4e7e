import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { manifestSchema, parametersSchema } from "../../scripts/lib/schemas.ts";
import type { CaseManifest } from "../../src/case/manifest.ts";
import { prepCase } from "../../src/node/prep-case.ts";
import type { PrepCaseOptions } from "../../src/node/prep-options.ts";
import { writePhantom } from "../../src/node/write-phantom.ts";
import { makePhantom } from "../../src/phantom/phantom.ts";
import { PROFILES } from "../../src/session/index.ts";
import { Session } from "../../src/session/session.ts";

const SCHEMAS = join(import.meta.dirname, "../../schemas");

function published(name: string): ValidateFunction {
  const schema = JSON.parse(readFileSync(join(SCHEMAS, name), "utf8"));
  return new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true }).compile(schema);
}

test("the published schemas are those of the code", async () => {
  const text = (schema: object): string => `${JSON.stringify(schema, undefined, 2)}\n`;
  await expect(text(manifestSchema())).toMatchFileSnapshot(join(SCHEMAS, "manifest.json"));
  await expect(text(parametersSchema())).toMatchFileSnapshot(join(SCHEMAS, "parameters.json"));
});

describe("the schema of the manifest", () => {
  let folder: string;
  let series: string;
  let validate: ValidateFunction;
  beforeAll(async () => {
    validate = published("manifest.json");
    folder = mkdtempSync(join(tmpdir(), "pleura-schema-"));
    series = join(folder, "series");
    await writePhantom(makePhantom({ size: 96, slices: 40 }), series);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  async function manifestWith(options: Omit<PrepCaseOptions, "out">): Promise<CaseManifest> {
    const out = join(folder, "out");
    const result = await prepCase(series, { out, name: "case", force: true, ...options });
    if (result.status !== "done") throw new Error(JSON.stringify(result));
    return JSON.parse(readFileSync(join(out, "case.json"), "utf8"));
  }

  function errorsOf(manifest: unknown): unknown {
    return validate(manifest) ? [] : validate.errors;
  }

  test("holds for what a case writes: alone, with everything, with given lungs", async () => {
    expect(errorsOf(await manifestWith({}))).toEqual([]);
    expect(errorsOf(await manifestWith({ stages: true, verify: true, series: "1" }))).toEqual([]);
    const lungs = join(folder, "lungs");
    await prepCase(series, { out: lungs, name: "case" });
    const masks = join(lungs, "case_lungs.nii.gz");
    expect(errorsOf(await manifestWith({ lungs: masks }))).toEqual([]);
    const luna16 = await manifestWith({ lungs: masks, profile: "luna16" });
    expect(luna16.parameters.read.directions).toBe("published");
    expect(errorsOf(luna16)).toEqual([]);
  });

  test("holds for what the page saves", async () => {
    const session = new Session(() => {});
    const files = readdirSync(series).map((name) => {
      const path = join(series, name);
      return new File([readFileSync(path)], name, { lastModified: statSync(path).mtimeMs });
    });
    await session.open({ files, name: "case", read: { fillGaps: true } });
    await session.run(PROFILES.grt123);
    const { bytes } = await session.save({ file: "manifest" });
    expect(errorsOf(JSON.parse(Buffer.from(bytes).toString()))).toEqual([]);
  });

  test("refuses what is no manifest, lacks a field, has one too many, or a value out of range", async () => {
    const manifest = await manifestWith({});
    const { digest: _, ...others } = manifest;
    const { lungs, prepare } = manifest.parameters;
    const broken: readonly unknown[] = [
      {},
      others,
      { ...manifest, more: 1 },
      { ...manifest, labelOffset: [1, 2] },
      { ...manifest, parameters: { ...manifest.parameters, lungs: { ...lungs, cutStep: 0 } } },
      { ...manifest, parameters: { ...manifest.parameters, prepare: { ...prepare, order: 6 } } },
      { ...manifest, milliseconds: { read: 1 } },
    ];
    for (const one of broken) expect(errorsOf(one)).not.toEqual([]);
  });
});

test("the schema of the parameters takes all of a profile's, and nothing that is out of range or unknown", () => {
  const validate = published("parameters.json");
  const { lungs, prepare } = PROFILES.grt123;
  expect(validate({ $schema: "parameters.json", lungs, prepare })).toBe(true);
  expect(validate({})).toBe(true);
  for (const wrong of [
    { lungs: { binarize: { sigma: 16 } } },
    { lungs: { binarize: { sigmas: 1 } } },
    { lungs: { select: { volumeLimits: [1] } } },
    { prepare: { hull: { iterations: 1.5 } } },
    { prepare: { newSpacing: [0, 1, 1] } },
    { read: { fillGaps: true } },
  ]) {
    expect(validate(wrong), JSON.stringify(wrong)).toBe(false);
  }
});
