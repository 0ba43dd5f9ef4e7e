import workerpool from "workerpool";
import { decodeHere } from "../dicom/decode-frame.ts";

/** What a thread of the decode pool runs: an encoded frame comes in, the decoded one goes back. */
workerpool.worker({ decode: decodeHere.decode });
