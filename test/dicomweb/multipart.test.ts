import { describe, expect, test } from "vitest";
import { boundaryOf, MultipartReader } from "../../src/dicomweb/multipart.ts";
import { seeded } from "../helpers/random.ts";

interface Part {
  readonly headers: Record<string, string>;
  bytes: Buffer;
  ended: boolean;
}

/** Reads some chunks. The memory of each is overwritten afterwards, as a socket's may be. */
function read(chunks: readonly Uint8Array[], boundary = "b"): Part[] {
  const parts: Part[] = [];
  const reader = new MultipartReader(boundary, {
    begin: (headers) => parts.push({ headers: Object.fromEntries(headers), bytes: Buffer.alloc(0), ended: false }),
    write: (bytes) => {
      const part = parts.at(-1)!;
      part.bytes = Buffer.concat([part.bytes, bytes]);
    },
    end: () => {
      parts.at(-1)!.ended = true;
    },
  });
  for (const chunk of chunks) {
    const own = Uint8Array.from(chunk);
    reader.push(own);
    own.fill(88);
  }
  reader.end();
  return parts;
}

const text = (of: string) => Buffer.from(of, "latin1");
const cut = (bytes: Uint8Array, size: number) =>
  Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.subarray(i * size, (i + 1) * size));

const ANSWER = text(
  "ignored\r\n--b\r\nContent-Type: application/dicom\r\nX-A:1\r\n\r\none\r\n--x\r\n--b  \r\n\r\n\r\n--\r\n--b\r\n\r\n\r\n--b--\r\nignored",
);

test.each([1, 2, 3, 5, 7, 1000])("parts in chunks of %i bytes", (size) => {
  const parts = read(cut(ANSWER, size));
  expect(parts.map(({ bytes }) => bytes.toString())).toEqual(["one\r\n--x", "\r\n--", ""]);
  expect(parts.every(({ ended }) => ended)).toBe(true);
  expect(parts[0]!.headers).toEqual({ "content-type": "application/dicom", "x-a": "1" });
});

describe("a part that says its length", () => {
  const answer = (length: number | string, body: string) =>
    text(`--b\r\nContent-Length: ${length}\r\n\r\n${body}\r\n--b--`);

  test.each([1, 3, 1000])("may hold what looks like a boundary, in chunks of %i bytes", (size) => {
    const [part] = read(cut(answer(9, "\r\n--b\r\n--"), size));
    expect([part!.bytes.toString(), part!.ended]).toEqual(["\r\n--b\r\n--", true]);
    expect(read(cut(answer(0, ""), size))[0]!.bytes.length).toBe(0);
  });

  test.each([
    ["too small", 3],
    ["too large", 6],
  ])("that is %s is refused", (_, length) => {
    expect(() => read([answer(length, "bytes")])).toThrow("a part of another length than it says");
  });

  test("that is much too large is an answer that ends too early", () => {
    expect(() => read([answer(1e9, "bytes")])).toThrow("ends too early");
  });

  test("that is no number is not believed", () => {
    expect(read([answer("many", "bytes")])[0]!.bytes.toString()).toBe("bytes");
  });
});

test("bytes that nearly are a boundary, in chunks of any size", () => {
  const random = seeded(7);
  const alphabet = text("\r\n-b\r\n--bc");
  for (let round = 0; round < 200; round++) {
    const bodies = Array.from({ length: 3 }, () => {
      const length = Math.floor(random() * 60);
      const body = Buffer.from(Array.from({ length }, () => alphabet[Math.floor(random() * alphabet.length)]!));
      // No body may hold the boundary itself.
      return text(body.toString("latin1").replaceAll("\r\n--bb", "?"));
    });
    const whole = Buffer.concat([
      ...bodies.flatMap((body) => [text("--bb\r\nA: 1\r\n\r\n"), body, text("\r\n")]),
      text("--bb--"),
    ]);
    const parts = read(cut(whole, 1 + Math.floor(random() * 20)), "bb");
    expect(parts.map(({ bytes }) => bytes.toString("latin1"))).toEqual(bodies.map((body) => body.toString("latin1")));
  }
});

describe("an answer that is cut short is refused", () => {
  // But for the last one, each cut lies in front of the closing boundary's two dashes.
  test.each(Array.from({ length: ANSWER.indexOf("--b--") + 5 }, (_, i) => i))("after %i bytes", (length) => {
    expect(() => read([ANSWER.subarray(0, length)])).toThrow(expect.objectContaining({ code: "truncated" }));
  });
});

test("what is no multipart is refused", () => {
  expect(() => read([text("--b, and more\r\n")])).toThrow(expect.objectContaining({ code: "bad-response" }));
  expect(() => read([text(`--b\r\n${"x".repeat(70_000)}`)])).toThrow(expect.objectContaining({ code: "bad-response" }));
});

test("the boundary of a content type", () => {
  expect(boundaryOf('multipart/related; type="application/dicom"; boundary=a-b')).toBe("a-b");
  expect(boundaryOf('Multipart/Related; boundary="a b"; type="application/dicom"')).toBe("a b");
  for (const other of [undefined, "", "application/dicom", "multipart/related; type=x", "text/html; boundary=a"]) {
    expect(() => boundaryOf(other)).toThrow(expect.objectContaining({ code: "bad-response" }));
  }
});
