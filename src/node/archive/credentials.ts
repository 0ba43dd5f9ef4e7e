import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/**
 * The `Authorization` header for an archive, or `undefined` where nothing is known for it: from `PLEURA_DICOMWEB_TOKEN`
 * (a bearer token), or `PLEURA_DICOMWEB_USER` and `PLEURA_DICOMWEB_PASSWORD`, or the entry of the host in the file that
 * `NETRC` names (default: `~/.netrc`).
 */
export function authorizationFor(url: URL, env: NodeJS.ProcessEnv = process.env): string | undefined {
  const token = env["PLEURA_DICOMWEB_TOKEN"];
  if (token) return `Bearer ${token}`;
  const user = env["PLEURA_DICOMWEB_USER"];
  if (user !== undefined) return basic(user, env["PLEURA_DICOMWEB_PASSWORD"] ?? "");
  const login = loginOf(url.hostname, netrcText(env["NETRC"] ?? join(homedir(), ".netrc")));
  return login && basic(login.user, login.password);
}

/**
 * The login of a host in the text of a netrc file: that of its `machine`, else the `default`.
 *
 * Source: https://www.gnu.org/software/inetutils/manual/html_node/The-_002enetrc-file.html
 */
export function loginOf(host: string, netrc: string): { readonly user: string; readonly password: string } | undefined {
  // A macro ends at an empty line.
  const words = netrc.replace(/^[ \t]*macdef\b[\s\S]*?(\n[ \t]*\n|(?![\s\S]))/gm, "\n").match(/\S+/g) ?? [];
  let [user, password]: (string | undefined)[] = [];
  let isMeant = false;
  for (let i = 0; i < words.length; i++) {
    const word = words[i];
    if (word === "machine" || word === "default") {
      if (isMeant && user !== undefined) break;
      isMeant = word === "default" || words[++i] === host;
      [user, password] = [undefined, undefined];
    } else if (word === "login" && isMeant) user = words[++i];
    else if (word === "password" && isMeant) password = words[++i];
    else if (word === "login" || word === "password" || word === "account") i++;
  }
  return isMeant && user !== undefined ? { user, password: password ?? "" } : undefined;
}

function netrcText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
}
