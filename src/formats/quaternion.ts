/** Directions of three axes as NIfTI's qform keeps them. */
export interface AxisTurn {
  /** The quaternion's b, c and d; its a is not negative and follows from them. */
  readonly vector: readonly [b: number, c: number, d: number];
  /** -1 when the third axis has to be turned round to make the axes right-handed. */
  readonly handedness: 1 | -1;
}

/** How far from right angles and from the stated lengths axes may be. */
const TOLERANCE = 1e-4;

/**
 * The quaternion of a grid's axes.
 *
 * Source: nifti1.h, "QUATERNION REPRESENTATION OF ROTATION MATRIX".
 *
 * @param rows - rows of the matrix whose columns are the steps along the three axes
 * @param lengths - lengths of the steps, in the order of the columns
 * @returns `undefined` when the axes are not at right angles or not of these lengths
 */
export function axesToQuaternion(
  rows: readonly (readonly number[])[],
  lengths: readonly number[],
): AxisTurn | undefined {
  const m = rows.map((row) => lengths.map((length, c) => row[c]! / length));
  for (let i = 0; i < 3; i++) {
    for (let j = i; j < 3; j++) {
      const dot = m[0]![i]! * m[0]![j]! + m[1]![i]! * m[1]![j]! + m[2]![i]! * m[2]![j]!;
      if (!(Math.abs(dot - (i === j ? 1 : 0)) <= TOLERANCE)) return undefined;
    }
  }
  const [[m00, m01, m02], [m10, m11, m12], [m20, m21, m22]] = m as Matrix3;
  const det = m00 * (m11 * m22 - m12 * m21) - m01 * (m10 * m22 - m12 * m20) + m02 * (m10 * m21 - m11 * m20);
  const handedness = det < 0 ? -1 : 1;
  return {
    vector: rotationVector(m00, m01, m02 * handedness, m10, m11, m12 * handedness, m20, m21, m22 * handedness),
    handedness,
  };
}

type Matrix3 = [[number, number, number], [number, number, number], [number, number, number]];

function rotationVector(
  m00: number,
  m01: number,
  m02: number,
  m10: number,
  m11: number,
  m12: number,
  m20: number,
  m21: number,
  m22: number,
): [number, number, number] {
  // Divide by the largest of the four components: the others lose no digits then.
  const squares = [1 + m00 + m11 + m22, 1 + m00 - m11 - m22, 1 - m00 + m11 - m22, 1 - m00 - m11 + m22];
  const largest = squares.indexOf(Math.max(...squares));
  const s = 2 * Math.sqrt(squares[largest]!);
  const [a, b, c, d] = [
    [s / 4, (m21 - m12) / s, (m02 - m20) / s, (m10 - m01) / s],
    [(m21 - m12) / s, s / 4, (m01 + m10) / s, (m02 + m20) / s],
    [(m02 - m20) / s, (m01 + m10) / s, s / 4, (m12 + m21) / s],
    [(m10 - m01) / s, (m02 + m20) / s, (m12 + m21) / s, s / 4],
  ][largest] as [number, number, number, number];
  const sign = a < 0 ? -1 : 1;
  return [b * sign + 0, c * sign + 0, d * sign + 0];
}
