import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { Redis } from "ioredis";

const PATHS = [process.env["REDIS_SERVER"], "/usr/bin/redis-server", "/usr/local/bin/redis-server"];

/** Redis as a distribution installs it, or what REDIS_SERVER names; undefined where there is none. */
export const REDIS_SERVER = PATHS.find((path) => path !== undefined && existsSync(path));

/** With what has to be percent-encoded. */
export const PASSWORD = "hush/hush@1";

/** A Redis of its own on the loopback, with a password and an append-only file. */
export interface TestRedis {
  /** Address with password. */
  readonly url: string;
  readonly port: number;
  /** The certificate to trust, when it speaks TLS. */
  readonly certificate: string | undefined;
  /** Kills it by SIGKILL; its data stay. */
  kill(): Promise<void>;
  /** Starts it again on the same port with the same data. */
  restart(): Promise<void>;
  /** Every command that has ever changed something, as Redis keeps it. */
  written(): Promise<string>;
  /** Forgets everything. */
  clear(): Promise<void>;
  /** Ends it and takes its folder away. */
  remove(): Promise<void>;
}

/** Starts a Redis; with TLS by a certificate made now for 127.0.0.1. */
export async function startRedis({ tls = false } = {}): Promise<TestRedis> {
  const folder = await mkdtemp(join(tmpdir(), "pleura-redis-"));
  const port = await freePort();
  const certificate = tls ? makeCertificate(folder) : undefined;
  const url = `${tls ? "rediss" : "redis"}://:${encodeURIComponent(PASSWORD)}@127.0.0.1:${port}`;
  const config = [
    "bind 127.0.0.1",
    ...(tls
      ? [`port 0`, `tls-port ${port}`, `tls-cert-file ${folder}/cert.pem`, `tls-key-file ${folder}/key.pem`]
      : [`port ${port}`]),
    ...(tls ? ["tls-auth-clients no"] : []),
    `requirepass ${PASSWORD}`,
    "appendonly yes",
    'save ""',
    `dir ${folder}`,
  ];
  let server: ChildProcess;
  const client = () =>
    new Redis({
      port,
      password: PASSWORD,
      retryStrategy: () => null,
      lazyConnect: true,
      ...(tls && { tls: { rejectUnauthorized: false } }),
    }).on("error", () => undefined);

  async function isReady(): Promise<boolean> {
    const redis = client();
    const answer = await redis
      .connect()
      .then(() => redis.ping())
      .catch(() => undefined);
    redis.disconnect();
    return answer === "PONG";
  }
  async function restart(): Promise<void> {
    // By standard input, so that the password is in no list of processes.
    server = spawn(REDIS_SERVER as string, ["-"], { stdio: ["pipe", "ignore", "inherit"] });
    server.stdin?.end(`${config.join("\n")}\n`);
    while (!(await isReady())) {
      if (server.exitCode !== null) throw new Error(`redis-server ended with ${server.exitCode}`);
      await pause(20);
    }
  }
  async function kill(): Promise<void> {
    const gone = once(server, "exit");
    server.kill("SIGKILL");
    await gone;
  }

  await restart();
  return {
    url,
    port,
    certificate,
    kill,
    restart,
    async written() {
      const log = join(folder, "appendonlydir");
      const parts = (await readdir(log)).map((name) => readFile(join(log, name), "latin1"));
      return (await Promise.all(parts)).join("\n");
    },
    async clear() {
      const redis = client();
      await redis.flushall();
      redis.disconnect();
    },
    async remove() {
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Makes a key and a certificate that signs itself, both in the folder; gives the certificate's path. */
function makeCertificate(folder: string): string {
  const files = ["-keyout", join(folder, "key.pem"), "-out", join(folder, "cert.pem")];
  const kind = ["-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"];
  execFileSync("openssl", ["req", ...kind, "-addext", "subjectAltName=IP:127.0.0.1", ...files], { stdio: "ignore" });
  return join(folder, "cert.pem");
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address !== null ? address.port : 0;
}
