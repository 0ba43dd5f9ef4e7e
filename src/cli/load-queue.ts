import { PleuraError } from "../errors.ts";

/**
 * Libraries of the queue, and their versions as package.json names them. They are not installed with pleura,
 * since most users need none of them.
 */
export const QUEUE_LIBRARIES: Readonly<Record<string, string>> = {
  bullmq: "^6.7.0",
  ioredis: "^5.11.1",
  "prom-client": "^15.1.3",
};

/**
 * Loads the queue.
 *
 * @throws PleuraError `not-installed` when one of its libraries is missing; it says what to install
 */
export async function loadQueue(): Promise<typeof import("../queue/index.ts")> {
  try {
    return await import("../queue/index.ts");
  } catch (error) {
    throw missingLibrary(error) ?? error;
  }
}

function missingLibrary(error: unknown): PleuraError | undefined {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code !== "ERR_MODULE_NOT_FOUND") return undefined;
  const missing = Object.keys(QUEUE_LIBRARIES).find((name) => message.includes(`'${name}'`));
  if (missing === undefined) return undefined;
  const wanted = Object.entries(QUEUE_LIBRARIES).map(([name, version]) => `${name}@${version}`);
  return new PleuraError("not-installed", `the queue needs the library ${missing}, which is not installed`, {
    stage: "queue",
    hint: `Run: npm install ${wanted.join(" ")}`,
    cause: error,
  });
}
