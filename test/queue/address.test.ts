import { describe, expect, test } from "vitest";
import { addressLabel, parseRedisUrl } from "../../src/queue/address.ts";

describe("the address of a Redis", () => {
  test.each([
    ["redis://host", { host: "host", port: 6379, db: 0 }],
    ["redis://host:7000/3", { host: "host", port: 7000, db: 3 }],
    ["redis://:p%40ss%2Fword@host", { host: "host", port: 6379, db: 0, password: "p@ss/word" }],
    ["redis://anna:x@[::1]:1", { host: "::1", port: 1, db: 0, username: "anna", password: "x" }],
    ["rediss://host", { host: "host", port: 6379, db: 0, tls: { servername: "host" } }],
    ["rediss://10.0.0.1", { host: "10.0.0.1", port: 6379, db: 0, tls: {} }],
  ])("%s", (url, address) => {
    expect(parseRedisUrl(url)).toEqual(address);
  });

  test.each([
    "",
    "host",
    "redis://",
    "redis:///1",
    "redis://host/name",
    "redis://host:x",
    "redis://:%zz@host",
    "http://host",
  ])("%j is none", (url) => {
    expect(() => parseRedisUrl(url)).toThrow(expect.objectContaining({ code: "invalid-option", stage: "options" }));
  });

  test("is shown without user and password", () => {
    expect(addressLabel(parseRedisUrl("rediss://anna:secret@[::1]:7/2"))).toBe("rediss://[::1]:7/2");
  });
});
