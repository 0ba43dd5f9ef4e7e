export { type ByteSource, memorySource } from "../byte-source.ts";
