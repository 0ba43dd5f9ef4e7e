/**
 * What a value that was parsed from JSON has to be: plain data, to be compared with by {@link hasShape}.
 * An object may have more fields than are named.
 */
export type Shape =
  | "string"
  | "number"
  | "boolean"
  | "object"
  | { readonly list: Shape; readonly length?: number }
  | { readonly nullable: Shape }
  | { readonly record: Shape }
  | { readonly fields: Readonly<Record<string, Shape | { readonly optional: Shape }>> };

/** Whether a value has a shape, as far down as that goes. */
export function hasShape(value: unknown, shape: Shape): boolean {
  if (shape === "number") return Number.isFinite(value);
  if (shape === "object") return isObject(value);
  if (typeof shape === "string") return typeof value === shape;
  if ("nullable" in shape) return value === null || hasShape(value, shape.nullable);
  if ("list" in shape) {
    const { list, length } = shape;
    return (
      Array.isArray(value) && value.length === (length ?? value.length) && value.every((one) => hasShape(one, list))
    );
  }
  if (!isObject(value)) return false;
  if ("record" in shape) return Object.values(value).every((one) => hasShape(one, shape.record));
  return Object.entries(shape.fields).every(([key, field]) => {
    const found = Object.hasOwn(value, key) ? value[key] : undefined;
    if (typeof field === "string" || !("optional" in field)) return hasShape(found, field);
    return found === undefined || hasShape(found, field.optional);
  });
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
