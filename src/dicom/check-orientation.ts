import type { Point } from "../volume/affine.ts";
import type { Finding } from "./findings.ts";
import type { Instance } from "./instance.ts";
import {
  AXIAL,
  angleBetween,
  columnDirection,
  dot,
  length,
  mainAxis,
  minus,
  orthonormalError,
  rowDirection,
  scale,
} from "./plane-geometry.ts";
import type { Stack } from "./stack.ts";

/** Angle between the slice-stacking direction and the normal from which a stack is tilted, degrees. */
const TILTED = 0.2;
/** A tilted stack whose rows follow the slice-stacking direction by more than this is no gantry tilt, degrees. */
const TURNED = 0.5;
/** Angle of the normal from the patient's axis from which it is said, degrees. */
const OBLIQUE = 1;
/** Direction cosines are rounded to about six digits; more than this is an error. */
const ORTHONORMAL = 1e-3;
const NOT_ORTHONORMAL = 1e-2;

/**
 * Looks at the directions of a stack: at those of its pixels, and at the way that its slices take.
 *
 * A tilt is told from the geometry alone: the header's own tilt is often missing or has the wrong
 * sign.
 *
 * @param slices - one instance for each position, in order
 */
export function checkOrientation({ plane, normal }: Stack, slices: readonly Instance[]): Finding[] {
  const first = slices[0]!;
  const orientation = first.orientation ?? AXIAL;
  const error = orthonormalError(orientation);
  if (error > NOT_ORTHONORMAL) {
    return [
      {
        code: "non-orthonormal",
        severity: "fatal",
        message: "Image Orientation does not hold two directions at a right angle",
        measured: `off by ${error.toFixed(4)}`,
        limit: `${NOT_ORTHONORMAL}`,
      },
    ];
  }
  const findings: Finding[] = [];
  if (error > ORTHONORMAL) {
    findings.push({
      code: "non-orthonormal",
      severity: "warning",
      message: "Image Orientation does not quite hold two directions at a right angle",
      measured: `off by ${error.toFixed(4)}`,
      limit: `${ORTHONORMAL}`,
    });
  }
  if (plane !== "axial") {
    findings.push({
      code: "non-axial",
      severity: "fatal",
      message: `The slices are ${plane}: the lungs are found on axial ones`,
      measured: `${angleBetween(normal, [0, 0, 1]).toFixed(1)}° from the patient's axis`,
      limit: "37°",
    });
    return findings;
  }
  return [...findings, ...checkWay(normal, slices), ...checkTurn(orientation)];
}

/** The angle of {@link tilt} at which a stack has to be put upright; 0 when it stands upright. */
export function tiltAngle(normal: Point, slices: readonly Instance[]): number {
  const way = wayOf(slices);
  if (way === undefined) return 0;
  const angle = angleBetween(way, normal);
  return angle > TILTED ? angle : 0;
}

function checkWay(normal: Point, slices: readonly Instance[]): Finding[] {
  const way = wayOf(slices);
  if (way === undefined) return [];
  const first = slices[0]!;
  const pixel = Math.min(...(first.pixelSpacing ?? [1]));
  const findings: Finding[] = [];
  const shift = largestShift(slices, way);
  if (shift > pixel) {
    findings.push({
      code: "shifted-slices",
      severity: "warning",
      message: "The slices do not lie on one straight line",
      measured: `${shift.toFixed(2)} mm off it`,
      limit: `${pixel.toFixed(2)} mm, one pixel`,
    });
  }
  const angle = tiltAngle(normal, slices);
  if (angle > 0) {
    const turned = Math.abs(90 - angleBetween(way, rowDirection(first.orientation ?? AXIAL)));
    const measured = `${angle.toFixed(2)}° between the slice-stacking direction and the slices' normal`;
    const limit = `${TILTED}°`;
    if (turned > TURNED) {
      const message = "The slices follow each other sideways: this is no gantry tilt that could be put upright";
      findings.push({ code: "tilt", severity: "fatal", message, measured, limit });
    } else {
      const message =
        "The gantry was tilted: the volume was resampled upright; its first and last slices repeat where none reached";
      findings.push({ code: "tilt", severity: "corrected", message, measured, limit });
    }
  } else if (angleBetween(normal, [0, 0, 1]) > OBLIQUE) {
    findings.push({
      code: "oblique",
      severity: "warning",
      message: "The slices are not quite axial: they were read as they are",
      measured: `${angleBetween(normal, [0, 0, 1]).toFixed(1)}° from the patient's axis`,
      limit: `${OBLIQUE}°`,
    });
  }
  return findings;
}

/** What has to be turned to bring x to the left and y to the back. */
function checkTurn(orientation: NonNullable<Instance["orientation"]>): Finding[] {
  const row = rowDirection(orientation);
  const column = columnDirection(orientation);
  const turned = (code: Finding["code"], message: string): Finding => ({
    code,
    severity: "corrected",
    message: `${message}: the volume was turned so that x runs to the left, y to the back, z to the head`,
    measured: `rows along ${along(row)}, columns along ${along(column)}`,
    limit: "rows along left, columns along back",
  });
  if (mainAxis(row) === 1) return [turned("decubitus", "The images lie on their side")];
  const findings: Finding[] = [];
  if (row[0] * column[1] < 0) findings.push(turned("feet-first", "The images are seen from the head"));
  if (column[1] < 0) findings.push(turned("prone", "The images show the patient face down"));
  return findings;
}

function along(direction: Point): string {
  const axis = mainAxis(direction);
  return (direction[axis] > 0 ? ["left", "back", "head"] : ["right", "front", "feet"])[axis]!;
}

/** The unit vector from the first slice to the last; `undefined` when positions are missing. */
function wayOf(slices: readonly Instance[]): Point | undefined {
  if (slices.some(({ position }) => position === undefined)) return undefined;
  const way = minus(slices.at(-1)!.position!, slices[0]!.position!);
  return scale(way, 1 / length(way));
}

/** Largest distance of a slice's first pixel from the line through those of the first and the last, mm. */
function largestShift(slices: readonly Instance[], way: Point): number {
  const start = slices[0]!.position!;
  return Math.max(
    ...slices.map(({ position }) => {
      const from = minus(position!, start);
      return length(minus(from, scale(way, dot(from, way))));
    }),
  );
}
