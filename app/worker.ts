import { makeDecodePool } from "pleura/browser";
import { type Port, serveSession } from "pleura/worker";
import decoderAddress from "./decode-worker.ts?worker&url";
import { startWorker } from "./start-worker.ts";

/** More would take memory from the scan, and files come no faster. */
const MOST_DECODERS = 3;

const decoders = Math.min((navigator.hardwareConcurrency ?? 1) - 1, MOST_DECODERS);
const decoder = makeDecodePool(decoders, () => {
  const { href } = new URL(decoderAddress, import.meta.url);
  // Workers that this one starts are bound as it is itself.
  return startWorker(href, self.location.protocol !== "blob:");
});
serveSession(self as unknown as Port, decoder);
