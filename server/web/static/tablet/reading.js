// The chief judge's tablet reads what another one shows. A code is on the disk before anything is said of it, and stays there
// until the server has answered for it.
import { Component } from "./preact-11.2.0.mjs";
import { watch } from "./camera.js";
import { database } from "./database.js";
import { token } from "./outbox.js";
import reader from "./reader.js";
import { changed, chief, refresh, state } from "./store.js";
import { Icon, html, t } from "./ui.js";

const MOST = 20;
const NAME = "podium-reader";
const told = new Map(); // seal → what the server said of it
let kept = []; // codes that the server has not answered for
let busy = false;

const mine = (row) => row.key.startsWith("code ");
const sealOf = (text) => text.split(":", 2)[1] ?? "";

/** A browser without a reader of its own is given one while there is a connection. */
export async function keepReader() {
  if (!chief() || "BarcodeDetector" in window || !window.caches) return;
  const cache = await caches.open(NAME);
  if (await cache.match(reader)) return;
  for (const old of await cache.keys()) await cache.delete(old);
  await cache.add(reader).catch(() => {});
}

/** Passes on what was read; what the server does not answer for stays for the next time. */
export async function passOn() {
  kept = (await database.device.toArray()).filter(mine);
  if (busy || !kept.length) return changed();
  busy = true;
  try {
    for (const group = kept.slice(0, MOST); group.length; group.splice(0, MOST, ...kept.slice(0, MOST))) {
      const headers = { "content-type": "application/json", "x-csrf-token": token() };
      const answer = await fetch("/api/marks/carried", { method: "POST", headers, credentials: "same-origin", body: JSON.stringify({ codes: group.map((row) => row.text) }), signal: AbortSignal.timeout(15_000) });
      if (!answer.ok) break;
      const { outcomes } = await answer.json();
      outcomes.forEach((outcome, place) => told.set(sealOf(group[place].text), outcome));
      await database.device.bulkDelete(group.map((row) => row.key));
      kept = (await database.device.toArray()).filter(mine);
      changed();
    }
    refresh();
  } catch {
    // no connection: they are on the disk
  } finally {
    busy = false;
    changed();
  }
}

async function take(text) {
  if (told.has(sealOf(text))) return;
  await database.device.put({ key: `code ${sealOf(text)}`, text });
  await passOn();
}

const head = (text) => { try { return JSON.parse(text.slice(text.indexOf("{"))); } catch { return {}; } };

function Outcome({ outcome }) {
  if (outcome.code) return html`<li class="refused"><${Icon} name="ban" /><span>${outcome[state.lang]}</span></li>`;
  const lost = outcome.answers.filter((answer) => answer.status === "refused");
  return html`<li><${Icon} name="mark-stored" /><span><b>${t("reading-parts", outcome)}</b> · ${t("reading-stored", { count: outcome.answers.length - lost.length })}${lost.length ? html` · ${t("reading-refused", { count: lost.length })}<small>${lost[0][state.lang]}</small>` : null}</span></li>`;
}

export class Reading extends Component {
  async componentDidMount() {
    passOn();
    try {
      const close = await watch(this.video, reader, (text) => take(text));
      if (this.over) close();
      else this.close = close;
    } catch {
      this.setState({ off: true });
    }
  }

  componentWillUnmount() {
    this.over = true;
    this.close?.();
  }

  render({ go }, { off }) {
    return html`<main class="reading" id="content"><h1 class="unseen">${t("read-codes")}</h1>
      ${off ? html`<p class="notice warn" role="alert"><${Icon} name="alert-triangle" /><span>${t("reading-off")}</span></p>` : html`<p>${t("reading-why")}</p>`}
      <video ref=${(made) => (this.video = made)} muted playsinline hidden=${off}></video>
      <section class="card lines" aria-live="polite">${told.size + kept.length ? html`<ul>${kept.map((row) => html`<li key=${row.key}><${Icon} name="mark-local" /><span><b>${t("reading-parts", { seat: "", ...head(row.text) })}</b> · ${t("reading-here")}</span></li>`)}${[...told.values()].reverse().map((outcome) => html`<${Outcome} outcome=${outcome} />`)}</ul>` : html`<p class="nothing">${t("reading-none")}</p>`}</section>
      <button class="button" type="button" onClick=${() => go("outbox")}><${Icon} name="chevron-left" />${t("outbox")}</button></main>`;
  }
}
