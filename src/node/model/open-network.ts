import { setImmediate as nextTurn } from "node:timers/promises";
import { PleuraError } from "../../errors.ts";
import type { NetworkAnswer, SliceNetwork } from "../../model/network.ts";
import type { ModelRecipe } from "../../model/recipe.ts";
import { type LoadedRuntime, loadRuntime, type OnnxSession } from "./load-runtime.ts";
import type { ModelFile } from "./model-file.ts";

/** The network that was opened last: a process does one case after the other, mostly with the same. */
let latest: { readonly key: string; readonly session: Promise<OnnxSession> } | undefined;

/**
 * Gets a model ready to run.
 *
 * @param file - name of the model, for messages
 * @param threads - threads that the runtime uses
 * @param load - what loads the runtime
 * @throws PleuraError `not-installed`, `bad-model` when the file is no ONNX model, or takes another input than the
 * recipe says; `out-of-memory`
 */
export async function openNetwork(
  model: ModelFile,
  recipe: ModelRecipe,
  file: string,
  threads: number,
  load: () => Promise<LoadedRuntime> = loadRuntime,
): Promise<SliceNetwork> {
  const runtime = await load();
  const key = `${runtime.name} ${model.sha256} ${threads}`;
  if (latest?.key !== key) latest = { key, session: openSession(runtime, model.bytes, file, threads) };
  const { session: opening } = latest;
  const session = await opening.catch((error: unknown) => {
    latest = undefined;
    throw error;
  });
  checkInput(session, recipe, file);
  const [input] = session.inputNames as [string];
  const output = outputOf(session, recipe, file);
  return {
    runtime: runtime.name,
    async run(values, dims) {
      // WebAssembly computes in this thread: let timers and signals have their turn.
      await nextTurn();
      const feeds = { [input]: new runtime.ort.Tensor("float32", values, dims) };
      const answers = await session.run(feeds, [output]).catch((cause: unknown) => {
        throw failed("The model failed on a slice", file, cause);
      });
      const { data, dims: found } = answers[output]!;
      // Dimensions of 64-bit numbers in some runtimes.
      return { data: data as NetworkAnswer["data"], dims: found.map(Number) };
    },
  };
}

function openSession(
  { package: name, ort }: LoadedRuntime,
  bytes: Uint8Array,
  file: string,
  threads: number,
): Promise<OnnxSession> {
  const isWeb = name === "onnxruntime-web";
  if (isWeb && ort.env.wasm !== undefined) ort.env.wasm.numThreads = threads;
  return ort.InferenceSession.create(bytes, {
    executionProviders: [isWeb ? "wasm" : "cpu"],
    executionMode: "sequential",
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    // Errors only: what it warns of is for those who made the model.
    logSeverityLevel: 3,
  }).catch((cause: unknown) => {
    throw failed("The model cannot be loaded", file, cause);
  });
}

function checkInput(session: OnnxSession, { channels, size }: ModelRecipe, file: string): void {
  const { inputNames, inputMetadata } = session;
  if (inputNames.length !== 1) throw badInput(file, `${inputNames.length} inputs`, "1 input");
  const [input] = inputMetadata ?? [];
  if (input?.type !== undefined && input.type !== "float32") throw badInput(file, input.type, "float32");
  const wanted = [1, channels, ...size];
  const shape = input?.shape;
  // Dimensions with a name, or of unknown size, take any.
  const fits = (n: number | string, i: number): boolean => typeof n === "string" || n < 0 || n === wanted[i];
  if (shape !== undefined && !(shape.length === wanted.length && shape.every(fits))) {
    const measured = shape.map((n) => (typeof n === "number" ? n : "any")).join(" × ");
    throw badInput(file, measured === "" ? "one number" : measured, wanted.join(" × "));
  }
}

function outputOf({ outputNames }: OnnxSession, { output }: ModelRecipe, file: string): string {
  if (output === undefined && outputNames.length === 1) return outputNames[0]!;
  if (output !== undefined && outputNames.includes(output)) return output;
  throw new PleuraError("bad-model", "The model's outputs are not what its recipe says", {
    stage: "lungs",
    file,
    quote: outputNames.join(", "),
    limit: output === undefined ? "one output, or its name in the recipe" : "the output that the recipe names",
    hint: 'Name the output in the recipe: {"output": "…"} (--model-recipe)',
  });
}

function badInput(file: string, measured: string, limit: string): PleuraError {
  return new PleuraError("bad-model", "The model takes another input than its recipe says", {
    stage: "lungs",
    file,
    measured,
    limit,
    hint: "Say what the model takes in a recipe: --model-recipe",
  });
}

/** What the runtimes say when there is no memory left. */
const NO_MEMORY = /bad_alloc|out of memory|failed to allocate|allocation failed|memory access out of bounds/i;
/** What they say of weights that a model keeps in a file of its own. */
const EXTERNAL = /external data|external_data|MountedFiles/i;

function failed(what: string, file: string, cause: unknown): PleuraError {
  const message = cause instanceof Error ? cause.message : String(cause);
  const details = { stage: "lungs", file, quote: message.split("\n")[0]!, cause };
  if (NO_MEMORY.test(message)) {
    return new PleuraError("out-of-memory", `${what}: the runtime has no memory left`, {
      ...details,
      hint: "Use fewer --workers, or a model for smaller images",
    });
  }
  const hint = EXTERNAL.test(message)
    ? "Export the model with its weights in the same file: torch.onnx.export(..., external_data=False)"
    : "Check the file with onnx.checker, and that the runtime knows the model's operators";
  return new PleuraError("bad-model", what, { ...details, hint });
}
