import { shownInput } from "../../dicomweb/address.ts";
import { parseDataSets } from "../../dicomweb/query.ts";
import { parseStoreAnswer } from "../../dicomweb/store-answer.ts";
import { PleuraError } from "../../errors.ts";
import { ask, textOf } from "./request.ts";

const BOUNDARY = "pleura-dicom-object";

/**
 * Sends a DICOM file to an archive (STOW-RS, DICOM PS3.18, 10.5). Sending it again is harmless: its UID stays the same.
 *
 * @param service - as `parseService` gives it
 * @param parts - the bytes of the file
 * @throws PleuraError `store-refused` when the archive does not store it, or not as it is; as `ask` does
 */
export async function storeObject(
  service: string,
  parts: readonly Uint8Array[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const head = `--${BOUNDARY}\r\nContent-Type: application/dicom\r\n\r\n`;
  const body = Buffer.concat([Buffer.from(head), ...parts, Buffer.from(`\r\n--${BOUNDARY}--\r\n`)]);
  const request = {
    accept: "application/dicom+json",
    contentType: `multipart/related; type="application/dicom"; boundary=${BOUNDARY}`,
    body,
    // The archive tells in its answer why it has stored nothing.
    accepts: [409],
    signal,
  };
  const { status, stored, reasons } = await ask(`${service}/studies`, request, async (answer) => ({
    status: answer.status,
    ...parseStoreAnswer(parseAnswer(await textOf(answer))),
  }));
  if (stored > 0 && reasons.length === 0) return;
  throw new PleuraError("store-refused", "The archive has not stored the SEG as it is", {
    stage: "write",
    file: shownInput(service),
    measured: `HTTP status ${status}, reason ${reasons.join(", ") || "unknown"}`,
    limit: "one instance stored, without a warning",
    hint: "DICOM PS3.18, 10.5.3, lists the reasons; the log of the archive may say more",
  });
}

/** One data set: some archives send it without the list around it. */
function parseAnswer(json: string): ReturnType<typeof parseDataSets> {
  return parseDataSets(/^\s*\{/.test(json) ? `[${json}]` : json);
}
