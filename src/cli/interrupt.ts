/**
 * Listens to Ctrl-C and SIGTERM: the first ends the run in good order, the second at once.
 *
 * @param onFirst - called at the first one
 */
export function twoStepInterrupt(onFirst: () => void): { readonly stop: AbortSignal; readonly signal: AbortSignal } {
  const stop = new AbortController();
  const atOnce = new AbortController();
  const step = () => {
    if (stop.signal.aborted) atOnce.abort();
    else onFirst();
    stop.abort();
  };
  for (const name of ["SIGINT", "SIGTERM"] as const) process.on(name, step);
  return { stop: stop.signal, signal: atOnce.signal };
}
