import { memorySource } from "../byte-source.ts";
import { splitFrames } from "../dicom/frames.ts";
import { type Instance, instanceFromHeader } from "../dicom/instance.ts";
import { isModalityTerm } from "../dicom/modalities.ts";
import type { AsideFile, Headers } from "../dicom/read-headers.ts";
import { transferSyntax } from "../dicom/transfer-syntax.ts";
import { type JsonDataSet, jsonElements, jsonText } from "./json-elements.ts";

const NOTHING = new Uint8Array(0);

/**
 * Headers out of an archive's metadata (WADO-RS, PS3.18, 10.4.1.1.2), as `readHeaders` gives those of files. They
 * hold no pixels. An instance is called by its SOP Instance UID.
 */
export function headersOfMetadata(metadata: readonly JsonDataSet[]): Headers {
  const instances: Instance[] = [];
  const aside: AsideFile[] = [];
  for (const dataSet of metadata) {
    const found = headerOf(dataSet);
    if (Array.isArray(found)) instances.push(...found);
    else aside.push(found);
  }
  return { instances, aside, skipped: aside.map(({ identity: _, ...file }) => file), listed: [] };
}

function headerOf(dataSet: JsonDataSet): Instance[] | AsideFile {
  const elements = jsonElements(dataSet);
  const name = jsonText(dataSet, "00080018") ?? "";
  // Where the archive says in which syntax it holds an instance, as version 2021a of the standard asks.
  const syntaxUid = jsonText(dataSet, "00083002") ?? "";
  const header = {
    elements,
    syntaxUid,
    syntax: transferSyntax(syntaxUid),
    start: 0,
    pixelOffset: 0,
    pixelLength: undefined,
  };
  const instance = instanceFromHeader(memorySource(name, NOTHING), header);
  const modality = instance?.modality ?? jsonText(dataSet, "00080060");
  const identity = {
    mediaSopClass: jsonText(dataSet, "00080016"),
    sopInstance: name,
    modality,
    seriesUid: jsonText(dataSet, "0020000E"),
  };
  if (instance === undefined) return { file: name, reason: "not an image", identity };
  if (modality === undefined || modality === "CT") return splitFrames(instance, elements);
  return { file: name, reason: "not CT", ...(isModalityTerm(modality) && { modality }), identity };
}
