import { APEX, lungAt } from "./anatomy.ts";
import type { Random } from "./random.ts";
import type { Place } from "./tubes.ts";

/** A ball of soft tissue within a lung. */
export interface Ball {
  /** In the standard patient's millimetres. */
  readonly centre: Place;
  /** In true millimetres. */
  readonly radius: number;
}

const SMALLEST_RADIUS = 3;
const LARGEST_RADIUS = 11;
/** Distance kept from the pleura and from other nodules, mm. */
const MARGIN = 4;
/** So many places are tried for one nodule before a smaller one is tried. */
const TRIES = 400;

/**
 * Puts nodules into the lungs, apart from each other and from the pleura.
 *
 * @param count - how many
 * @param scale - size of the patient, 1 for the standard patient
 * @returns as many as asked for, unless the lungs are too full for the last ones
 */
export function placeNodules(count: number, scale: number, random: Random): Ball[] {
  const balls: Ball[] = [];
  for (let n = 0; n < count; n++) {
    let radius = random.between(SMALLEST_RADIUS, LARGEST_RADIUS);
    for (let attempt = 1; ; attempt++) {
      const centre: Place = [random.between(-130, 130), random.between(-80, 80), random.between(50, APEX)];
      if (fits(centre, (radius + MARGIN) / scale, scale, balls)) {
        balls.push({ centre, radius });
        break;
      }
      if (attempt % TRIES === 0) radius *= 0.8;
      if (radius < SMALLEST_RADIUS / 2) return balls;
    }
  }
  return balls;
}

function fits([x, y, z]: Place, reach: number, scale: number, others: readonly Ball[]): boolean {
  const side = lungAt(x, y, z);
  if (side === 0) return false;
  for (const [dx, dy, dz] of [
    [1, 0, 0],
    [-1, 0, 0],
    [0, 1, 0],
    [0, -1, 0],
    [0, 0, 1],
    [0, 0, -1],
  ] as const) {
    if (lungAt(x + dx * reach, y + dy * reach, z + dz * reach) !== side) return false;
  }
  return others.every(({ centre, radius }) => {
    const d = [centre[0] - x, centre[1] - y, centre[2] - z] as const;
    const apart = radius / scale + reach;
    return d[0] * d[0] + d[1] * d[1] + d[2] * d[2] > apart * apart;
  });
}
