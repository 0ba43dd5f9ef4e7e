import type { Finding } from "./findings.ts";
import type { Instance } from "./instance.ts";

/** Instances that can lie in one volume: one series, one size, one direction, one pixel spacing. */
export interface Stack {
  readonly seriesUid: string;
  readonly instances: readonly Instance[];
}

/** Direction cosines further apart than this belong to different stacks; 0.06° on one axis. */
const DIRECTION_TOLERANCE = 1e-3;
/** Pixel spacings further apart than this belong to different stacks, mm. */
const SPACING_TOLERANCE = 1e-4;

/** Sorts instances into stacks, in the order in which each stack's first instance comes. */
export function groupStacks(instances: readonly Instance[]): Stack[] {
  const groups: Instance[][] = [];
  for (const instance of instances) {
    const group = groups.find(([first]) => belongTogether(first!, instance));
    if (group === undefined) groups.push([instance]);
    else group.push(instance);
  }
  return groups.map((group) => ({ seriesUid: group[0]!.seriesUid, instances: group }));
}

/** The stack with the most instances, the first of equals, and a finding for each of the others. */
export function chooseStack(stacks: readonly Stack[]): { stack: Stack; findings: Finding[] } | undefined {
  let stack = stacks[0];
  if (stack === undefined) return undefined;
  for (const other of stacks) if (other.instances.length > stack.instances.length) stack = other;
  const chosen = stack;
  const findings = stacks
    .filter((other) => other !== chosen)
    .map(({ instances }): Finding => {
      const { columns, rows } = instances[0]!;
      return {
        code: "left-out",
        severity: "corrected",
        message: `Another stack of ${instances.length} image(s), ${rows} × ${columns}, was left out`,
        measured: `${instances.length} images`,
        limit: `${chosen.instances.length} images in the stack that was read`,
        files: instances.map(({ source }) => source.name),
      };
    });
  return { stack: chosen, findings };
}

function belongTogether(a: Instance, b: Instance): boolean {
  return (
    a.seriesUid === b.seriesUid &&
    a.rows === b.rows &&
    a.columns === b.columns &&
    near(a.orientation, b.orientation, DIRECTION_TOLERANCE) &&
    near(a.pixelSpacing, b.pixelSpacing, SPACING_TOLERANCE)
  );
}

function near(a: readonly number[] | undefined, b: readonly number[] | undefined, tolerance: number): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.every((value, i) => Math.abs(value - b[i]!) <= tolerance);
}
