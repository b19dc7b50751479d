// A judge's own note beside a mark, and what they measured there. It is on the disk first and sent when it can be: where two tablets hold
// different marks of one cell, each is shown with it. A note that was kept before this was so stays on its tablet.
import { Component } from "./preact-11.2.0.mjs";
import { database, thisDevice, ulid } from "./database.js";
import { moment, token } from "./outbox.js";
import { written } from "./reserve.js";
import { changed, me, refreshed, state, watch } from "./store.js";
import { Icon, html, isJudged, plain, t } from "./ui.js";

const MOST = 50;
let [busy, notBefore, most] = [false, 0, MOST];

const rowOf = (key) => state.notes.get(key);
export const noteOf = (key) => rowOf(key)?.text ?? "";
export const measuredOf = (key) => rowOf(key)?.measured ?? "";

async function keepNote(at, text, measured) {
  const now = moment();
  const about = { event: at.event.id, entry: at.entry, aspect: at.aspect.id, device: (await thisDevice()).name };
  const row = { key: `${me()}/${at.key}`, judge: me(), ...about, text: plain(text), measured: plain(measured.replace(/\p{Cc}/gu, " ")), id: ulid(now), at: now, told: false };
  await database.notes.put(row);
  await refreshed(); // another page of this tablet would write over what it does not know
}

/** The notes that the server has not heard of, oldest first. */
export const unsentNotes = () => [...state.notes.values()].filter((row) => row.id && !row.told).sort((one, next) => one.at - next.at);

/** Sends them in that order; what the server does not take stays here, and is not sent again. One that it cannot read keeps no other out:
    which one it is, it says only when each comes alone. */
async function sendNotes() {
  const rows = unsentNotes().slice(0, most);
  if (!rows.length || busy || state.session !== "in" || performance.now() < notBefore) return;
  busy = true;
  notBefore = performance.now() + 5000;
  try {
    const remarks = rows.map(({ id, event, entry, aspect, device, measured, text, at }) => ({ id, event, entry, aspect, device, measured, note: text, made_at: new Date(at).toISOString() }));
    const headers = { "content-type": "application/json", "x-csrf-token": token(), "x-podium-judge": rows[0].judge };
    const answer = await fetch("/api/remarks", { method: "POST", headers, credentials: "same-origin", body: JSON.stringify({ remarks }), signal: AbortSignal.timeout(15_000) });
    if (!answer.ok && answer.status !== 422) return; // asked again with the next mark, or in a minute
    const heard = answer.ok || rows.length === 1 ? rows : [];
    most = heard.length ? Math.min(MOST, 2 * most) : 1;
    for (const row of heard) {
      const key = row.key.slice(row.judge.length + 1);
      if (rowOf(key)?.id !== row.id) continue; // written anew meanwhile
      await database.notes.put({ ...row, told: true });
      state.notes.set(key, { ...row, told: true });
    }
    notBefore = 0;
  } catch {
    // no network, or a full disk: it is all here
  } finally {
    busy = false;
  }
  if (!notBefore) changed(); // the rest
}

watch(() => void sendNotes());

const LIMITS = [
  [/^(-?\d+(?:\.\d+)?)[^\d±≤≥<>]*±\s*(\d+(?:\.\d+)?)[^\d±≤≥<>]*$/, (value, nominal, by) => Math.abs(value - nominal) - by],
  [/^[≤<]\s*(\d+(?:\.\d+)?)[^\d±≤≥<>]*$/, (value, most) => value - most],
  [/^[≥>]\s*(\d+(?:\.\d+)?)[^\d±≤≥<>]*$/, (value, least) => least - value],
];

/** How far a reading is outside what the aspect asks for: 0 inside, nothing where the requirement is no plain limit. It only advises. */
export function outside(requirement, measured) {
  const value = measured.match(/^-?\d+(?:\.\d+)?/)?.[0];
  for (const [form, by] of LIMITS) {
    const found = value && requirement.trim().match(form);
    if (found) return Math.max(0, Math.round(by(Number(value), ...found.slice(1).map(Number)) * 1e6) / 1e6);
  }
  return null;
}

/** A reading in words: as it was typed, and whether it is inside. */
export function reading(aspect, measured) {
  if (!measured) return "";
  const by = outside(aspect.requirement, measured);
  return by === null ? measured : `${measured} · ${by ? t("outside-by", { by }) : t("inside")}`;
}

export class Notes extends Component {
  open = () => this.setState({ open: true, problem: "", text: noteOf(this.props.at.key), measured: measuredOf(this.props.at.key) }, () => this.field?.focus());
  close = () => this.setState({ open: false });
  keep = async () => {
    try {
      await written(() => keepNote(this.props.at, this.state.text, this.state.measured));
      this.close();
    } catch (failure) {
      this.setState({ problem: t("beside-failed", { why: failure?.name ?? "" }) });
    }
  };

  /** The button of the note beneath the pad; or, `face` measured, that of the reading above it, which says whether it is inside. */
  face({ at, face }) {
    if (face !== "measured") return html`<button class=${`button note ${noteOf(at.key) ? "has" : ""}`} type="button" data-note onClick=${this.open}><${Icon} name="notes" /><span>${t("note")}</span>${noteOf(at.key) ? html`<${Icon} name="check" label=${t("note-kept")} />` : null}</button>`;
    const value = measuredOf(at.key);
    const by = value && outside(at.aspect.requirement, value);
    return html`<button class="button meas" type="button" data-reading onClick=${this.open}><${Icon} name="ruler" /><span>${t("measured")}</span><b>${value || "—"}</b>${value && by !== null ? html`<em class=${by ? "out" : ""}>${by ? t("outside-by", { by }) : t("inside")}</em>` : null}</button>`;
  }

  render({ at, face }, { open, text = "", measured = "", problem }) {
    const read = !isJudged(at.aspect);
    const first = (name) => (field) => { if (face === name) this.field = field; };
    return html`${this.face({ at, face })}
      ${open ? html`<div class="over"><section class="card dialog" role="dialog" aria-modal="true" aria-label=${t("note")}><form onSubmit=${(event) => { event.preventDefault(); this.keep(); }}>
        <h2>${at.entry} · ${at.aspect.id} ${at.aspect.name}</h2>
        ${read ? html`<label for="note-measured">${t("measured")}${at.aspect.requirement ? html` <small>${at.aspect.requirement}</small>` : null}</label>
          <input class="input" id="note-measured" ref=${first("measured")} maxlength="40" autocomplete="off" value=${measured} onInput=${(event) => this.setState({ measured: event.target.value })} />
          ${measured && outside(at.aspect.requirement, measured) !== null ? html`<p role="status">${reading(at.aspect, measured)}</p>` : null}` : null}
        <label for="note-text">${t("note")} <small>${t("note-beside")}</small></label>
        <textarea id="note-text" ref=${first(undefined)} rows="4" maxlength="500" value=${text} onInput=${(event) => this.setState({ text: event.target.value })}></textarea>
        ${problem ? html`<p class="message" role="alert">${problem}</p>` : null}
        <div class="choices"><button class="button" type="button" onClick=${this.close}>${t("cancel")}</button><button class="button primary" type="submit"><${Icon} name="check" />${t("keep-note")}</button></div>
      </form></section></div>` : null}`;
  }
}
