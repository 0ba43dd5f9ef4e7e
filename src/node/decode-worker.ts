import { parentPort } from "node:worker_threads";
import { answerRequests } from "../dicom/frame-thread.ts";

/** What a thread of the decode pool runs. */
parentPort?.on(
  "message",
  answerRequests((answer, transfer) => parentPort?.postMessage(answer, transfer)),
);
