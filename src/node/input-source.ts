import type { ByteSource } from "../byte-source.ts";
import { fileSource } from "./file-source.ts";
import type { InputFile } from "./input-files.ts";

/** A listed file as a source of bytes; one that is not read says why. */
export function inputSource({ path, name, size, problem }: InputFile): ByteSource {
  if (problem === undefined) return fileSource(path, name, size);
  return { name, size: 0, problem, read: () => 0 };
}
