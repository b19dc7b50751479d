// What the browser lends the app: a worker that keeps it for the next start, a disk that is not swept, and how full it is.
import { setAside } from "./reserve.js";
import { changed, state } from "./store.js";

const LITTLE = 50_000_000;
const TIGHT = 200_000_000;
export const browser = { worker: "serviceWorker" in navigator ? "starting" : "missing" };

let swept = false;
const register = () => navigator.serviceWorker.register("/tablet/worker.js", { scope: "/tablet", updateViaCache: "none" });

/** Chromium on a full disk sweeps away the worker too, and with it the next start without a network. It is kept anew as soon as it can be. */
export async function keepWorker() {
  if (browser.worker !== "ready" || (await navigator.serviceWorker.getRegistration("/tablet"))) return;
  swept = true;
  await register().catch(() => {});
}

/** A new version waits until somebody says that the moment is safe; then every page of this tablet starts again with it. */
export async function startWorker() {
  if (browser.worker === "missing") return;
  try {
    const registration = await register();
    const waits = () => {
      if (!registration.waiting || !navigator.serviceWorker.controller) return;
      state.update = () => registration.waiting?.postMessage("take over");
      changed();
    };
    waits();
    registration.addEventListener("updatefound", () => registration.installing?.addEventListener("statechange", waits));
    const first = !navigator.serviceWorker.controller;
    navigator.serviceWorker.addEventListener("controllerchange", () => (first || swept) && !state.update ? undefined : location.reload());
    setInterval(() => registration.update().catch(() => {}), 15 * 60_000);
    await navigator.serviceWorker.ready;
    browser.worker = "ready";
  } catch {
    browser.worker = "missing";
  }
  changed();
}

/** Asks that the browser never sweeps the outbox away, and warns while there is still time to send. */
export async function guardDisk() {
  keepWorker();
  const disk = navigator.storage;
  if (!disk?.estimate) return;
  if (!(await disk.persisted())) await disk.persist();
  const { usage, quota } = await disk.estimate();
  const free = quota - usage;
  const room = await setAside();
  state.room = { low: free < LITTLE || !room, tight: free < TIGHT, free: room ? `${Math.max(0, Math.floor(free / 1_000_000))} MB` : "< 16 MB" };
  changed();
}

/** When nothing is drafted and nobody is looking, a waiting version is taken without a question. */
export const takeWhenSafe = () => state.update && document.visibilityState === "hidden" && !state.drafts.size && state.update();
