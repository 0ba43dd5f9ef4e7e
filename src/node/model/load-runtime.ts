import { PleuraError } from "../../errors.ts";

/** What is used of ONNX Runtime's API, which is the same in its packages for Node and the web. */
export interface OnnxRuntime {
  readonly InferenceSession: {
    create(model: Uint8Array, options: Readonly<Record<string, unknown>>): Promise<OnnxSession>;
  };
  readonly Tensor: new (type: "float32", data: Float32Array, dims: readonly number[]) => unknown;
  readonly env: {
    readonly versions?: { readonly common?: string; readonly node?: string; readonly web?: string };
    readonly wasm?: { numThreads?: number };
    logLevel?: string;
  };
}

/** A model that is loaded. */
export interface OnnxSession {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  readonly inputMetadata?: readonly {
    readonly isTensor?: boolean;
    readonly type?: string;
    readonly shape?: readonly (number | string)[];
  }[];
  run(
    feeds: Readonly<Record<string, unknown>>,
    fetches: readonly string[],
  ): Promise<Readonly<Record<string, { readonly data: unknown; readonly dims: readonly number[] }>>>;
}

/** A package that runs models. */
export interface LoadedRuntime {
  readonly package: string;
  /** `onnxruntime-node 1.30.0` */
  readonly name: string;
  readonly ort: OnnxRuntime;
}

/** The packages that run models, the faster one first. Neither is installed with pleura, since most users need none. */
const PACKAGES = ["onnxruntime-node", "onnxruntime-web"] as const;

/** How a package is loaded. */
export type Load = (name: string) => Promise<unknown>;

// Not a literal: no bundler is to look for a package that need not be there.
const load: Load = (name) => import(/* @vite-ignore */ name);

/**
 * Loads ONNX Runtime: `onnxruntime-node` where it is installed, or else `onnxruntime-web`.
 *
 * @throws PleuraError `not-installed` when neither is, or the one that is there does not load
 */
export async function loadRuntime(from: Load = load): Promise<LoadedRuntime> {
  for (const name of PACKAGES) {
    const ort = await from(name).then(runtimeOf, (error: unknown) => {
      if (isMissing(error, name)) return undefined;
      throw broken(name, error);
    });
    if (ort === undefined) continue;
    const { versions = {} } = ort.env;
    const version = (name === "onnxruntime-node" ? versions.node : versions.web) ?? versions.common ?? "unknown";
    return { package: name, name: `${name} ${version}`, ort };
  }
  throw new PleuraError("not-installed", "A model needs ONNX Runtime, which is not installed", {
    stage: "lungs",
    hint: "Run: npm install onnxruntime-node (fast), or npm install onnxruntime-web (WebAssembly, slower, runs everywhere)",
  });
}

/** The module, or its default export where that holds everything. */
function runtimeOf(module: unknown): OnnxRuntime {
  const found = module as Partial<OnnxRuntime> & { readonly default?: OnnxRuntime };
  return found.InferenceSession === undefined ? found.default! : (found as OnnxRuntime);
}

function isMissing(error: unknown, name: string): boolean {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === "ERR_MODULE_NOT_FOUND" && message.includes(`'${name}'`);
}

function broken(name: string, cause: unknown): PleuraError {
  return new PleuraError("not-installed", `The package ${name} is installed but does not load`, {
    stage: "lungs",
    quote: String((cause as Error)?.message).split("\n")[0]!,
    hint: `Install it again, or take it out and run: npm install onnxruntime-web`,
    cause,
  });
}
