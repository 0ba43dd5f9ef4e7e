import type { CoarseField } from "./coarse-field.ts";

/** A surface in the field's own grid. */
export interface FieldSurface {
  /** `z, y, x` of each corner, in blocks of the field. */
  readonly corners: Float32Array;
  /** Four corners a face, counter-clockwise seen from outside when the axes are drawn as x, y, z. */
  readonly faces: Uint32Array;
}

/** A block counts as inside from this share on. */
const HALF = 128;

/**
 * Draws the surface where a field passes one half: one corner in each cell of eight blocks that
 * lie on both sides, at the mean of the places where the cell's edges pass one half, and one face
 * across each edge that does.
 *
 * Source: S. Gibson, "Constrained Elastic SurfaceNets", MERL TR99-24, 1999.
 *
 * @param field - with an empty margin, so that the surface is closed
 */
export function surfaceNets(field: CoarseField): FieldSurface {
  const { share, shape } = field;
  const [nz, ny, nx] = shape;
  const steps = [ny * nx, nx, 1] as const;
  const corners = new Growing(Float32Array);
  const faces = new Growing(Uint32Array);
  // Corner of each cell of the slab below and of this one; 0 where there is none.
  let below = new Uint32Array(ny * nx);
  let here = new Uint32Array(ny * nx);
  for (let z = 0; z < nz - 1; z++) {
    [below, here] = [here, below];
    here.fill(0);
    for (let y = 0; y < ny - 1; y++) {
      for (let x = 0; x < nx - 1; x++) {
        const at = z * steps[0] + y * nx + x;
        const inside = share[at]! >= HALF;
        const mixed =
          share[at + 1]! >= HALF !== inside ||
          share[at + nx]! >= HALF !== inside ||
          share[at + nx + 1]! >= HALF !== inside ||
          share[at + steps[0]]! >= HALF !== inside ||
          share[at + steps[0] + 1]! >= HALF !== inside ||
          share[at + steps[0] + nx]! >= HALF !== inside ||
          share[at + steps[0] + nx + 1]! >= HALF !== inside;
        if (!mixed) continue;
        const cell = y * nx + x;
        addCorner(share, at, steps, z, y, x, corners);
        here[cell] = corners.length / 3;
        // The margin keeps faces away from the first cells, so the neighbours exist.
        if (share[at + 1]! >= HALF !== inside) {
          addFace(faces, inside, below[cell - nx]!, below[cell]!, here[cell]!, here[cell - nx]!);
        }
        if (share[at + nx]! >= HALF !== inside) {
          addFace(faces, inside, below[cell - 1]!, here[cell - 1]!, here[cell]!, below[cell]!);
        }
        if (share[at + steps[0]]! >= HALF !== inside) {
          addFace(faces, inside, here[cell - nx - 1]!, here[cell - nx]!, here[cell]!, here[cell - 1]!);
        }
      }
    }
  }
  return { corners: corners.values(), faces: faces.values() };
}

/** Puts a corner where the edges of a cell pass one half on average. */
function addCorner(
  share: Uint8Array,
  at: number,
  steps: readonly [number, number, number],
  z: number,
  y: number,
  x: number,
  corners: Growing<Float32Array>,
): void {
  let [sumZ, sumY, sumX, count] = [0, 0, 0, 0];
  for (let corner = 0; corner < 8; corner++) {
    const dz = corner >> 2;
    const dy = (corner >> 1) & 1;
    const dx = corner & 1;
    const a = share[at + dz * steps[0] + dy * steps[1] + dx]!;
    for (let axis = 0; axis < 3; axis++) {
      const goes = axis === 0 ? dz === 0 : axis === 1 ? dy === 0 : dx === 0;
      if (!goes) continue;
      const b = share[at + dz * steps[0] + dy * steps[1] + dx + steps[axis]!]!;
      if (a >= HALF === b >= HALF) continue;
      const part = (HALF - 0.5 - a) / (b - a);
      sumZ += dz + (axis === 0 ? part : 0);
      sumY += dy + (axis === 1 ? part : 0);
      sumX += dx + (axis === 2 ? part : 0);
      count++;
    }
  }
  corners.push(z + sumZ / count);
  corners.push(y + sumY / count);
  corners.push(x + sumX / count);
}

/** Adds a face by the numbers of its corners, which count from 1; turned when the far side is inside. */
function addFace(faces: Growing<Uint32Array>, nearInside: boolean, a: number, b: number, c: number, d: number): void {
  faces.push(a - 1);
  faces.push((nearInside ? b : d) - 1);
  faces.push(c - 1);
  faces.push((nearInside ? d : b) - 1);
}

/** A typed array that makes room for itself. */
class Growing<T extends Float32Array | Uint32Array> {
  length = 0;
  private room: T;

  constructor(private readonly type: new (length: number) => T) {
    this.room = new type(4096);
  }

  push(value: number): void {
    if (this.length === this.room.length) {
      const larger = new this.type(2 * this.length);
      larger.set(this.room);
      this.room = larger;
    }
    this.room[this.length++] = value;
  }

  values(): T {
    return this.room.slice(0, this.length) as T;
  }
}
