import { afterEach, expect, test, vi } from "vitest";
import { blobSources } from "../../src/browser/blob-sources.ts";
import type { ByteSource } from "../../src/byte-source.ts";

afterEach(() => vi.restoreAllMocks());

function filesOf(...names: readonly string[]): File[] {
  return names.map((name) => new File([`${name}-header`, `${name}-pixels`], name));
}

/** How often bytes were asked of the browser from here on. */
function countReads(): () => number {
  const reads = vi.spyOn(Blob.prototype, "arrayBuffer");
  return () => reads.mock.calls.length;
}

async function text(source: ByteSource, from: number, length: number): Promise<string> {
  const target = new Uint8Array(length);
  return new TextDecoder().decode(target.subarray(0, await source.read(from, target)));
}

test("headers and pixels of many files cost one read, and come in the order of the names", async () => {
  const reads = countReads();
  let bytes = 0;
  const sources = blobSources(filesOf("b", "a", "c"), (part) => {
    bytes += part;
  });
  expect(sources.map(({ name, size }) => [name, size])).toEqual([
    ["a", 16],
    ["b", 16],
    ["c", 16],
  ]);
  for (const source of sources) expect(await text(source, 0, 8)).toBe(`${source.name}-header`);
  // An end that is read again, as those of compressed files are, leaves the other files where they are.
  for (let k = 0; k < 3; k++) expect(await text(sources[1]!, 10, 20)).toBe("pixels");
  for (const source of sources.toReversed()) expect(await text(source, 8, 20)).toBe(`${source.name}-pixels`);
  expect(reads()).toBe(1);
  expect(bytes).toBe(48 + 18);
  // Let go once they were read to their ends, they are read again when they have to be.
  expect(await text(sources[0]!, 2, 6)).toBe("header");
  expect(reads()).toBe(2);
});

test("only some megabytes are on their way at a time", async () => {
  const files = Array.from({ length: 20 }, (_, i) => new File([new Uint8Array(3 * 2 ** 20)], `${10 + i}`));
  const sources = blobSources(files);
  const reads = countReads();
  await text(sources[0]!, 0, 1);
  expect(reads()).toBe(3);
  // The last file of the first batch of five, and the first of the second.
  await text(sources[4]!, 0, 1);
  expect(reads()).toBe(3);
  await text(sources[5]!, 0, 1);
  expect(reads()).toBe(4);
});

test("a large file is read piece by piece, an archive at once", async () => {
  const bytes = new Uint8Array(5 * 2 ** 20).fill(65);
  const sources = blobSources([new File([bytes], "image.dcm"), new File([bytes], "scan.zip")]);
  const reads = countReads();
  for (const source of sources) {
    expect(await text(source, 2 ** 20, 3)).toBe("AAA");
    expect(await text(source, bytes.length - 3, 9)).toBe("AAA");
    expect(await text(source, 0, 3)).toBe("AAA");
  }
  expect(reads()).toBe(3 + 1);
});

test("a file that cannot be read leaves the others readable", async () => {
  const [first, second] = filesOf("a", "b");
  const sources = blobSources([first!, second!]);
  const arrayBuffer = Blob.prototype.arrayBuffer;
  vi.spyOn(Blob.prototype, "arrayBuffer").mockImplementation(function (this: Blob) {
    // Only parts of the first file are as small as this.
    return this.size < 16 ? arrayBuffer.call(this) : Promise.reject(new DOMException("gone", "NotReadableError"));
  });
  expect(await text(sources[0]!, 0, 8)).toBe("a-header");
  await expect(text(sources[1]!, 0, 16)).rejects.toThrow("gone");
});
