import { counted } from "../counted.ts";
import { type Finding, filesOf } from "./findings.ts";
import type { Instance } from "./instance.ts";

/** With more than this share of the slices out of order, numbers count something else than places. */
const MOST_ODD = 0.5;

/**
 * Compares the order of the slices with that of their Instance Numbers and Slice Locations.
 *
 * Either may run both ways, skip values or count passes, so only the order counts. Where most slices keep it and some do
 * not, those have exchanged their places: a header was changed, or written wrongly.
 *
 * @param slices - one instance for each position, in order
 */
export function checkOrder(slices: readonly Instance[]): Finding[] {
  const byNumber = outOfOrder(slices, ({ instanceNumber }) => instanceNumber);
  const byLocation = outOfOrder(slices, ({ sliceLocation }) => sliceLocation);
  const [odd, by] = byNumber.length > 0 ? [byNumber, "Instance Number"] : [byLocation, "Slice Location"];
  if (odd.length === 0) return [];
  return [
    {
      code: "slice-order",
      severity: "warning",
      message: `Some slices lie in another order than that of their ${by}: they were placed by Image Position`,
      measured: `${odd.length} of ${counted(slices.length, "slice")} out of order`,
      limit: "0",
      hint: "Compare the positions of these files with the original",
      files: filesOf(odd),
    },
  ];
}

/** The slices whose rank by a value is not their place; none when the values do not tell the places of most. */
function outOfOrder(slices: readonly Instance[], read: (slice: Instance) => number | undefined): Instance[] {
  const values = slices.map(read);
  if (values.some((value) => value === undefined)) return [];
  const inWay = (way: 1 | -1): Instance[] => {
    const ranked = slices.map((_, k) => k).sort((a, b) => way * (values[a]! - values[b]!) || a - b);
    return slices.filter((_, k) => ranked[k] !== k);
  };
  const [up, down] = [inWay(1), inWay(-1)];
  const odd = up.length <= down.length ? up : down;
  return odd.length <= MOST_ODD * slices.length ? odd : [];
}
