import { expect, test } from "vitest";
import { authorizationFor, loginOf } from "../../src/node/archive/credentials.ts";

const NETRC = `
macdef init
machine trap login no password no

machine other login wrong password wrong
machine archive.example
  login reader
  account none
  password se#cret
default login anyone password any
`;

test.each([
  ["archive.example", { user: "reader", password: "se#cret" }],
  ["other", { user: "wrong", password: "wrong" }],
  ["trap", { user: "anyone", password: "any" }],
  ["elsewhere", { user: "anyone", password: "any" }],
])("the login of %s in a netrc file", (host, login) => {
  expect(loginOf(host, NETRC)).toEqual(login);
});

test("a file without the host has none", () => {
  expect(loginOf("archive.example", "machine other login a password b")).toBeUndefined();
  expect(loginOf("archive.example", "machine archive.example")).toBeUndefined();
  expect(loginOf("archive.example", "")).toBeUndefined();
});

test("a token comes before a user, and a user before the file", () => {
  const url = new URL("https://archive.example/dicom-web");
  const user = { PLEURA_DICOMWEB_USER: "a", PLEURA_DICOMWEB_PASSWORD: "b" };
  expect(authorizationFor(url, { ...user, PLEURA_DICOMWEB_TOKEN: "t" })).toBe("Bearer t");
  expect(authorizationFor(url, user)).toBe("Basic YTpi");
  expect(authorizationFor(url, { NETRC: "/nowhere" })).toBeUndefined();
});
