/** Order of a B-spline: 0 takes the nearest sample, 1 interpolates linearly, 3 is the cubic one. */
export type SplineOrder = 0 | 1 | 2 | 3 | 4 | 5;

/**
 * Weights of the `order + 1` samples around a position, the values of the B-spline of that order.
 *
 * Each formula is written the way scipy.ndimage evaluates it, and the last weight is what the
 * others leave of 1, because rounded results depend on the last bit.
 *
 * @param position - in samples
 * @param weights - receives the weights from `at` on; order 0 has the single weight 1
 */
export function splineWeights(position: number, order: SplineOrder, weights: Float64Array, at = 0): void {
  // Distance to the knot at or below (odd orders), or to the nearest one (even orders).
  const x = position - Math.floor(order & 1 ? position : position + 0.5);
  const y = 1 - x;
  const half = 0.5 - x;
  switch (order) {
    case 0:
      break;
    case 1:
      weights[at] = y;
      break;
    case 2:
      weights[at] = 0.5 * half * half;
      weights[at + 1] = 0.75 - x * x;
      break;
    case 3:
      weights[at] = (y * y * y) / 6;
      weights[at + 1] = cubicCore(x);
      weights[at + 2] = cubicCore(y);
      break;
    case 4: {
      const t = x * x;
      const h = half * half;
      weights[at] = (h * h) / 24;
      weights[at + 1] = quarticFlank(1 + x);
      weights[at + 2] = t * (t * 0.25 - 0.625) + 115 / 192;
      weights[at + 3] = quarticFlank(y);
      break;
    }
    case 5: {
      const t = y * y;
      weights[at] = (y * t * t) / 120;
      weights[at + 1] = quinticFlank(x + 1);
      weights[at + 2] = quinticCore(x);
      weights[at + 3] = quinticCore(y);
      weights[at + 4] = quinticFlank(y + 1);
      break;
    }
  }
  let rest = 1;
  for (let i = 0; i < order; i++) rest -= weights[at + i]!;
  weights[at + order] = rest;
}

function cubicCore(x: number): number {
  return (x * x * (x - 2) * 3 + 4) / 6;
}

function quarticFlank(x: number): number {
  return x * (x * ((x * (5 - x)) / 6 - 1.25) + 5 / 24) + 55 / 96;
}

function quinticCore(x: number): number {
  const t = x * x;
  return t * (t * (0.25 - x / 12) - 0.5) + 0.55;
}

function quinticFlank(x: number): number {
  return x * (x * (x * (x * (x / 24 - 0.375) + 1.25) - 1.75) + 0.625) + 0.425;
}
