import { VolumeMemory } from "../simd/volume-memory.ts";
import { compileKernels } from "./compile-kernels.ts";
import { tryCase } from "./prep-case.ts";
import type { CaseOrder, WorkerMessage } from "./worker-protocol.ts";

// A terminal sends Ctrl-C, and a batch system its request to end, to the whole process group; the
// parent decides what becomes of its workers, and kills them when they are to stop at once.
process.on("SIGINT", () => undefined);
process.on("SIGTERM", () => undefined);
process.on("disconnect", () => process.exit(1));
compileKernels();
const volumeMemory = new VolumeMemory();
process.on("message", async ({ options, ...input }: CaseOrder) => {
  try {
    const result = await tryCase(input, { ...options, volumeMemory, onStage: (stage) => say({ stage }) });
    say({ result: result ?? null });
  } catch (error) {
    say({ error: error instanceof Error ? error.message : String(error) });
  }
});

function say(message: WorkerMessage): void {
  // The callback takes the error of a channel that closes meanwhile.
  process.send?.(message, undefined, undefined, () => undefined);
}
