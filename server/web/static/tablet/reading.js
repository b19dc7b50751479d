// The chief judge's tablet reads what another one shows. A code is on the disk before anything is said of it, and stays there
// until the server has answered for it.
import { Component } from "./preact-11.2.0.mjs";
import { watch } from "./camera.js";
import { database } from "./database.js";
import { moment, token } from "./outbox.js";
import reader from "./reader.js";
import { changed, chief, refresh, state } from "./store.js";
import { Icon, html, lit, t } from "./ui.js";

const MOST = 20;
const NAME = "podium-reader";
const AGAIN = 10_000; // what was not taken may be read again after so long, when the camera has moved on
const DAY = 86_400_000;
const told = new Map(); // seal → what the server said of it
const read = new Set(); // every code that was read since the app was opened
const shown = new Map(); // judge → the set of codes that was before the camera last
let kept = []; // codes that the server has not answered for
let busy = false;

const mine = (row) => row.key.startsWith("code ");
const sealOf = (text) => text.split(":", 2)[1] ?? "";
const placeOf = (text) => text.match(/^PODIUM3:[0-9a-f]{64}:(\d+)\/(\d+):/)?.slice(1).map(Number);
const taken = (outcome) => !outcome.code && outcome.answers.every((answer) => answer.status !== "refused");

/** Signatures by their seal: the codes that were read of each, and how many there are. */
function sheaves() {
  const found = new Map();
  for (const row of kept) {
    const place = placeOf(row.text);
    if (!place) continue;
    const seal = sealOf(row.text);
    if (!found.has(seal)) found.set(seal, { seal, parts: place[1], rows: [] });
    found.get(seal).rows.push(row);
  }
  return [...found.values()];
}

/** A browser without a reader of its own is given one while there is a connection. */
export async function keepReader() {
  if (!chief() || "BarcodeDetector" in window || !window.caches) return;
  const cache = await caches.open(NAME);
  if (await cache.match(reader)) return;
  for (const old of await cache.keys()) await cache.delete(old);
  await cache.add(reader).catch(() => {});
}

async function post(address, content) {
  const headers = { "content-type": "application/json", "x-csrf-token": token() };
  const answer = await fetch(address, { method: "POST", headers, credentials: "same-origin", body: JSON.stringify(content), signal: AbortSignal.timeout(15_000) });
  return answer.ok ? (await answer.json()).outcomes : null;
}

async function heard(seals, outcomes, rows) {
  outcomes.forEach((outcome, place) => told.set(seals[place], { ...outcome, ...whose(rows[place].text), heard: Date.now() }));
  await database.device.bulkDelete(rows.map((row) => row.key));
  kept = (await database.device.toArray()).filter(mine);
  changed();
}

/** Passes on what was read, signatures after the marks that they name; what the server does not answer for stays for the next time. */
export async function passOn() {
  kept = (await database.device.toArray()).filter(mine);
  const left = kept.filter((row) => placeOf(row.text) && row.at < moment() - DAY);
  await database.device.bulkDelete(left.map((row) => row.key)); // the rest of a signature that nobody showed to its end
  kept = kept.filter((row) => !left.includes(row));
  if (busy || !kept.length) return changed();
  busy = true;
  try {
    for (;;) {
      const group = kept.filter((row) => !placeOf(row.text)).sort((one, next) => head(one.text).part - head(next.text).part).slice(0, MOST); // a mark that was given again comes after the one that it replaces
      const outcomes = group.length && (await post("/api/marks/carried", { codes: group.map((row) => row.text) }));
      if (!outcomes) break;
      await heard(group.map((row) => sealOf(row.text)), outcomes, group);
    }
    if (!kept.some((row) => !placeOf(row.text))) for (;;) {
      const whole = sheaves().filter((one) => one.rows.length === one.parts).slice(0, 5);
      const outcomes = whole.length && (await post("/api/signatures/carried", { signatures: whole.map((one) => one.rows.map((row) => row.text)) }));
      if (!outcomes) break;
      await heard(whole.map((one) => one.seal), outcomes, whole.flatMap((one) => one.rows));
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
  read.add(text);
  if (text.startsWith("PODIUM2:")) shown.set(whose(text).judge, whose(text).set);
  const [before, place] = [told.get(sealOf(text)), placeOf(text)];
  if (before && (taken(before) || Date.now() < before.heard + AGAIN)) return;
  await database.device.put({ key: `code ${sealOf(text)}${place ? ` ${place[0]}` : ""}`, text, at: moment() });
  await passOn();
}

const whose = (text) => { const { judge, set } = head(text); return { judge, set }; };
const head = (text) => { try { return JSON.parse(text.slice(text.indexOf("{"))); } catch { return {}; } };

function Outcome({ outcome }) {
  if (outcome.code) return html`<li class="refused"><${Icon} name="ban" /><span>${outcome[state.lang]}</span></li>`;
  const lost = outcome.answers.filter((answer) => answer.status === "refused");
  return html`<li class=${lost.length ? "refused" : ""}><${Icon} name=${lost.length ? "alert-triangle" : "mark-stored"} /><span><b>${outcome.entry ? t("reading-signature", outcome) : t("reading-parts", outcome)}</b> · ${t("reading-stored", { count: outcome.answers.length - lost.length })}${lost.length ? html` · ${t("reading-refused", { count: lost.length })}<small>${lost[0][state.lang]}</small>` : null}</span></li>`;
}

/** Of the marks of each judge: how many codes there are, and which have not been read. Of sets that came one after the other the last
    counts: it has all that is still unsent. */
function missing() {
  const found = new Map();
  for (const one of [...[...told.values()].filter((outcome) => !outcome.code && !outcome.entry), ...kept.filter((row) => !placeOf(row.text)).map((row) => head(row.text))]) {
    if (one.set !== (shown.has(one.judge) ? shown.get(one.judge) : one.set)) continue;
    const key = `${one.judge} ${one.set} ${one.parts}`;
    if (!found.has(key)) found.set(key, { parts: one.parts, read: new Set() });
    found.get(key).read.add(one.part);
  }
  return [...found.values()].filter((one) => one.parts > 1).map((one) => ({ ...one, left: Array.from({ length: one.parts }, (_, place) => place + 1).filter((part) => !one.read.has(part)) }));
}

const Missing = () => missing().map((one) => html`<p class=${`notice ${one.left.length ? "warn" : "ok"}`} role="status" data-missing=${one.left.length}><${Icon} name=${one.left.length ? "qrcode" : "check"} /><span>${t(one.left.length ? "reading-missing" : "reading-all", { have: one.read.size, parts: one.parts, which: `${one.left.slice(0, 8).join(" ")}${one.left.length > 8 ? " …" : ""}` })}</span></p>`);

export class Reading extends Component {
  dark = lit();

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
    this.dark();
    this.close?.();
  }

  render({ go }, { off }) {
    return html`<main class="reading" id="content"><h1 class="unseen">${t("read-codes")}</h1>
      ${off ? html`<p class="notice warn" role="alert"><${Icon} name="alert-triangle" /><span>${t("reading-off")}</span></p>` : html`<p>${t("reading-why")}</p>`}
      <video ref=${(made) => (this.video = made)} muted playsinline hidden=${off} data-read=${read.size}></video>
      <div class="heard"><${Missing} /><section class="card lines" aria-live="polite">${told.size + kept.length ? html`<ul>${sheaves().map((one) => html`<li key=${one.seal}><${Icon} name="mark-local" /><span><b>${t("reading-signature-parts", { have: one.rows.length, parts: one.parts })}</b> · ${t(one.rows.length < one.parts ? "reading-go-on" : "reading-here")}</span></li>`)}${kept.filter((row) => !placeOf(row.text)).map((row) => html`<li key=${row.key}><${Icon} name="mark-local" /><span><b>${t("reading-parts", { seat: "", ...head(row.text) })}</b> · ${t("reading-here")}</span></li>`)}${[...told.values()].reverse().map((outcome) => html`<${Outcome} outcome=${outcome} />`)}</ul>` : html`<p class="nothing">${t("reading-none")}</p>`}</section></div>
      <button class="button" type="button" onClick=${() => go("outbox")}><${Icon} name="chevron-left" />${t("outbox")}</button></main>`;
  }
}
