import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, rmdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A disk of memory that is nearly full. */
export interface SmallDisk {
  readonly folder: string;
  /** Takes away what fills it. */
  makeRoom(): Promise<void>;
  /** Takes the disk away. */
  remove(): Promise<void>;
}

/** Megabytes of the disk once there is room. */
const SIZE = 100;

/**
 * Mounts a disk of memory in a name space of its own, for which nobody needs to be root.
 *
 * @param megabytes - what is free of it at first
 * @returns `undefined` where that is not possible: outside of Linux, or where name spaces are forbidden
 */
export async function mountSmallDisk(megabytes: number): Promise<SmallDisk | undefined> {
  const point = await mkdtemp(join(tmpdir(), "pleura-disk-"));
  const mount = `mount -t tmpfs -o size=${SIZE}m tmpfs "$0" && echo mounted && exec cat`;
  // It lives as long as the process that has mounted it, which waits for the end of its input.
  const holder = spawn("unshare", ["-rm", "sh", "-c", mount, point], { stdio: ["pipe", "pipe", "ignore"] });
  const gone = new Promise((resolve) => holder.once("error", resolve).once("close", resolve));
  const isThere = await Promise.race([once(holder.stdout, "data").then(() => true), gone.then(() => false)]);
  if (!isThere) {
    await rmdir(point);
    return undefined;
  }
  const folder = `/proc/${holder.pid}/root${point}`;
  const ballast = join(folder, "ballast");
  await writeFile(ballast, Buffer.alloc((SIZE - megabytes) * 2 ** 20, 1));
  return {
    folder,
    makeRoom: () => rm(ballast),
    remove: async () => {
      holder.stdin.end();
      await gone;
      await rmdir(point);
    },
  };
}
