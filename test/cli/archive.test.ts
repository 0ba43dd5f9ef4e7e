import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { connect, createServer as connectServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { uidKey } from "../../src/node/cases/case-input.ts";
import { writePhantom } from "../../src/node/write-phantom.ts";
import { makePhantom } from "../../src/phantom/phantom.ts";
import { type BuiltCli, buildCli } from "../helpers/built-cli.ts";
import { dicomFiles, hasOrthanc, PASSWORD, startOrthanc, type TestOrthanc, USER } from "../helpers/orthanc.ts";

let pleura: BuiltCli;
let root: string;
let scan: string;
let files: string[];
let study: string;
let series: string;

beforeAll(async () => {
  pleura = await buildCli();
  root = await mkdtemp(join(tmpdir(), "pleura-archive-"));
  scan = join(root, "scan");
  await writePhantom(makePhantom({ size: 64, slices: 24, spacing: [8, 5, 5] }), scan);
  files = await dicomFiles(scan);
  const { stacks } = JSON.parse((await pleura.run("inspect", scan, "--json", "--keep-file-names")).stdout);
  ({ studyUid: study, seriesUid: series } = stacks[0]);
}, 60_000);
afterAll(() => rm(root, { recursive: true, force: true }));

/** Runs `pleura` with the archive's user, or with other variables. */
const run = (args: readonly string[], env: Record<string, string> = login) =>
  pleura.runUnder(
    `${Object.entries({ HOME: root, ...env })
      .map(([name, value]) => `${name}='${value}'`)
      .join(" ")} "$0" "$@"`,
    ...args,
  );
const login = { PLEURA_DICOMWEB_USER: USER, PLEURA_DICOMWEB_PASSWORD: PASSWORD };
const seriesName = () => `series-${uidKey(series).slice(0, 12)}`;
const studyName = () => `study-${uidKey(study).slice(0, 12)}`;

/** Whatever lies in a folder, as text. */
async function textOf(folder: string): Promise<string> {
  let text = "";
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    text += `${entry.name}\n`;
    if (entry.isFile() && entry.name.endsWith(".json"))
      text += await readFile(join(entry.parentPath, entry.name), "utf8");
  }
  return text;
}

describe.skipIf(!hasOrthanc)("a scan in Orthanc", { timeout: 120_000 }, () => {
  let orthanc: TestOrthanc;
  let address: string;
  beforeAll(async () => {
    orthanc = await startOrthanc();
    await orthanc.upload(files);
    address = `${orthanc.service}/studies/${study}/series/${series}`;
    await pleura.run("prep", scan, "--out", join(root, "from-files"));
  }, 60_000);
  afterAll(() => orthanc?.remove());

  const expectEqual = async (out: string, name: string) => {
    for (const output of ["clean.npy", "label.npy", "lungs.nii.gz"]) {
      const [there, here] = [join(out, `${name}_${output}`), join(root, "from-files", `scan_${output}`)];
      expect((await readFile(there)).equals(await readFile(here)), output).toBe(true);
    }
  };

  test("becomes what its files become, by the address of the series or of the study, and is skipped then", async () => {
    const out = join(root, "from-series");
    const first = await run(["prep", address, "--out", out]);
    expect([first.status, first.stdout]).toEqual([0, expect.stringMatching(`^${seriesName()}  done`)]);
    await expectEqual(out, seriesName());
    expect((await run(["prep", address, "--out", out])).stdout).toMatch(`${seriesName()}  skipped`);
    const whole = join(root, "from-study");
    expect((await run(["prep", `${orthanc.service}/studies/${study}`, "--out", whole])).status).toBe(0);
    await expectEqual(whole, studyName());
    // Neither the archive's secrets nor the images' UIDs are kept.
    const kept = (await textOf(out)) + (await textOf(whole));
    for (const secret of [PASSWORD, USER, series, study]) expect(kept).not.toContain(secret);
  });

  test("is found by a query, beside cases of folders", async () => {
    const out = join(root, "from-query");
    const { stdout } = await run(["prep", `${orthanc.service}/series?Modality=CT`, scan, "--out", out]);
    expect(stdout).toMatch(/^scan {2}done/m);
    expect(stdout).toMatch(new RegExp(`^${seriesName()} {2}done`, "m"));
    await expectEqual(out, seriesName());
  });

  test("is refused to others, with the ways to log in", async () => {
    const out = join(root, "refused");
    const wrong = await run(["prep", address, "--out", out], { ...login, PLEURA_DICOMWEB_PASSWORD: "wrong" });
    expect([wrong.status, wrong.stdout]).toEqual([1, expect.stringContaining("The archive refuses access")]);
    expect(wrong.stdout).toContain("HTTP status 401");
    expect(wrong.stdout + wrong.stderr).not.toContain("wrong");
    expect((await readdir(out)).filter((name) => !name.startsWith("."))).toEqual([]);
    await writeFile(join(root, ".netrc"), `machine 127.0.0.1 login ${USER} password ${PASSWORD}\n`);
    expect((await run(["prep", address, "--out", out], {})).status).toBe(0);
    await rm(join(root, ".netrc"));
  });

  test("that is not there is not found", async () => {
    const { status, stdout } = await run(["prep", `${address}.9`, "--out", join(root, "none")]);
    expect(status).toBe(1);
    expect(stdout).toMatch(/failed {2}read: .*The archive does not have this series/);
  });

  test("of an archive that was killed fails, and is done when the archive is back", async () => {
    const out = join(root, "killed");
    await orthanc.kill();
    const gone = await run(["prep", address, "--out", out]);
    expect([gone.status, gone.stdout]).toEqual([1, expect.stringContaining("The archive cannot be reached")]);
    expect(gone.stdout).toContain("ECONNREFUSED");
    await orthanc.restart();
    expect((await run(["prep", address, "--out", out])).status).toBe(0);
    await expectEqual(out, seriesName());
  });

  test("of an archive that is killed while it answers fails, publishes nothing, and is done afterwards", async () => {
    const out = join(root, "killed-meanwhile");
    const { port } = new URL(orthanc.service);
    let passed = 0;
    const proxy = connectServer((client) => {
      const archive = connect(Number(port), "127.0.0.1");
      client.pipe(archive);
      for (const socket of [client, archive]) socket.on("error", () => [client, archive].map((one) => one.destroy()));
      archive.on("data", (piece) => {
        passed += piece.length;
        if (passed < 60_000) client.write(piece);
        else void orthanc.kill().then(() => client.destroy());
      });
      archive.on("end", () => client.end());
    }).listen(0, "127.0.0.1");
    await once(proxy, "listening");
    const through = address.replace(port, String((proxy.address() as { port: number }).port));
    const broken = await run(["prep", through, "--out", out]);
    expect([broken.status, broken.stdout]).toEqual([1, expect.stringContaining("The archive cannot be reached")]);
    expect(passed).toBeGreaterThan(60_000);
    expect((await readdir(out)).filter((name) => !name.startsWith("."))).toEqual([]);
    await orthanc.restart();
    passed = Number.NEGATIVE_INFINITY;
    expect((await run(["prep", through, "--out", out])).status).toBe(0);
    await expectEqual(out, seriesName());
    proxy.close();
  });

  test("gets its SEG back, which gives the same lungs, and is not sent twice", async () => {
    const out = join(root, "stored");
    const store = ["--store", `${orthanc.service}/`];
    const sent = await run(["prep", address, "--out", out, ...store]);
    expect([sent.status, sent.stderr]).toEqual([0, expect.not.stringContaining("failed")]);
    expect((await run(["prep", address, "--out", out, ...store])).stdout).toContain("skipped");
    const [seg, ...others] = await orthanc.filesOf("SEG");
    expect(others).toEqual([]);
    expect(seg!.equals(await readFile(join(out, `${seriesName()}_lungs.seg.dcm`)))).toBe(true);
    expect(JSON.parse(await readFile(join(out, `${seriesName()}.json`), "utf8")).stored).toBe(orthanc.service);
    await writeFile(join(root, "from-archive.dcm"), seg!);
    const again = join(root, "from-seg");
    const read = await run(["prep", scan, "--lungs", join(root, "from-archive.dcm"), "--out", again]);
    expect(read.status).toBe(0);
    const lungs = await readFile(join(again, "scan_lungs.nii.gz"));
    expect(lungs.equals(await readFile(join(root, "from-files/scan_lungs.nii.gz")))).toBe(true);
    // The same result without its SEG in the other archive is not done.
    const elsewhere = await run(["prep", address, "--out", out, "--store", "http://127.0.0.1:1/dicom-web"]);
    expect([elsewhere.status, elsewhere.stdout]).toEqual([1, expect.stringContaining("The archive cannot be reached")]);
  });

  test("is not hashed by --verify, and is not put into the queue", async () => {
    const verified = await run(["prep", address, "--out", join(root, "verified"), "--verify"]);
    expect([verified.status, verified.stdout]).toEqual([1, expect.stringContaining("Leave out --verify")]);
    const queued = await run([
      "queue",
      "add",
      address,
      "--out",
      join(root, "queued"),
      "--redis",
      "redis://127.0.0.1:1",
    ]);
    expect([queued.status, queued.stderr]).toEqual([2, expect.stringContaining("address of an archive")]);
  });
});

describe("an archive that misbehaves", { timeout: 120_000 }, () => {
  let server: Server;
  let service: string;
  /** What the next answers to a request for pixels are like; afterwards they are whole. */
  let faults: ("cut" | "busy" | "short" | "more")[] = [];
  /** Instances that it lists. */
  let listed: number;
  let asked: string[] = [];
  /** Its answer to an object that it does not store. */
  let refusal: object | undefined;
  beforeAll(async () => {
    const bytes = await Promise.all(files.map((file) => readFile(file)));
    const uids = bytes.map(
      (one) => /1\.2\.826[\d.]+|2\.25\.\d+|1\.[\d.]{20,}/.exec(one.toString("latin1", 200, 400))![0],
    );
    listed = files.length;
    const parts = (from: number, to: number) =>
      Buffer.concat(
        bytes
          .slice(from, to)
          .flatMap((one) => [
            Buffer.from("--cut\r\nContent-Type: application/dicom\r\n\r\n"),
            one,
            Buffer.from("\r\n"),
          ]),
      );
    server = createServer((request, response) => {
      const { url = "", headers, method } = request;
      asked.push(url);
      if (method === "POST") {
        const stored = { "00081199": { vr: "SQ", Value: [{ "00081155": { vr: "UI", Value: ["1.2"] } }] } };
        request.resume().on("end", () => {
          response.statusCode = refusal === undefined ? 200 : 409;
          response.end(JSON.stringify(refusal ?? stored));
        });
        return;
      }
      const { pathname } = new URL(url, "http://localhost");
      if (headers.accept?.includes("json")) {
        response.setHeader("content-type", "application/dicom+json");
        response.end(JSON.stringify(uids.slice(0, listed).map((uid) => ({ "00080018": { vr: "UI", Value: [uid] } }))));
        return;
      }
      const fault = faults.shift();
      if (fault === "busy") {
        response.statusCode = 503;
        response.end("Zzyzx^Quentin");
        return;
      }
      response.setHeader("content-type", 'multipart/related; type="application/dicom"; boundary=cut');
      const one = uids.findIndex((uid) => pathname.endsWith(`/instances/${uid}`));
      const whole = one >= 0 ? parts(one, one + 1) : parts(0, fault === "short" ? 20 : files.length);
      if (fault === "cut") {
        response.setHeader("content-length", whole.length + 7);
        response.write(whole.subarray(0, whole.length / 2), () => response.destroy());
      } else response.end(Buffer.concat([whole, Buffer.from("--cut--")]));
    }).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    service = `http://127.0.0.1:${(server.address() as { port: number }).port}/dicom-web`;
    await pleura.run("prep", scan, "--out", join(root, "from-files"));
  }, 60_000);
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  const prep = async (name: string, ...now: typeof faults) => {
    faults = now;
    asked = [];
    const outcome = await run(["prep", `${service}/studies/${study}/series/${series}`, "--out", join(root, name)], {});
    return { ...outcome, out: join(root, name) };
  };
  const isEqual = async (out: string) =>
    (await readFile(join(out, `${seriesName()}_clean.npy`))).equals(
      await readFile(join(root, "from-files/scan_clean.npy")),
    );

  test.each<[string, ...typeof faults]>([
    ["is busy once", "busy"],
    ["breaks off in the middle of its answer", "cut"],
    ["breaks off every time it is asked for the whole series", "cut", "cut", "cut", "cut"],
    ["leaves instances out of its answer", "short"],
  ])("and %s is asked again, for what is missing only", async (name, ...now) => {
    const { status, stdout, out } = await prep(name.replaceAll(" ", "-"), ...now);
    expect([status, stdout]).toEqual([0, expect.stringContaining("done")]);
    expect(await isEqual(out)).toBe(true);
    const single = asked.filter((url) => /\/instances\/[\d.]+$/.test(url));
    expect(single.length).toBeLessThan(files.length);
    if (now[0] === "short") expect(single.length).toBe(files.length - 20);
  });

  test("that stays busy fails the case; what it says is not repeated", async () => {
    const { status, stdout, stderr, out } = await prep("busy", ...Array(9).fill("busy"));
    expect([status, stdout]).toEqual([1, expect.stringContaining("HTTP status 503")]);
    expect(stdout + stderr + (await textOf(out))).not.toContain("Zzyzx");
    expect((await readdir(out)).filter((name) => !name.startsWith("."))).toEqual([]);
  });

  test("that does not store the SEG fails the case, and nothing of it is published", async () => {
    const out = join(root, "refused-seg");
    refusal = { "00081198": { vr: "SQ", Value: [{ "00081197": { vr: "US", Value: [0xa700] } }] } };
    const { status, stdout } = await run(["prep", scan, "--out", out, "--store", service], {});
    expect([status, stdout]).toEqual([1, expect.stringContaining("HTTP status 409, reason 0xa700")]);
    expect((await readdir(out)).filter((name) => !name.startsWith("."))).toEqual([]);
    refusal = undefined;
    expect((await run(["prep", scan, "--out", out, "--store", service], {})).status).toBe(0);
    const wrong = await run(["prep", scan, "--out", out, "--store", "http://me:secret@127.0.0.1/dicom-web"], {});
    expect(wrong.status).toBe(2);
    expect(wrong.stderr).toContain("PLEURA_DICOMWEB_USER");
    expect(wrong.stderr).not.toContain("secret");
  });

  test("whose series grows between list and answer fails the case", async () => {
    listed = 20;
    const { status, stdout } = await prep("grown");
    listed = files.length;
    expect([status, stdout]).toEqual([1, expect.stringContaining("The series has changed in the archive")]);
  });
});
