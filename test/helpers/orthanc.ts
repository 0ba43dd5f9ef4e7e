import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

const ORTHANC = ["/usr/sbin/Orthanc", "/usr/bin/Orthanc"].find((path) => existsSync(path));
const PLUGIN = ["/usr/share/orthanc/plugins/libOrthancDicomWeb.so", "/usr/lib/orthanc/libOrthancDicomWeb.so"].find(
  (path) => existsSync(path),
);

/** Whether Orthanc and its DICOMweb plugin are installed, as Debian's `orthanc` and `orthanc-dicomweb` are. */
export const hasOrthanc = ORTHANC !== undefined && PLUGIN !== undefined;

export const USER = "reader";
export const PASSWORD = "hush/hush@1";

/** An Orthanc of its own on the loopback. */
export interface TestOrthanc {
  /** Address of its DICOMweb service. */
  readonly service: string;
  /** Stores files as a scanner would. */
  upload(files: Iterable<string>): Promise<void>;
  /** The files of a modality that it holds. */
  filesOf(modality: string): Promise<Buffer[]>;
  /** Kills it by SIGKILL; its data stay. */
  kill(): Promise<void>;
  /** Starts it again on the same port with the same data. */
  restart(): Promise<void>;
  remove(): Promise<void>;
}

/** Starts an Orthanc that asks for {@link USER} and {@link PASSWORD}. */
export async function startOrthanc(): Promise<TestOrthanc> {
  const folder = await mkdtemp(join(tmpdir(), "pleura-orthanc-"));
  const port = await freePort();
  const config = join(folder, "orthanc.json");
  await writeFile(
    config,
    JSON.stringify({
      StorageDirectory: folder,
      IndexDirectory: folder,
      HttpPort: port,
      DicomServerEnabled: false,
      RemoteAccessAllowed: false,
      AuthenticationEnabled: true,
      RegisteredUsers: { [USER]: PASSWORD },
      Plugins: [PLUGIN],
      DicomWeb: { Enable: true, Root: "/dicom-web/" },
    }),
  );
  const origin = `http://127.0.0.1:${port}`;
  const headers = { authorization: `Basic ${Buffer.from(`${USER}:${PASSWORD}`).toString("base64")}` };
  let server: ChildProcess | undefined;
  const kill = async (): Promise<void> => {
    if (server === undefined || server.exitCode !== null || server.signalCode !== null) return;
    server.kill("SIGKILL");
    await once(server, "exit");
  };
  const start = async (): Promise<void> => {
    const child = spawn(ORTHANC as string, [config], { stdio: ["ignore", "ignore", "pipe"] });
    server = child;
    let said = "";
    await new Promise<void>((resolve, reject) => {
      child.stderr!.on("data", (piece) => {
        said += piece;
        if (/Orthanc has started/.test(said)) resolve();
      });
      child.once("exit", () => reject(new Error(`Orthanc does not start:\n${said}`)));
    });
  };
  await start();
  return {
    service: `${origin}/dicom-web`,
    async upload(files) {
      for (const file of files) {
        const body = new Uint8Array(await readFile(file));
        const answer = await fetch(`${origin}/instances`, { method: "POST", headers, body });
        if (!answer.ok) throw new Error(`Orthanc does not take ${file}: ${answer.status}`);
      }
    },
    async filesOf(modality) {
      const body = JSON.stringify({ Level: "Instance", Query: { Modality: modality } });
      const ids = await (await fetch(`${origin}/tools/find`, { method: "POST", headers, body })).json();
      const answers = (ids as string[]).map((id) => fetch(`${origin}/instances/${id}/file`, { headers }));
      return Promise.all(answers.map(async (answer) => Buffer.from(await (await answer).arrayBuffer())));
    },
    kill,
    restart: start,
    async remove() {
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The DICOM files of a folder. */
export async function dicomFiles(folder: string): Promise<string[]> {
  const names = await readdir(folder);
  return names
    .filter((name) => name.endsWith(".dcm"))
    .sort()
    .map((name) => join(folder, name));
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}
