// What the floor writes down about a piece besides its marks: that nobody came, gave up, was put out. Everybody reads it, the chief judge writes it.
import { Component } from "./preact-11.2.0.mjs";
import { refresh, sender, state } from "./store.js";
import { token } from "./outbox.js";
import { Icon, html, t } from "./ui.js";

const STATUSES = ["absent", "withdrawn", "did-not-finish", "disqualified"];

/** What is written down of an entry: its status and what happened, or nothing. */
export const floorOf = (event, entry) => event.floor?.[entry] ?? null;

export class Floor extends Component {
  state = { open: false, status: "absent", reason: "", wrong: "" };

  componentDidUpdate = (before) => before.entry !== this.props.entry && this.setState({ open: false, reason: "", wrong: "" });

  /** Needs an answer: whoever is written down as absent owes nothing on every tablet of the panel. */
  async say(status, reason) {
    const { event, entry } = this.props;
    try {
      const answer = await fetch(`/api/competitions/${event.slug}/events/${event.code}/floor`, { method: "POST", credentials: "same-origin", headers: { "content-type": "application/json", "x-csrf-token": token() }, body: JSON.stringify({ entry, status, reason }) });
      const told = answer.ok ? null : await answer.json();
      this.setState({ open: Boolean(told), wrong: told ? (told.words?.[state.lang] ?? t("floor-failed")) : "" });
    } catch {
      this.setState({ wrong: t("floor-failed") });
    }
    await refresh();
  }

  render({ event, entry }, { open, status, reason, wrong }) {
    const [now, why] = floorOf(event, entry) ?? [];
    const mayWrite = event.chief && event.open;
    const away = sender?.net !== "online";
    if (now) return html`<div class="floor card" role="status"><${Icon} name="ban" /><p><b>${t(`floor-${now}`)}</b> ${why ? `${why} ` : ""}<span>${t("floor-owes")}</span></p>${mayWrite ? html`<button class="button" type="button" data-floor-back disabled=${away} onClick=${() => this.say("competed", t("floor-back"))}>${t("floor-back")}</button>` : null}</div>`;
    if (!mayWrite) return null;
    if (!open) return html`<button class="button quiet floor-open" type="button" data-floor onClick=${() => this.setState({ open: true })}><${Icon} name="ban" />${t("floor")}</button>`;
    return html`<form class="floor card" onSubmit=${(event) => { event.preventDefault(); this.say(status, reason); }}>
      <label class="unseen" for="floor-status">${t("floor")}</label><select class="input" id="floor-status" value=${status} onChange=${({ target }) => this.setState({ status: target.value })}>${STATUSES.map((one) => html`<option value=${one}>${t(`floor-${one}`)}</option>`)}</select>
      <label class="unseen" for="floor-reason">${t("floor-reason")}</label><input class="input" id="floor-reason" value=${reason} maxlength="300" placeholder=${t("floor-reason")} required=${status !== "absent"} onInput=${({ target }) => this.setState({ reason: target.value })} />
      <button class="button" type="button" onClick=${() => this.setState({ open: false })}>${t("cancel")}</button><button class="button primary" data-floor-save disabled=${away}><${Icon} name="check" />${t("floor-save")}</button>
      ${wrong || away ? html`<p class="bad" role="alert">${wrong || t("floor-online")}</p>` : null}
    </form>`;
  }
}
