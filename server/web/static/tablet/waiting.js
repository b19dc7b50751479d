// The outbox to look at: what waits on this tablet, what the server did not take, what is in conflict, whose marks are here.
import { signatureCounts } from "./signing.js";
import { aspectsOf, chief, counts, eventOf, inDoubt, refreshed, sender, state, toTalk, waiting } from "./store.js";
import { withdraw } from "./outbox.js";
import { Beside } from "./hall.js";
import { Icon, Pill, clock, display, html, t } from "./ui.js";

const aspectOf = (row) => aspectsOf(eventOf(row.event) ?? { groups: [] }).find((aspect) => aspect.id === row.aspect);

function Waits({ row }) {
  const aspect = aspectOf(row);
  const condition = row.status === "refused" ? "refused" : sender.flying.has(row.id) ? "sent" : "local";
  return html`<li><a href=${`#/sheet/${row.event}/${row.entry}/${row.aspect}`}><span class="code">${row.entry}</span><span class="name">${row.aspect} ${aspect?.name ?? ""}${condition === "refused" ? html`<small>${row[state.lang] ?? row.code}</small>` : null}</span><b>${aspect ? display(aspect, row.value) : ""}</b><time>${clock(row.made_at)}</time><${Pill} condition=${condition} /></a>${condition === "refused" && !eventOf(row.event)?.open ? html`<button class="button slim" type="button" data-put-away onClick=${() => away(row.id)}><${Icon} name="check" />${t("put-away")}</button>` : null}</li>`;
}

/** Only where nothing can be marked any more: elsewhere a new mark takes the place of the one that was not taken. */
async function away(id) {
  await withdraw(id);
  await refreshed();
}

function Signature({ row }) {
  const condition = row.status === "refused" ? "refused" : "local";
  return html`<li><a href=${`#/sign/${row.event}/${row.entry}/${row.role === "judge" ? "" : row.role}`}><span class="code">${row.entry}</span><span class="name">${t(row.role === "judge" ? "signature" : "contestant-signature")}${condition === "refused" ? html`<small>${row[state.lang] ?? row.code}</small>` : null}</span><b></b><time>${clock(row.made_at)}</time><${Pill} condition=${condition} /></a></li>`;
}

function Doubt({ place }) {
  const [event, entry, id] = place.split("/");
  const aspect = aspectOf({ event, aspect: id });
  return html`<li><a href=${`#/conflict/${place}`}><span class="code">${entry}</span><span class="name">${id} ${aspect?.name ?? ""}</span><b>${t("two-marks")}</b><time></time><${Pill} condition="conflict" /></a></li>`;
}

function Talk({ place }) {
  const [event, entry, id] = place.split("/");
  return html`<li><a href=${`#/spread/${place}`}><span class="code">${entry}</span><span class="name">${id} ${aspectOf({ event, aspect: id })?.name ?? ""}</span><b></b><time></time><${Pill} condition="again" /></a></li>`;
}

export function Outbox({ go }) {
  const [marks, signed] = [counts(), signatureCounts()];
  const [local, sent, stored] = [marks.local + signed.local, marks.sent + signed.sent, marks.stored];
  const signatures = state.signatures.filter((row) => row.status !== "stored");
  const rows = waiting();
  const [doubts, talks] = [inDoubt(), toTalk()];
  const figure = (name, count, words) => html`<div class=${`${name} ${count ? "" : "zero"}`}><${Icon} name=${`mark-${name}`} /><b>${count}</b><strong>${t(`state-${name}`)}</strong><span>${words}</span></div>`;
  return html`<main class="outbox" id="content"><h1 class="unseen">${t("outbox")}</h1>
    <section class="card three">${figure("local", local, t("only-here"))}${figure("sent", sent, t("no-receipt"))}${figure("stored", stored, t("has-receipt"))}</section>
    ${state.others.map((one) => html`<p class="notice warn"><${Icon} name="users" /><span>${t("kept-for", { seat: one.seat || "?", count: one.count })}</span></p>`)}
    <section class="card lines">${rows.length + doubts.length + talks.length + signatures.length ? html`<h2>${t("waits-here")}</h2><ul>${doubts.map((place) => html`<${Doubt} key=${place} place=${place} />`)}${talks.map((place) => html`<${Talk} key=${place} place=${place} />`)}${rows.map((row) => html`<${Waits} key=${row.id} row=${row} />`)}${signatures.map((row) => html`<${Signature} key=${row.id} row=${row} />`)}</ul>` : html`<div class="nothing"><h2>${t("all-stored")}</h2><p>${t("all-stored-why")}</p></div>`}</section>
    <${Beside} />
    <div class="foot"><button class="button" type="button" data-retry onClick=${() => sender.send()}><${Icon} name="refresh" />${t("try-now")}</button>${local + sent ? html`<button class="button" type="button" data-codes onClick=${() => go("codes")}><${Icon} name="qrcode" />${t("show-codes")}</button>` : null}${chief() ? html`<button class="button" type="button" data-read onClick=${() => go("reading")}><${Icon} name="camera" />${t("read-codes")}</button>` : null}<button class="button primary" type="button" onClick=${() => go("")}><${Icon} name="chevron-left" />${t("back-to-work")}</button></div>
  </main>`;
}
