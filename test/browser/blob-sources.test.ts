import { expect, test } from "vitest";
import { blobSources } from "../../src/browser/blob-sources.ts";

/** A file that counts how often it is asked for bytes. */
class CountedFile extends File {
  asked = 0;
  override arrayBuffer(): Promise<ArrayBuffer> {
    this.asked++;
    return super.arrayBuffer();
  }
  override slice(start?: number, end?: number): Blob {
    this.asked++;
    return super.slice(start, end);
  }
}

test("header and pixels of a file cost one read, and come in the order of the names", async () => {
  const files = ["b", "a", "c"].map((name) => new CountedFile([`${name}-header`, `${name}-pixels`], name));
  let bytes = 0;
  const sources = blobSources(files, (part) => {
    bytes += part;
  });
  expect(sources.map(({ name, size }) => [name, size])).toEqual([
    ["a", 16],
    ["b", 16],
    ["c", 16],
  ]);
  const text = async (source: (typeof sources)[number], from: number, length: number) => {
    const target = new Uint8Array(length);
    return new TextDecoder().decode(target.subarray(0, await source.read(from, target)));
  };
  for (const source of sources) expect(await text(source, 0, 8)).toBe(`${source.name}-header`);
  for (const source of sources) expect(await text(source, 8, 20)).toBe(`${source.name}-pixels`);
  expect(files.map(({ asked }) => asked)).toEqual([1, 1, 1]);
  expect(bytes).toBe(48);
  // Let go once it was read to its end, it is read again when it has to be.
  expect(await text(sources[0]!, 2, 6)).toBe("header");
  expect(files.map(({ asked }) => asked)).toEqual([1, 2, 1]);
});
