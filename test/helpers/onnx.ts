/** A model that is written by hand: ONNX is a protocol buffer, of which a few fields are enough. */
export interface TinyModel {
  /** Height and width of the image; names instead of numbers for any. */
  readonly size: readonly [number | string, number | string];
  /** HU below which a pixel is lung, where the image's 0 and 1 are -1024 and 600 HU. Default -400. */
  readonly threshold?: number;
  /** Rows and columns within which lungs may lie, as shares of the image: an ellipse. Default 0.9. */
  readonly within?: number;
  /** Type of the input. Default float32 (1); 10 is float16. */
  readonly type?: number;
  readonly inputChannels?: number;
  /** Multiplies every class, so that infinite and undefined values arise. */
  readonly scale?: number;
}

/** How much a class's plane is raised or lowered where it must not, or must, win. */
const NEVER = -1e6;

/**
 * A network of two layers whose answer is known: a convolution of one pixel makes the background's plane
 * `image − threshold`, and a constant is added that leaves the lungs' planes 0 on their own half of an ellipse.
 */
export function tinyModel({
  size,
  threshold = -400,
  within = 0.9,
  type = 1,
  inputChannels = 1,
  scale = 1,
}: TinyModel): Uint8Array {
  const [height, width] = size.map((n) => (typeof n === "number" ? n : 64)) as [number, number];
  const level = (threshold + 1024) / 1624;
  const weights = new Float32Array(3 * inputChannels);
  weights[0] = scale;
  const places = placesOf(height, width, within);
  const graph = message(
    [1, node("Conv", ["image", "weights", "bias"], "planes")],
    [1, node("Add", ["planes", "places"], "classes")],
    [2, text("tiny")],
    [5, tensor("weights", [3, inputChannels, 1, 1], weights)],
    [5, tensor("bias", [3], Float32Array.of(-level * scale, 0, 0))],
    [5, tensor("places", [1, 3, height, width], places)],
    [11, value("image", type, [1, inputChannels, ...size])],
    [12, value("classes", type, [1, 3, ...size])],
  );
  return message([1, 8], [8, message([1, text("")], [2, 13])], [7, graph]);
}

/** The class that {@link tinyModel} gives a pixel of an image of R231's recipe. */
export function tinyClass(value: number, y: number, x: number, size: readonly [number, number]): number {
  if (value >= (-400 + 1024) / 1624 || !isWithin(y, x, size, 0.9)) return 0;
  return x < size[1] / 2 ? 1 : 2;
}

function placesOf(height: number, width: number, within: number): Float32Array {
  const places = new Float32Array(3 * height * width);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      const inside = isWithin(y, x, [height, width], within);
      places[height * width + i] = inside && x < width / 2 ? 0 : NEVER;
      places[2 * height * width + i] = inside && x >= width / 2 ? 0 : NEVER;
    }
  }
  return places;
}

function isWithin(y: number, x: number, [height, width]: readonly [number, number], within: number): boolean {
  const [dy, dx] = [(2 * y + 1) / height - 1, (2 * x + 1) / width - 1];
  return dy * dy + dx * dx < within * within;
}

function node(operator: string, inputs: readonly string[], output: string): Uint8Array {
  return message(...inputs.map((name): Part => [1, text(name)]), [2, text(output)], [4, text(operator)]);
}

function tensor(name: string, dims: readonly number[], values: Float32Array): Uint8Array {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return message(...dims.map((n): Part => [1, n]), [2, 1], [8, text(name)], [9, bytes]);
}

function value(name: string, type: number, dims: readonly (number | string)[]): Uint8Array {
  const shape = message(...dims.map((n): Part => [1, typeof n === "number" ? message([1, n]) : message([2, text(n)])]));
  return message([1, text(name)], [2, message([1, message([1, type], [2, shape])])]);
}

/** A field's number, with its value: a whole number, or bytes. */
type Part = readonly [field: number, value: number | Uint8Array];

function message(...parts: readonly Part[]): Uint8Array {
  return join(
    parts.flatMap(([field, part]) =>
      typeof part === "number"
        ? [varint(field << 3), varint(part)]
        : [varint((field << 3) | 2), varint(part.length), part],
    ),
  );
}

function varint(n: number): Uint8Array {
  const bytes = [];
  for (; n > 127; n = Math.floor(n / 128)) bytes.push((n % 128) | 128);
  return Uint8Array.of(...bytes, n);
}

function text(value: string): Uint8Array {
  return new TextEncoder().encode(value);
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
