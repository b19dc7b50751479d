// A judge's own note beside a mark. It stays on this tablet, and says so: the ledger keeps marks.
import { Component } from "./preact-11.2.0.mjs";
import { database } from "./database.js";
import { written } from "./reserve.js";
import { changed, me, state } from "./store.js";
import { Icon, html, t } from "./ui.js";

export const noteOf = (key) => state.notes.get(key) ?? "";

async function keepNote(key, text) {
  const row = { key: `${me()}/${key}`, judge: me(), text: text.trim(), at: Date.now() };
  if (row.text) await database.notes.put(row);
  else await database.notes.delete(row.key);
  if (row.text) state.notes.set(key, row.text);
  else state.notes.delete(key);
  state.noted = (state.noted ?? 0) + 1;
  changed();
}

export class Notes extends Component {
  open = () => this.setState({ open: true, problem: "", text: noteOf(this.props.at.key) }, () => this.field?.focus());
  close = () => this.setState({ open: false });
  keep = async () => {
    try {
      await written(() => keepNote(this.props.at.key, this.state.text));
      this.close();
    } catch (failure) {
      this.setState({ problem: t("beside-failed", { why: failure?.name ?? "" }) });
    }
  };

  render({ at }, { open, text = "", problem }) {
    const kept = noteOf(at.key);
    return html`<button class=${`button note ${kept ? "has" : ""}`} type="button" data-note onClick=${this.open}><${Icon} name="notes" /><span>${t("note")}</span>${kept ? html`<${Icon} name="check" label=${t("note-kept")} />` : null}</button>
      ${open ? html`<div class="over"><section class="card dialog" role="dialog" aria-modal="true" aria-label=${t("note")}><form onSubmit=${(event) => { event.preventDefault(); this.keep(); }}>
        <h2>${at.entry} · ${at.aspect.id} ${at.aspect.name}</h2>
        <label for="note-text">${t("note-where")}</label>
        <textarea id="note-text" ref=${(field) => (this.field = field)} rows="4" maxlength="500" value=${text} onInput=${(event) => this.setState({ text: event.target.value })}></textarea>
        ${problem ? html`<p class="message" role="alert">${problem}</p>` : null}
        <div class="choices"><button class="button" type="button" onClick=${this.close}>${t("cancel")}</button><button class="button primary" type="submit"><${Icon} name="check" />${t("keep-note")}</button></div>
      </form></section></div>` : null}`;
  }
}
