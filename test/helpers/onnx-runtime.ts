import { createRequire } from "node:module";
import { type LoadedRuntime, loadRuntime } from "../../src/node/model/load-runtime.ts";

const WEB: string = "onnxruntime-web";

/** Whether ONNX Runtime is installed, as `npm ci` does. */
export const hasRuntime = ((): boolean => {
  try {
    createRequire(import.meta.url).resolve(WEB);
    return true;
  } catch {
    return false;
  }
})();

/** ONNX Runtime as WebAssembly, whatever else is installed. */
export function loadWebRuntime(): Promise<LoadedRuntime> {
  return loadRuntime((name) => (name === WEB ? import(WEB) : Promise.reject(missingPackage(name))));
}

/** What Node throws for a package that is not there. */
export function missingPackage(name: string): Error {
  return Object.assign(new Error(`Cannot find package '${name}' imported from x`), { code: "ERR_MODULE_NOT_FOUND" });
}
