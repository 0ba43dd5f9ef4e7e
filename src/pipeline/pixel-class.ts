/**
 * What a step decides about a pixel. A pixel's class is its place in this list; from
 * {@link FIRST_COLOUR} on it only tells one region from another.
 */
export const CLASSES = [
  "none",
  "kept",
  "added",
  "outside-disc",
  "small-area",
  "elongated",
  "border",
  "volume",
  "distance",
  "cut",
  "first",
  "second",
  "first-core",
  "second-core",
  "off-main",
  "hull",
  "dilated",
  "bone",
  "masked",
] as const;

/** One of {@link CLASSES}. */
export type PixelClass = (typeof CLASSES)[number];

/** First class of the regions' own colours. */
export const FIRST_COLOUR = 32;
/** Number of the regions' own colours, used over and over. */
export const COLOURS = 12;

/** Number of a class. */
export function classOf(name: PixelClass): number {
  return CLASSES.indexOf(name);
}
