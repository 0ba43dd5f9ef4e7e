import type { ServerResponse } from "node:http";

/** Counts the pages that are open: each holds one answer that does not end. */
export interface OpenPages {
  /** Counts a page until its connection closes. */
  hold(response: ServerResponse): void;
  /** Resolves when the last page has been closed for a while; never while there has been none. */
  readonly left: Promise<void>;
}

/**
 * Makes the counter. A connection is asked for nothing and has no clock of its own, so a computer that
 * sleeps, or a tab in the background, is not taken for a page that was closed.
 *
 * @param grace - milliseconds that a page has to come back, as one does that is loaded again
 */
export function countOpenPages(grace: number): OpenPages {
  let open = 0;
  let timer: NodeJS.Timeout | undefined;
  let end: () => void;
  const left = new Promise<void>((resolve) => {
    end = resolve;
  });
  return {
    left,
    hold(response) {
      open++;
      clearTimeout(timer);
      response.once("close", () => {
        open--;
        if (open === 0) timer = setTimeout(end, grace).unref();
      });
    },
  };
}
