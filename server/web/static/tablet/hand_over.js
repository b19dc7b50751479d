// Another judge takes this tablet: what waits stays under its author's name, and only its author's sign-in sends it.
import { Component } from "./preact-11.2.0.mjs";
import { database } from "./database.js";
import { paired } from "./device.js";
import { signatureCounts } from "./signing.js";
import { counts, me, refreshed, sender, state } from "./store.js";
import { token } from "./outbox.js";
import { written } from "./reserve.js";
import { unsentNotes } from "./notes.js";
import { waitingBeside } from "./posting.js";
import { Icon, html, t } from "./ui.js";

export class HandOver extends Component {
  leave = async () => {
    this.setState({ leaving: true, failed: false });
    try {
      const answer = await fetch("/api/session", { method: "DELETE", headers: { "x-csrf-token": token() }, signal: AbortSignal.timeout(10_000) });
      if (!answer.ok && answer.status !== 401) throw answer;
      await answer.json(); // a page of somebody's Wi-Fi has ended no session
      await written(() => database.transaction("rw", database.shifts, database.device, async () => {
        await database.shifts.delete(me());
        await database.device.delete("holder");
      }));
    } catch {
      return this.setState({ leaving: false, failed: true });
    }
    await refreshed();
    location.assign(paired.row ? "/tablet" : "/sign-in?next=/tablet");
  };

  render({ go }, { leaving, failed }) {
    const { local, sent, refused } = counts();
    const signed = signatureCounts();
    const waits = local + sent + signed.local + signed.sent;
    const untaken = refused + signed.refused;
    const beside = waitingBeside().length + unsentNotes().length;
    const seat = state.shift?.events[0]?.seat ?? "";
    return html`<main class="hand-over" id="content"><section class="card">
      <h1>${t("hand-over")}</h1>
      <p class="whose"><span class="seat me"><b>${seat}</b></span><span>${state.shift?.judge}</span></p>
      ${waits ? html`<p class="notice warn"><${Icon} name="mark-local" /><span>${t("hand-over-waits", { count: waits, seat })}</span></p>` : untaken || beside ? null : html`<p class="notice ok"><${Icon} name="mark-stored" /><span>${t("hand-over-clear")}</span></p>`}
      ${untaken ? html`<p class="notice bad" data-untaken><${Icon} name="ban" /><span>${t("hand-over-refused", { count: untaken })}</span></p>` : null}
      ${beside ? html`<p class="notice warn"><${Icon} name="notes" /><span>${t("beside-stays", { count: beside, seat })}</span></p>` : null}
      ${failed || sender?.net === "offline" ? html`<p class="notice warn" role="alert"><${Icon} name="wifi-off" /><span>${t("hand-over-offline")}</span></p>` : null}
      <div class="choices"><button class="button" type="button" onClick=${() => go("")}>${t("cancel")}</button><button class="button primary" type="button" data-leave disabled=${leaving} onClick=${this.leave}><${Icon} name="switch-horizontal" />${t("hand-over-now")}</button></div>
    </section></main>`;
  }
}
