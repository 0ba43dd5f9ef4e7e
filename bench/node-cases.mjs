/** Prepares a scan some times (node node-cases.mjs <scan> <out> <times>) and prints the milliseconds of each. */
import { VolumeMemory } from "pleura";
import { prepCase } from "pleura/node";

const [scan, out, times] = process.argv.slice(2);
const milliseconds = [];
const volumeMemory = new VolumeMemory();
for (let i = 0; i < Number(times); i++) {
  const began = performance.now();
  const result = await prepCase(scan, { out, force: true, volumeMemory });
  milliseconds.push(performance.now() - began);
  if (result.status === "failed") throw new Error(result.failure.message);
}
process.stdout.write(JSON.stringify(milliseconds));
