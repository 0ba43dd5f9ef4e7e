import { lungAt } from "./anatomy.ts";
import type { Random } from "./random.ts";

/** A place of the standard patient: x to the left, y to the back, z to the head, mm. */
export type Place = readonly [x: number, y: number, z: number];

/** A piece of a vessel or an airway: a cone with round ends. */
export interface Tube {
  readonly from: Place;
  readonly to: Place;
  /** Radii at both ends, mm. */
  readonly fromRadius: number;
  readonly toRadius: number;
}

const CARINA: Place = [1, 30, 208];
const WALL = 1.6;
/** How far the air of an airway's end reaches beyond its wall, into the lung. */
const OPENING = 7;

/** The airways: trachea, main bronchi, lobar bronchi. */
export interface Airways {
  /** Outer surfaces. */
  readonly walls: readonly Tube[];
  /** The air inside; joins the air of both lungs at the ends. */
  readonly lumens: readonly Tube[];
}

/** The trachea from above the scan down to the carina, and its branches into both lungs. */
export function makeAirways(): Airways {
  const rightHilum: Place = [-36, 32, 182];
  const leftHilum: Place = [44, 34, 174];
  const pipes: Tube[] = [
    { from: [0, 14, 2000], to: [0, 14, 300], fromRadius: 8.5, toRadius: 8.5 },
    { from: [0, 14, 300], to: CARINA, fromRadius: 8.5, toRadius: 9 },
    { from: CARINA, to: rightHilum, fromRadius: 7.2, toRadius: 6.2 },
    { from: CARINA, to: leftHilum, fromRadius: 6.8, toRadius: 5.6 },
  ];
  const ends: Tube[] = (
    [
      [rightHilum, [-66, 26, 222]],
      [rightHilum, [-72, 4, 160]],
      [rightHilum, [-66, 46, 140]],
      [leftHilum, [68, 20, 218]],
      [leftHilum, [72, 48, 136]],
    ] as const
  ).map(([from, to]) => ({ from, to, fromRadius: 4.4, toRadius: 3.2 }));
  return {
    walls: [...pipes, ...ends].map((t) => ({ ...t, fromRadius: t.fromRadius + WALL, toRadius: t.toRadius + WALL })),
    lumens: [...pipes, ...ends.map((t) => ({ ...t, to: beyond(t.from, t.to, OPENING) }))],
  };
}

function beyond(from: Place, to: Place, length: number): Place {
  const d = [to[0] - from[0], to[1] - from[1], to[2] - from[2]] as const;
  const f = 1 + length / Math.sqrt(d[0] * d[0] + d[1] * d[1] + d[2] * d[2]);
  return [from[0] + d[0] * f, from[1] + d[1] * f, from[2] + d[2] * f];
}

/** Vessels end when they have become this thin, mm. */
const THINNEST = 0.5;
/** Vessels that leave each hilum. */
const TRUNKS = 18;

/** The vessels of both lungs: trees that grow from the hila and end at the pleura. */
export function makeVessels(random: Random): Tube[] {
  const tubes: Tube[] = [];
  for (const side of [-1, 1]) {
    const hilum: Place = [side * 34, 20, 170];
    for (let trunk = 0; trunk < TRUNKS; trunk++) {
      // A fan from the base to the apex, every other one to the front.
      const rise = -1.7 + (3.2 * trunk) / (TRUNKS - 1);
      const back = trunk % 2 === 0 ? random.between(-1.4, -0.4) : random.between(-0.4, 0.9);
      growVessel(tubes, hilum, [side * random.between(0.7, 1.3), back, rise], random.between(3.2, 4.6), random);
    }
  }
  return tubes;
}

function growVessel(tubes: Tube[], from: Place, heading: Place, radius: number, random: Random): void {
  const norm = Math.sqrt(heading[0] * heading[0] + heading[1] * heading[1] + heading[2] * heading[2]);
  const length = (6 + 5 * radius) * random.between(0.75, 1.2);
  const f = length / norm;
  const to: Place = [from[0] + heading[0] * f, from[1] + heading[1] * f, from[2] + heading[2] * f];
  const inLung = lungAt(...to) !== 0;
  // Trunks start inside the mediastinum and may take one step to leave it.
  if (!inLung && radius < 3) return;
  const toRadius = radius * 0.9;
  tubes.push({ from, to, fromRadius: radius, toRadius });
  const bend = (spread: number): Place => [
    heading[0] / norm + random.between(-spread, spread),
    heading[1] / norm + random.between(-spread, spread),
    heading[2] / norm + random.between(-spread, spread),
  ];
  if (toRadius * 0.86 > THINNEST) growVessel(tubes, to, bend(0.3), toRadius * random.between(0.86, 0.96), random);
  if (toRadius * 0.6 > THINNEST) growVessel(tubes, to, bend(0.9), toRadius * random.between(0.6, 0.8), random);
}
