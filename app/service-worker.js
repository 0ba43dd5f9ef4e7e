/*
 * Keeps the page's own files, so that it opens without a network. The build puts VERSION, FILES and
 * the page's POLICY in front; a new version has a store of its own and throws the others away.
 */
const STORE = `pleura-${VERSION}`;

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches
      .open(STORE)
      .then((store) => store.addAll(FILES))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener("activate", (event) => {
  const drop = (names) => Promise.all(names.filter((name) => name !== STORE).map((name) => caches.delete(name)));
  event.waitUntil(
    caches
      .keys()
      .then(drop)
      .then(() => self.clients.claim()),
  );
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const isPage = request.mode === "navigate";
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  // What pleura view serves beside the page; an answer that does not end would keep this worker.
  if (/\/(scan\/[^/]+|alive)$/.test(pathname)) return;
  const kept = caches.open(STORE).then((store) => store.match(isPage ? "./" : request));
  event.respondWith(kept.then((response) => (response === undefined ? fetch(request) : withPolicy(response))));
});

/** A worker is bound by the policy of the answer that brought it, not by the page's. */
function withPolicy(response) {
  const headers = new Headers(response.headers);
  headers.set("Content-Security-Policy", POLICY);
  return new Response(response.body, { status: response.status, headers });
}
