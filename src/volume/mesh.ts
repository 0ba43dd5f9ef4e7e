/** A closed surface of triangles whose corners run counter-clockwise when seen from outside. */
export interface Mesh {
  /** Three coordinates a corner: LPS, millimetres. */
  readonly positions: Float32Array;
  /** Three corners a triangle. */
  readonly triangles: Uint32Array;
}
