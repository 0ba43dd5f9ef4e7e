import { type LungDensity, PERCENTS } from "../lungs/density.ts";
import type { CaseManifest } from "./manifest.ts";

/** A case of a run: its manifest, or the code of its failure. */
export interface TabledCase {
  readonly case: string;
  readonly status: "done" | "skipped" | "failed";
  readonly manifest?: CaseManifest;
  readonly failure?: string;
}

/** A column of the table of cases. */
export interface TableColumn {
  readonly name: string;
  /** Empty for texts and plain numbers. */
  readonly unit: string;
  readonly meaning: string;
  /** `undefined` leaves the cell empty. */
  readonly value: (one: TabledCase) => string | number | undefined;
}

const SIDES = [
  ["right", "right lung"],
  ["left", "left lung"],
  ["both", "both lungs"],
] as const;
const AXES = ["z", "y", "x"] as const;

/** The columns of the table of cases, in their order. */
export const TABLE_COLUMNS: readonly TableColumn[] = [
  text("case", "Name of the case", (one) => one.case),
  text("status", "done, skipped (finished before) or failed", (one) => one.status),
  text("failure", "Code of the failure", (one) => one.failure),
  text(
    "verdict",
    "How far the lungs may be trusted: good, doubtful or bad",
    ({ manifest }) => manifest?.quality?.verdict,
  ),
  text("reasons", "Codes of the verdict's reasons, the worst first", ({ manifest }) =>
    manifest?.quality?.reasons.map(({ code }) => code).join(" "),
  ),
  text(
    "findings",
    "Codes of the findings, each once",
    ({ manifest }) => manifest && [...new Set(manifest.findings.map(({ code }) => code))].join(" "),
  ),
  text(
    "separated",
    "Whether the lungs came apart: yes or no",
    ({ manifest }) => manifest && (manifest.lungs.separated ? "yes" : "no"),
  ),
  ...AXES.map((axis, i) => ({
    name: `voxel_${axis}_mm`,
    unit: "mm",
    meaning: `Size of the scan's voxels along ${axis}`,
    value: ({ manifest }: TabledCase) => manifest?.geometry.original.spacing[i],
  })),
  ...SIDES.flatMap(([side, called]) => sideColumns(side, called)),
];

/** The table's first line, without an end of line. */
export function tableHeader(): string {
  return TABLE_COLUMNS.map(({ name }) => name).join(",");
}

/** A case's line of the table, without an end of line. Source: https://www.rfc-editor.org/rfc/rfc4180 */
export function tableRow(one: TabledCase): string {
  return TABLE_COLUMNS.map(({ value }) => cellOf(value(one))).join(",");
}

function sideColumns(side: "right" | "left" | "both", called: string): TableColumn[] {
  const column = (name: string, unit: string, meaning: string, of: (density: LungDensity) => number): TableColumn => ({
    name: `${side}_${name}`,
    unit,
    meaning: `${meaning}, ${called}`,
    value: ({ manifest }) => {
      const density = manifest?.density?.[side];
      return density ? of(density) : undefined;
    },
  });
  const volume = ({ manifest }: TabledCase): number | undefined =>
    manifest && { right: manifest.lungs.rightMl, left: manifest.lungs.leftMl, both: manifest.lungs.totalMl }[side];
  return [
    { name: `${side}_volume_ml`, unit: "mL", meaning: `Volume, ${called}`, value: volume },
    column("voxels", "", "Voxels of the mask on the scan's grid", ({ voxels }) => voxels),
    column("mean_hu", "HU", "Mean", ({ meanHu }) => meanHu),
    column("sd_hu", "HU", "Standard deviation of the voxels", ({ sdHu }) => sdHu),
    ...PERCENTS.map((percent) =>
      column(
        `p${percent}_hu`,
        "HU",
        `${percent}th percentile: the lowest value that at least ${percent} % of the voxels do not exceed`,
        ({ percentilesHu }) => percentilesHu[`p${percent}`],
      ),
    ),
    column("laa950_percent", "%", "%LAA-950: voxels below -950 HU", ({ laa950 }) => laa950),
    column("laa910_percent", "%", "%LAA-910: voxels below -910 HU", ({ laa910 }) => laa910),
    column("haa_percent", "%", "High-attenuation areas: voxels from -600 to -250 HU", ({ haa }) => haa),
    column("mass_g", "g", "Mass of air and tissue: (HU + 1000) / 1000 g/mL, at least 0", ({ massG }) => massG),
  ];
}

function text(name: string, meaning: string, value: TableColumn["value"]): TableColumn {
  return { name, unit: "", meaning, value };
}

/** Text that a spreadsheet would take for a formula is marked as text. */
function cellOf(value: string | number | undefined): string {
  if (value === undefined) return "";
  if (typeof value === "number") return String(value);
  const plain = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}
