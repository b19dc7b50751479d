// What a judge has to do: where to go on, what is owed, how far the panel is, and every sheet.
import { aspectsOf, cell, glance, owedOf, refresh, sender, state, toTalk } from "./store.js";
import { Component } from "./preact-11.2.0.mjs";
import { floorOf } from "./floor.js";
import { moment, token } from "./outbox.js";
import { finishOf } from "./pace.js";
import { Mini, Signers } from "./sign.js";
import { toSign } from "./signing.js";
import { Icon, dated, html, look, minute, named, t } from "./ui.js";

/** How far every judge is with what each of them marks alone. This judge's own share is counted here, with what has not been sent. */
function progress(event) {
  const alone = aspectsOf(event).filter((aspect) => !aspect.once);
  const here = event.entries.filter((entry) => !floorOf(event, entry));
  const total = alone.length * here.length;
  const mine = total - here.reduce((sum, entry) => sum + owedOf(event, entry, alone), 0);
  const done = (seat) => alone.reduce((sum, aspect) => sum + Object.values(event.marked[aspect.id] ?? {}).filter((seats) => seats.includes(seat)).length, 0); // marks of who gave up later are more than the share asks for
  return event.panel.map((seat) => ({ seat, own: seat === event.seat, share: total ? Math.min(100, Math.floor((100 * (seat === event.seat ? mine : done(seat))) / total)) : 0 }));
}

function Cell({ event, entry, group }) {
  const total = group.aspects.length;
  const here = glance(event, entry, group.aspects);
  const done = total - here.owed;
  const kind = here.conflict || here.refused ? "conflict" : here.again ? "again" : done === total ? "done" : done ? "part" : "";
  const waits = here.waits ? html`<${Icon} name="mark-local" label=${t("state-local")} />` : null;
  const odd = here.conflict ? "conflict" : here.refused ? "refused" : here.again ? "again" : "";
  const words = odd ? html`<${Icon} name=${look(odd)} />${t(`state-${odd}`)}` : kind === "done" ? html`<${Icon} name="check" />${total}${waits}` : html`${done}/${total}${waits}`;
  const apart = here.again && !here.conflict && !here.refused && group.aspects.find((aspect) => cell(event.id, entry, aspect.id).state === "again");
  return html`<td class=${kind}><a href=${apart ? `#/spread/${event.id}/${entry}/${apart.id}` : `#/sheet/${event.id}/${entry}/${group.id}`}>${words}${kind === "part" ? html`<progress max=${total} value=${done} aria-hidden="true"></progress>` : null}</a></td>`;
}

const Matrix = ({ event }) => html`<div class="card matrix"><table>
  <thead><tr><th scope="col">${t("piece")}</th>${event.groups.map((group) => html`<th scope="col"><a class="column" href=${`#/row/${event.id}/${firstOwed(event, group)}`}><b>${group.id}</b>${group.name}</a></th>`)}</tr></thead>
  <tbody>${event.entries.map((entry) => html`<tr key=${entry}><th scope="row"><a href=${`#/sheet/${event.id}/${entry}`}>${entry}${floorOf(event, entry) ? html`<small class="away">${t(`floor-${floorOf(event, entry)[0]}`)}</small>` : html`<${Mini} event=${event} entry=${entry} />`}</a></th>${event.groups.map((group) => html`<${Cell} event=${event} entry=${entry} group=${group} />`)}</tr>`)}</tbody>
</table></div>`;

/** Where marking by aspect goes on within a sub-criterion: entry and aspect. */
function firstOwed(event, group) {
  for (const aspect of group.aspects) for (const entry of event.entries) if (!floorOf(event, entry) && cell(event.id, entry, aspect.id).value === null) return `${entry}/${aspect.id}`;
  return `${event.entries[0]}/${group.aspects[0].id}`;
}

/** Where to go on: the first sub-criterion of the first entry that lacks something. */
function following(event) {
  for (const entry of event.entries) for (const group of event.groups) {
    const owed = owedOf(event, entry, group.aspects);
    if (owed) return { entry, group, owed };
  }
  return null;
}

function Go({ event }) {
  const next = event.open && following(event);
  if (next) return html`<div class="card go"><div><span class="code">${next.entry}</span><p>${next.group.id} ${next.group.name} · <b>${t("left", { count: next.owed })}</b></p></div><a class="button primary" href=${`#/sheet/${event.id}/${next.entry}/${next.group.id}`}>${t("go-on")}<${Icon} name="chevron-right" /></a></div>`;
  if (!event.open) return html`<div class="card go"><div><span class="code none"><${Icon} name="lock" /></span><p>${t("no-marks-now", { event: named(event), state: t(`event-${event.state}`) })}</p></div></div>`;
  const unsigned = toSign(event);
  if (unsigned.length) return html`<div class="card go"><div><span class="code">${unsigned[0]}</span><p><b>${t("owe-nothing")}</b> ${t("to-sign", { count: unsigned.length })}</p></div><a class="button primary" data-first-sign href=${`#/sign/${event.id}/${unsigned[0]}`}>${t("sign-sheets")}<${Icon} name="chevron-right" /></a></div>`;
  return html`<div class="card go"><div><span class="code done"><${Icon} name="check" /></span><p><b>${t("owe-nothing")}</b> ${t("every-mark")}</p></div></div>`;
}

class Seal extends Component {
  state = { asked: false };

  /** Sheets without a signature are no secret when an event is sealed: the first press says how many. The app posts it itself: a form that
      loses the network in that moment ends at the browser's own error, outside the app. */
  submit = async (event) => {
    event.preventDefault();
    const { seal } = this.props.event;
    const asked = Boolean(!this.state.asked && seal.rule === "warn" && seal.unsigned);
    this.setState({ asked, failed: false });
    if (asked) return;
    this.setState({ busy: true });
    const sent = { method: "POST", body: new URLSearchParams(new FormData(event.target)), redirect: "manual", credentials: "same-origin", signal: AbortSignal.timeout(20_000) };
    const answer = await fetch(seal.action, sent).catch(() => null);
    await refresh();
    this.setState({ busy: false, failed: answer?.type !== "opaqueredirect" });
  };

  /** What was ticked counts for the tablets that were shown: one that reports since asks anew. */
  render({ event }, { asked, known, busy, failed }) {
    return event.seal ? sealing(event, { asked, busy, failed }, this.submit, known === numbers(event), (ticked) => this.setState({ known: ticked ? numbers(event) : null })) : null;
  }
}

/** A shift that was kept before this version of the app says nothing of tablets. */
const unsent = (event) => event.seal.tablets ?? [];
const numbers = (event) => unsent(event).map((one) => one.number).join(" ");

/** Tablets that said last that marks lie unsent on them. It warns and forbids nothing: one that fell into water must not stop a competition. */
const Unsent = ({ event, known, know }) => html`<div class="unsent-on" data-tablets><div class="notice warn" role="status"><${Icon} name="alert-triangle" /><p><b>${t("unsent-tablets")}</b> ${t("unsent-do")}</p></div>
  <ul>${unsent(event).map((one) => html`<li key=${one.number}><${Icon} name="mark-local" /><span><b>${t("unsent-on", { number: one.number })}${one.seat ? ` · ${one.seat}` : ""}</b><small>${t("unsent-said", { when: dated(one.seen) })}${one.revoked ? ` · ${t("unsent-gone")}` : ""}</small></span><b>${t("unsent-many", { count: one.unsent })}</b></li>`)}</ul>
  <a class="button" href="#/reading"><${Icon} name="qrcode" />${t("read-codes")}</a>
  <label class="knows"><input type="checkbox" name="knows" value=${numbers(event)} checked=${known} onChange=${({ target }) => know(target.checked)} /><span>${t("unsent-known")}</span></label></div>`;

function sealing(event, { asked, busy, failed }, submit, known, know) {
  const why = event.seal.why[state.lang];
  const warned = !why && unsent(event).length > 0;
  return html`<form class="card sealing" onSubmit=${submit}><input type="hidden" name="_csrf_token" value=${token()} /><h2>${t("seal")}</h2><p>${why || t("may-seal")}</p><${Signers} seal=${event.seal} />${asked ? html`<p class="message" role="alert" data-unsigned>${t("seal-unsigned", { count: event.seal.unsigned })}</p>` : null}${failed ? html`<p class="message" role="alert" data-unsealed>${t("seal-failed")}</p>` : null}${warned ? html`<${Unsent} event=${event} known=${known} know=${know} />` : null}<button class="button primary" disabled=${Boolean(why) || busy || sender?.net !== "online" || (warned && !known)}><${Icon} name="lock" />${t(warned && !known ? "unsent-tick" : asked ? "seal-all-the-same" : "seal-this")}</button></form>`;
}

/** The board is the server's: without a network the way to it would end at the browser's own error, outside the app. */
function Board({ event }) {
  if (sender?.net === "offline") return html`<button class="button board-link" type="button" data-board disabled><${Icon} name="wifi-off" />${t("board-online")}</button>`;
  return html`<a class="button board-link" data-board href=${`/tablet/${event.slug}/${event.code}/board`}><${Icon} name="layout-grid" />${t("board")}</a>`;
}

/** States in which a chief judge may still change the panel. */
const BEFORE = ["setup", "registration", "drawn"];

function Work({ event, only }) {
  const owed = event.entries.reduce((sum, entry) => sum + owedOf(event, entry), 0);
  const all = aspectsOf(event).length * event.entries.filter((entry) => !floorOf(event, entry)).length;
  const talks = toTalk().filter((key) => key.startsWith(`${event.id}/`));
  const unsigned = event.open ? toSign(event) : [];
  const ends = finishOf(event, owed, moment());
  return html`<section class="work" aria-label=${named(event)}>
    ${only ? null : html`<h2 class="which">${named(event)} <span>${t(`event-${event.state}`)}</span></h2>`}
    <${Go} event=${event} />
    <div class="tiles">
      <div class="card owe"><h2>${t("i-owe")}</h2><p><b data-owed>${owed}</b><span>${t("of-marks", { all })}${ends ? html`<br /><span data-finish>${t("at-this-pace", { time: minute(ends) })}</span>` : null}</span></p>${talks.length || unsigned.length ? html`<div class="todo">${talks.length ? html`<a class="button" href=${`#/spread/${talks[0]}`} data-talks><${Icon} name="refresh" />${t("state-again")} ${talks.length}</a>` : null}${unsigned.length ? html`<a class="button" href=${`#/sign/${event.id}/${unsigned[0]}`}><${Icon} name="pencil" />${t("waits-for-signature", { count: unsigned.length })}</a>` : null}</div>` : null}</div>
      <div class="card panel"><h2>${t("panel-progress")}</h2><ul>${progress(event).map((one) => html`<li key=${one.seat}><span class=${`face ${one.own ? "me" : ""}`}>${one.own ? t("me") : one.seat}</span><progress max="100" value=${one.share} aria-label=${one.seat}></progress><b>${one.share}%</b></li>`)}</ul></div>
      ${event.chief ? html`<${Board} event=${event} />` : null}
      ${event.chief && BEFORE.includes(event.state) ? html`<a class="button board-link" href=${`/tablet/${event.slug}/${event.code}/panel`}><${Icon} name="users" />${t("own-panel")}</a>` : null}
      <${Seal} event=${event} />
    </div>
    ${event.entries.length ? html`<${Matrix} event=${event} />` : html`<div class="card matrix"><div class="nothing"><h2>${t("no-piece")}</h2><p>${t("no-piece-why")}</p></div></div>`}
  </section>`;
}

export function Works({ events }) {
  const shown = [...events].sort((one, other) => Number(other.open) - Number(one.open));
  return html`<main class="works" id="content"><h1 class="unseen">${t("my-work")}</h1>${shown.map((event) => html`<${Work} key=${event.id} event=${event} only=${events.length === 1} />`)}</main>`;
}
