// Keeps the page of the door on the device, and nothing else: the page puts itself and its assets into the cache, this hands them
// out when the network does not answer. Names and faces never go through here.

const CACHE = "podium-door";
const PATIENCE = 5_000;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (request.mode === "navigate") event.respondWith(fromNetwork(request));
  else if (pathname.startsWith("/static/")) event.respondWith(fromCache(request));
});

async function fromNetwork(request) {
  try {
    return await fetch(request, { signal: AbortSignal.timeout(PATIENCE) });
  } catch (lost) {
    const kept = await (await caches.open(CACHE)).match(request, { ignoreSearch: true, ignoreVary: true });
    if (kept) return kept;
    throw lost;
  }
}

async function fromCache(request) {
  return (await (await caches.open(CACHE)).match(request, { ignoreVary: true })) ?? fetch(request);
}
