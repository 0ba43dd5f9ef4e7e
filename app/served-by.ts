/** Milliseconds between two attempts to reach `pleura view`, and how many in a row may fail. */
const PAUSE = 3_000;
const ATTEMPTS = 3;

/** What serves this page: `pleura view`, when the address has its secret, or any web server. */
export interface ServedBy {
  /** Asks for something that `pleura view` tells only to those who know the secret. */
  get(path: string): Promise<Response>;
  /** Lets `pleura view` know that the page is open, for as long as it is. */
  stay(): Promise<void>;
}

/** Finds out by what the page is served; a code in the address is given for the secret, which then stands there. */
export async function findServer(): Promise<ServedBy> {
  const address = new URLSearchParams(location.hash.slice(1));
  const code = address.get("once");
  const token = code === null ? address.get("token") : await redeem(code);
  // So that the page can be loaded again.
  if (code !== null) history.replaceState(null, "", token === null ? "#" : `#token=${token}`);
  // Another secret, given to the tab that is open: a browser does not load the page again for that.
  addEventListener("hashchange", () => location.reload());
  return {
    get: (path) => fetch(path, { headers: headersOf(token) }),
    stay: () => (token === null ? Promise.resolve() : stayConnected(token)),
  };
}

async function redeem(code: string): Promise<string | null> {
  const answer = await fetch("token", { method: "POST", headers: headersOf(code) }).catch(() => undefined);
  return answer?.ok ? ((await answer.json()) as { token: string }).token : null;
}

function headersOf(secret: string | null): HeadersInit {
  return secret === null ? {} : { Authorization: `Bearer ${secret}` };
}

/** Holds one answer that does not end. Nothing is sent on it, so that it holds while a computer sleeps. */
async function stayConnected(token: string): Promise<void> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    try {
      const answer = await fetch("alive", { headers: headersOf(token) });
      if (!answer.ok) return;
      attempt = 0;
      await answer.body?.pipeTo(new WritableStream());
    } catch {
      // It has ended, or the connection was lost.
    }
    await new Promise((next) => setTimeout(next, PAUSE));
  }
}
