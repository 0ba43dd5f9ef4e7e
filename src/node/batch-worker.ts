import { VolumeMemory } from "../simd/volume-memory.ts";
import { compileKernels } from "./compile-kernels.ts";
import { toFailure } from "./failure.ts";
import { tryCase } from "./prep-case.ts";
import type { CaseOrder, WorkerMessage } from "./worker-protocol.ts";

// A terminal sends Ctrl-C, and a batch system its request to end, to the whole process group; the
// parent decides what becomes of its workers, and kills them when they are to stop at once.
process.on("SIGINT", () => undefined);
process.on("SIGTERM", () => undefined);
process.on("disconnect", () => process.exit(1));
compileKernels();
const volumeMemory = new VolumeMemory();
// Node would print the error's own words, whatever they repeat, to the terminal or the log.
process.on("uncaughtException", (error) => {
  const { measured, message } = toFailure(error, "read");
  process.send?.({ error: measured ?? message } satisfies WorkerMessage, () => process.exit(1));
});
process.on("message", async ({ options, ...input }: CaseOrder) => {
  try {
    const result = await tryCase(input, { ...options, volumeMemory, onStage: (stage) => say({ stage }) });
    say({ result: result ?? null });
  } catch (error) {
    // In words that may be written down: this becomes the reason of a failure.
    const { measured, message } = toFailure(error, "read");
    say({ error: measured ?? message });
  }
});

function say(message: WorkerMessage): void {
  // The callback takes the error of a channel that closes meanwhile.
  process.send?.(message, undefined, undefined, () => undefined);
}
