// Keeps the verify page on the device, in both languages: the page puts itself, its assets and the key list into the cache, this hands
// them out when the network does not answer. Whatever code was scanned then, the one page that is kept checks it.

const CACHE = "podium-verify";
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
    const cache = await caches.open(CACHE);
    const lang = new URL(request.url).searchParams.get("lang");
    const kept = (lang && (await cache.match(`/verify?lang=${lang}`, { ignoreVary: true }))) || (await cache.match("/verify", { ignoreVary: true }));
    if (kept) return kept;
    throw lost;
  }
}

async function fromCache(request) {
  return (await (await caches.open(CACHE)).match(request, { ignoreVary: true })) ?? fetch(request);
}
