import { Connection, type Method, type Methods, type Progress } from "pleura/worker";
import { startWorker } from "./start-worker.ts";
import workerAddress from "./worker.ts?worker&url";

/** The worker that computes, and another one in its place when it has to be stopped. */
export class Engine {
  private worker!: Worker;
  private connection!: Connection;

  constructor(private readonly onProgress: (progress: Progress) => void) {
    this.start();
  }

  /** Asks the worker for something. */
  call<M extends Method>(method: M, args: Methods[M]["args"]): Promise<Methods[M]["value"]> {
    return this.connection.call(method, args);
  }

  /** Stops whatever is being done, at once; what was open is gone. */
  cancel(): void {
    this.worker.terminate();
    this.connection.close({ code: "aborted", stage: undefined, message: "Cancelled" });
    this.start();
  }

  private start(): void {
    const isKept = "serviceWorker" in navigator && navigator.serviceWorker.controller !== null;
    const worker = startWorker(new URL(workerAddress, document.baseURI).href, isKept);
    const connection = new Connection(worker, this.onProgress);
    worker.addEventListener("error", () => {
      const message = "The computation ended unexpectedly; the scan may be too large for this browser.";
      connection.close({ code: "crashed", stage: undefined, message });
    });
    this.worker = worker;
    this.connection = connection;
    whenIdle(() => {
      // Nothing depends on it, and a scan that comes meanwhile ends it.
      if (this.connection === connection) connection.call("warmUp", {}).catch(() => {});
    });
  }
}

function whenIdle(work: () => void): void {
  // Safari has no idle callbacks.
  if ("requestIdleCallback" in window) requestIdleCallback(work);
  else setTimeout(work, 500);
}
