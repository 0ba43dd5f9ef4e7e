import { componentsWithin, paintComponents } from "../ops/components.ts";
import { largestComponent } from "../ops/connected.ts";
import { labelRuns } from "../ops/label.ts";
import { complementRuns, extractRuns } from "../ops/runs.ts";
import { BitVolume } from "../volume/bit-volume.ts";
import type { Triple } from "../volume/volume.ts";

/** A connected piece of one label. */
interface Piece {
  readonly label: number;
  /** First voxel in scan order: pieces are numbered by it. */
  readonly first: number;
  /** Voxels, also those that have joined. */
  size: number;
  /** Where its runs begin and end. */
  readonly runs: number[];
  /** Whether its voxels keep its label. */
  keeps: boolean;
}

/** Smaller pieces are left where they are, to go in the end, voxels. */
const LEAST_PIECE = 3;

/**
 * Cleans labels as lungmask does: from the smallest on, each 26-connected piece of a label of at least 3 voxels that
 * is not the largest of its label joins the piece that it touches most; then only the largest piece of each label
 * stays, and its holes are filled.
 *
 * Source: `postprocessing` in lungmask's `utils.py`; holes are background that no face of the volume reaches.
 *
 * @param labels - C-ordered, 0 is background; changed in place
 */
export function joinPieces(labels: Uint8Array, shape: Triple): void {
  const pieces = findPieces(labels, shape);
  const pieceOf = new Int32Array(labels.length);
  pieces.forEach((piece, k) => {
    paint(pieceOf, piece.runs, k + 1);
  });
  const most = new Float64Array(256);
  const ascending = pieces.map((_, k) => k).sort((a, b) => pieces[a]!.size - pieces[b]!.size);
  for (const k of ascending) {
    const piece = pieces[k]!;
    // Of pieces of the same size only one counts, as in the published code.
    piece.keeps = piece.size > most[piece.label]!;
    if (piece.keeps) most[piece.label] = piece.size;
  }
  for (const k of ascending) {
    const piece = pieces[k]!;
    if (piece.size >= most[piece.label]! || piece.size < LEAST_PIECE) continue;
    const to = mostTouched(pieceOf, piece.runs, k + 1, shape);
    if (to === 0) continue;
    const target = pieces[to - 1]!;
    paint(pieceOf, piece.runs, to);
    if (target.size === most[target.label]) most[target.label]! += piece.size;
    target.size += piece.size;
    for (const place of piece.runs) target.runs.push(place);
  }
  for (let i = 0; i < labels.length; i++) {
    const piece = pieces[pieceOf[i]! - 1];
    labels[i] = piece?.keeps === true ? piece.label : 0;
  }
  keepLargest(labels, shape);
}

function findPieces(labels: Uint8Array, shape: Triple): Piece[] {
  const pieces: Piece[] = [];
  for (const label of valuesOf(labels)) {
    const { runs, root } = labelRuns(extractRuns(maskOf(labels, label, shape)), 26);
    const byRoot = new Map<number, Piece>();
    for (let row = 0; row < runs.planes * runs.rowsPerPlane; row++) {
      for (let i = runs.rowStart[row]!; i < runs.rowStart[row + 1]!; i++) {
        const [start, end] = [row * shape[2] + runs.start[i]!, row * shape[2] + runs.end[i]!];
        let piece = byRoot.get(root[i]!);
        if (piece === undefined) {
          piece = { label, first: start, size: 0, runs: [], keeps: false };
          byRoot.set(root[i]!, piece);
        }
        piece.size += end - start;
        piece.runs.push(start, end);
      }
    }
    for (const piece of byRoot.values()) pieces.push(piece);
  }
  return pieces.sort((a, b) => a.first - b.first);
}

function paint(pieceOf: Int32Array, runs: readonly number[], value: number): void {
  for (let i = 0; i < runs.length; i += 2) pieceOf.fill(value, runs[i]!, runs[i + 1]!);
}

/** The piece with the most voxels next to a face of this one, the one with the lower number among equals; 0 for none. */
function mostTouched(pieceOf: Int32Array, runs: readonly number[], own: number, [nz, ny, nx]: Triple): number {
  const seen = new Set<number>();
  const counts = new Map<number, number>();
  const look = (i: number): void => {
    const other = pieceOf[i]!;
    if (other === 0 || other === own || seen.has(i)) return;
    seen.add(i);
    counts.set(other, (counts.get(other) ?? 0) + 1);
  };
  for (let k = 0; k < runs.length; k += 2) {
    for (let i = runs[k]!; i < runs[k + 1]!; i++) {
      const x = i % nx;
      const y = Math.floor(i / nx) % ny;
      const z = Math.floor(i / (nx * ny));
      if (x > 0) look(i - 1);
      if (x + 1 < nx) look(i + 1);
      if (y > 0) look(i - nx);
      if (y + 1 < ny) look(i + nx);
      if (z > 0) look(i - nx * ny);
      if (z + 1 < nz) look(i + nx * ny);
    }
  }
  let best = 0;
  for (const [other, count] of counts) {
    const least = best === 0 ? 0 : counts.get(best)!;
    if (count > least || (count === least && other < best)) best = other;
  }
  return best;
}

/** Of each label the largest piece, with its holes; where two overlap then, the larger label counts. */
function keepLargest(labels: Uint8Array, shape: Triple): void {
  const kept = valuesOf(labels).map((label) => {
    const mask = largestComponent(maskOf(labels, label, shape), 26);
    return { label, mask: shape[0] === 1 ? mask : filled(mask) };
  });
  labels.fill(0);
  for (const { label, mask } of kept) {
    const runs = extractRuns(mask);
    for (let row = 0; row < shape[0] * shape[1]; row++) {
      for (let i = runs.rowStart[row]!; i < runs.rowStart[row + 1]!; i++) {
        labels.fill(label, row * shape[2] + runs.start[i]!, row * shape[2] + runs.end[i]!);
      }
    }
  }
}

/** With the 6-connected parts of the background that touch no face of the volume. */
function filled(mask: BitVolume): BitVolume {
  const [nz, ny, nx] = mask.shape;
  const background = labelRuns(complementRuns(extractRuns(mask), nx), 6);
  const holes = componentsWithin(background, { low: [1, 1, 1], high: [nz - 1, ny - 1, nx - 1] });
  return paintComponents(mask, background, holes);
}

function maskOf(labels: Uint8Array, label: number, shape: Triple): BitVolume {
  return BitVolume.fromBytes(
    shape,
    labels.map((value) => (value === label ? 1 : 0)),
  );
}

/** The labels that occur, ascending, without the background. */
function valuesOf(labels: Uint8Array): number[] {
  const found = new Uint8Array(256);
  for (let i = 0; i < labels.length; i++) found[labels[i]!] = 1;
  return [...found.keys()].filter((value) => value > 0 && found[value] === 1);
}
