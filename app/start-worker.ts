/**
 * Starts a worker that is bound by the page's own content-security policy: one that is loaded from
 * a blob inherits it, one that is loaded from an address has that of its answer. The service worker
 * puts the policy on every answer, and a blob's imports would not go through it.
 *
 * @param href - whole address of the worker's script
 * @param isKept - whether a service worker answers for the page
 */
export function startWorker(href: string, isKept: boolean): Worker {
  if (isKept) return new Worker(href, { type: "module" });
  const code = `import ${JSON.stringify(href)};`;
  const address = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
  const worker = new Worker(address, { type: "module" });
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
  return worker;
}
