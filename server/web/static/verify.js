// The verify page without a connection: a code from the camera, or from the address that a scanner opened, is checked here.

const page = JSON.parse(document.getElementById("offline").textContent);
const { words } = page;
const CACHE = "podium-verify";
const KEYS = "/.well-known/podium-keys.json";
const SCOPES = ["/verify", "/v/"];
const PATIENCE = 5_000;
const LOCALE = page.lang === "en" ? "en-GB" : "zh-CN";
const $ = (selector) => document.querySelector(selector);
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");

// ---------- the key list: the newest that there is, with its day ----------

let list; // what this visit loaded
async function keyList() {
  if (list) return list;
  try {
    const answer = await fetch(KEYS, { cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
    if (!answer.ok) throw new Error(answer.status);
    await (await window.caches?.open(CACHE))?.put(KEYS, answer.clone());
    list = await opened(answer);
    return list;
  } catch {
    const kept = await (await window.caches?.open(CACHE))?.match(KEYS);
    return kept ? opened(kept) : undefined;
  }
}
async function opened(answer) {
  return { codes: (await answer.json()).codes ?? [], day: new Date(answer.headers.get("date") ?? Date.now()) };
}

// ---------- what came of it ----------

function show(found, day) {
  const good = found.outcome === "signed";
  const box = $("[data-result]");
  const values = { ...found, day: day?.toLocaleDateString(LOCALE, { year: "numeric", month: "long", day: "numeric" }) };
  box.dataset.result = found.outcome;
  box.hidden = false;
  box.querySelector("[data-verdict]").className = `verdict ${good ? "yes" : ["damaged", "forged"].includes(found.outcome) ? "no" : "none"}`;
  box.querySelector("h1, h2").textContent = words[found.outcome];
  box.querySelector("[data-mend]").textContent = fill(words[`${found.outcome}-mend`], values);
  for (const icon of box.querySelectorAll(".disc .i")) icon.hidden = icon.dataset.when !== (good ? "yes" : "no");
  for (const part of box.querySelectorAll("[data-good]")) part.hidden = !good;
  for (const [name, text] of Object.entries({ name: found.name, what: found.what, number: found.number })) box.querySelector(`[data-says="${name}"]`).textContent = text ?? "";
  box.querySelector("[data-cut]").hidden = !good || ![found.name, found.what].some((text) => text.endsWith("…"));
  box.querySelector("[data-key]").textContent = good ? fill(words.key, values) : "";
  const ask = box.querySelector("[data-ask]");
  ask.hidden = !found.token || ["stranger", "alien"].includes(found.outcome);
  ask.href = `/v/${found.token}`;
  box.scrollIntoView({ block: "start" });
  box.focus({ preventScroll: true });
}

async function scanned(text) {
  if (!window.crypto?.subtle) return show({ outcome: "insecure" });
  const kept = await keyList();
  if (!kept) return show({ outcome: "no-list" });
  const { check } = await import(page.check);
  return show(await check(text, location.origin, kept.codes), kept.day);
}

// ---------- the camera ----------

let close;
async function camera() {
  const said = $("[data-camera-words]");
  if (close) {
    close();
    close = undefined;
    said.textContent = words.idle;
  } else {
    try {
      if (!navigator.mediaDevices) throw new DOMException("", "insecure");
      const { watch } = await import(page.camera);
      close = await watch($("[data-viewer] video"), page.jsqr, scanned);
      said.textContent = words.aim;
    } catch (failed) {
      said.textContent = words[{ NotAllowedError: "denied", insecure: "no-https" }[failed.name] ?? "no-camera"];
    }
  }
  $("[data-viewer]").hidden = !close;
  $("[data-camera] span").textContent = close ? words.close : words.open;
}
$("[data-camera]").addEventListener("click", camera);

// ---------- kept on this device ----------

async function keep() {
  if (!navigator.serviceWorker || !window.caches) return;
  for (const scope of SCOPES) await navigator.serviceWorker.register(page.worker, { scope });
  const cache = await caches.open(CACHE);
  const assets = [...document.querySelectorAll("link[href], script[src], img[src]")].map((one) => one.href || one.src).filter((url) => url.includes("/static/"));
  const scripts = [page.check, page.camera, page.jsqr].map((path) => new URL(path, location.href).href);
  const wanted = [...new Set([...assets, ...scripts])];
  // Without cookies: what is kept names nobody and changes nobody's language.
  const pages = await Promise.all(["zh", "en"].map((lang) => fetch(`/verify?lang=${lang}`, { credentials: "omit", cache: "no-store" })));
  if (!pages.every((one) => one.ok) || !(await keyList())) return;
  await cache.addAll(wanted);
  await cache.put("/verify", pages[page.lang === "en" ? 1 : 0].clone());
  await Promise.all(["zh", "en"].map((lang, place) => cache.put(`/verify?lang=${lang}`, pages[place])));
  const kept = new Set([...wanted, ...["/verify", "/verify?lang=zh", "/verify?lang=en", KEYS].map((path) => location.origin + path)]);
  for (const old of await cache.keys()) if (!kept.has(old.url)) await cache.delete(old);
  document.documentElement.dataset.kept = "yes";
  $("[data-kept]").hidden = false;
}

// The server answers a number or a code itself: where this page stands at such an address, it was not reached.
function fromAddress() {
  if (location.pathname.startsWith("/v/")) return scanned(location.href);
  return new URLSearchParams(location.search).has("number") && show({ outcome: "offline" });
}
window.addEventListener("hashchange", fromAddress);
const here = await window.caches?.match("/verify", { ignoreVary: true });
if (here) $("[data-kept]").hidden = false;
await Promise.all([fromAddress(), keep().catch(() => {})]);
