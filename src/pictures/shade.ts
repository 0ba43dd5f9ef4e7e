import { openness } from "./openness.ts";
import type { Colour, Picture } from "./picture.ts";
import type { Hits } from "./rasterize.ts";

/** A light: unit direction towards it (right, up, near) and its strength. */
type Light = readonly [right: number, up: number, near: number, strength: number];

/** The main light from the upper left, a weak one from the right, and what comes from everywhere. */
const KEY: Light = light(-0.45, 0.6, 0.9, 0.78);
const FILL: Light = light(0.8, -0.15, 0.5, 0.2);
const AMBIENT = 0.16;
/** Strength of the gloss. */
const GLOSS = 0.16;
/** Halfway between the main light and the viewer. */
const HALFWAY = light(KEY[0], KEY[1], KEY[2] + 1, 1);

/** Steps of the table that leads back from light: enough that each value of sRGB comes back as itself. */
const STEPS = 1 << 14;
/** Light of each value of sRGB, 0 to 1 (IEC 61966-2-1). */
const LINEAR = Float32Array.from({ length: 256 }, (_, i) =>
  i <= 10 ? i / 255 / 12.92 : ((i / 255 + 0.055) / 1.055) ** 2.4,
);
/** The value of sRGB of each step of light. */
const ENCODED = Uint8Array.from({ length: STEPS + 1 }, (_, i) => {
  const light = i / STEPS;
  return Math.round(255 * (light <= 0.0031308 ? light * 12.92 : 1.055 * light ** (1 / 2.4) - 0.055));
});

/**
 * Lights what was hit and joins the samples of each pixel.
 *
 * @param hits - `samples` times the picture's size
 * @param samples - along each side of a pixel
 * @param colours - of the surfaces
 * @param background - where nothing was hit
 */
export function shade(hits: Hits, samples: number, colours: readonly Colour[], background: Colour): Picture {
  const size = hits.size / samples;
  const open = openness(hits, samples);
  const rgb = new Uint8Array(size * size * 3);
  const shares = 1 / (samples * samples);
  const inks = [background, ...colours].map((colour) => colour.map((value) => LINEAR[value]!));
  const sum = new Float64Array(3);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      sum.fill(0);
      for (let s = 0; s < samples * samples; s++) {
        const i = (row * samples + Math.floor(s / samples)) * hits.size + column * samples + (s % samples);
        const id = hits.surface[i]!;
        const ink = inks[id]!;
        if (id === 0) {
          for (let c = 0; c < 3; c++) sum[c]! += ink[c]!;
          continue;
        }
        const x = hits.normals[i * 3]!;
        const y = hits.normals[i * 3 + 1]!;
        const z = hits.normals[i * 3 + 2]!;
        const length = Math.sqrt(x * x + y * y + z * z) || 1;
        const key = Math.max(0, (x * KEY[0] + y * KEY[1] + z * KEY[2]) / length);
        const fill = Math.max(0, (x * FILL[0] + y * FILL[1] + z * FILL[2]) / length);
        const half = Math.max(0, (x * HALFWAY[0] + y * HALFWAY[1] + z * HALFWAY[2]) / length);
        const clear = open[row * size + column]!;
        const diffuse = (AMBIENT + FILL[3] * fill) * clear + KEY[3] * key * (0.35 + 0.65 * clear);
        const gloss = key > 0 ? GLOSS * power32(half) * clear : 0;
        for (let c = 0; c < 3; c++) sum[c]! += ink[c]! * diffuse + gloss;
      }
      const at = (row * size + column) * 3;
      for (let c = 0; c < 3; c++) rgb[at + c] = ENCODED[Math.min(STEPS, Math.round(sum[c]! * shares * STEPS))]!;
    }
  }
  return { width: size, height: size, rgb };
}

/** How narrow the gloss is: much faster than `**`. */
function power32(x: number): number {
  const x2 = x * x;
  const x4 = x2 * x2;
  const x8 = x4 * x4;
  const x16 = x8 * x8;
  return x16 * x16;
}

function light(right: number, up: number, near: number, strength: number): Light {
  const length = Math.hypot(right, up, near);
  return [right / length, up / length, near / length, strength];
}
