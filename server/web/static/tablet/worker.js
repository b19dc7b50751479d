// Keeps one whole version of the app on this tablet and serves nothing else. A new version waits until the page says that the
// moment is safe; the API and every other page of the site go to the network as if this worker were not there.
const CACHE = `podium-tablet-${VERSION}`;
const OURS = new Set(FILES);

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(FILES.map((file) => new Request(file, { cache: "reload" })))));
});

self.addEventListener("activate", (event) => {
  const old = (name) => name.startsWith("podium-tablet-") && name !== CACHE;
  event.waitUntil(caches.keys().then((names) => Promise.all(names.filter(old).map((name) => caches.delete(name)))).then(() => self.clients.claim()));
});

self.addEventListener("message", (event) => {
  if (event.data === "take over") self.skipWaiting();
});

self.addEventListener("fetch", (event) => {
  const { pathname, search, origin } = new URL(event.request.url);
  if (event.request.method !== "GET" || origin !== self.location.origin) return;
  const asked = pathname === "/tablet" ? "/tablet" : pathname + search;
  if (asked === READER) event.respondWith(caches.match(asked).then((kept) => kept ?? fetch(event.request)));
  else if (OURS.has(asked)) event.respondWith(caches.match(asked, { cacheName: CACHE }).then((kept) => kept ?? fetch(event.request)));
});
