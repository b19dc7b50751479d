// Keeps one page on the device, the verify page or that of a door: the page puts itself and its assets into the cache, this hands them
// out when the network does not answer. Whatever address within its scope is asked for then, the one page that is kept answers, in
// the language that is asked for where it is kept in both. Names and faces never go through here.

const PAGE = self.location.pathname.replace(/\/worker\.js$/, "");
const CACHE = PAGE === "/verify" ? "podium-verify" : "podium-door";
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
    const kept = (lang && (await cache.match(`${PAGE}?lang=${lang}`, { ignoreVary: true }))) || (await cache.match(PAGE, { ignoreSearch: true, ignoreVary: true }));
    if (kept) return kept;
    throw lost;
  }
}

async function fromCache(request) {
  return (await (await caches.open(CACHE)).match(request, { ignoreVary: true })) ?? fetch(request);
}
