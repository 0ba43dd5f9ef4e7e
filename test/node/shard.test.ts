import { describe, expect, test } from "vitest";
import { inShard } from "../../src/node/shard.ts";

const names = Array.from({ length: 1000 }, (_, i) => `LIDC-IDRI-${String(i).padStart(4, "0")}`);

describe("inShard", () => {
  test.each([1, 2, 7, 100])("puts every case into exactly one of %d shards, about as many into each", (count) => {
    const sizes = new Array<number>(count).fill(0);
    for (const name of names) {
      const indices = sizes.flatMap((_, i) => (inShard(name, { index: i + 1, count }) ? [i] : []));
      expect(indices.length).toBe(1);
      sizes[indices[0] as number]!++;
    }
    // Five standard deviations of a binomial distribution.
    const mean = names.length / count;
    for (const size of sizes) expect(Math.abs(size - mean)).toBeLessThanOrEqual(5 * Math.sqrt(mean));
  });

  test("stays the same from version to version", () => {
    const firsts = names.slice(0, 12).filter((name) => inShard(name, { index: 1, count: 3 }));
    expect(firsts).toMatchInlineSnapshot(`
      [
        "LIDC-IDRI-0001",
        "LIDC-IDRI-0002",
        "LIDC-IDRI-0004",
        "LIDC-IDRI-0007",
        "LIDC-IDRI-0011",
      ]
    `);
  });

  test.each([
    [0, 3],
    [4, 3],
    [1.5, 3],
    [1, 0],
  ])("refuses shard %d of %d", (index, count) => {
    expect(() => inShard("a", { index, count })).toThrow(expect.objectContaining({ code: "invalid-option" }));
  });
});
