// A panel that is too far apart: who gave what, how far apart that is, what the scheme says of both ends, and how it goes on.
import { againOf, cell } from "./store.js";
import { Icon, display, html, t } from "./ui.js";

const SCORES = [0, 1, 2, 3];
const parts = (text) => (text ?? "").split(/[；;\n]/).filter(Boolean);

/** The scores on a line, with a bracket over those that are too far apart. */
function Axis({ seats, least, most, own }) {
  const within = (score) => (score < least || score > most ? "" : score === least ? "from" : score === most ? "to" : "in");
  return html`<div class="axis" data-least=${least} data-most=${most} role="img" aria-label=${SCORES.map((score) => `${score}: ${seats[score].join(", ") || "—"}`).join("; ")}>
    <p class="gap"><b>${t("apart", { apart: most - least })}</b></p>
    ${SCORES.map((score) => html`<div class=${within(score)}><p class="who">${seats[score].map((seat) => html`<b class=${seat === own ? "me" : ""}>${seat === own ? t("me") : seat}</b>`)}</p><i class="dot"></i><strong>${score}</strong><span>${t(`level-${score}`)}</span></div>`)}
  </div>`;
}

const End = ({ score, seats, text, own }) => html`<section class="card end"><h2><b>${score}</b> ${t(`level-${score}`)}</h2><ul class="cues">${parts(text).map((part) => html`<li>${part.trim()}</li>`)}</ul><p>${seats.map((seat) => html`<b class=${`face ${seat === own ? "me" : ""}`}>${seat === own ? t("me") : seat}</b>`)} ${t("say-what")}</p></section>`;

export function Spread({ event, entry, aspect, go, raise }) {
  const round = againOf(event, entry, aspect.id);
  const sheet = `sheet/${event.id}/${entry}/${aspect.id}`;
  if (!round) return html`<main class="spread" id="content"><p class="notice ok" role="status"><${Icon} name="check" /><span>${t("spread-over")}</span></p><button class="button primary" type="button" onClick=${() => go(sheet)}>${t("back-to-sheet")}</button></main>`;
  const seats = SCORES.map((score) => round.scores.filter(([, value]) => value === score * 100).map(([seat]) => seat));
  const given = SCORES.filter((score) => seats[score].length);
  const [least, most] = [given[0], given.at(-1)];
  const now = cell(event.id, entry, aspect.id);
  return html`<main class="spread" id="content">
    <section class="alarm" role="alert"><${Icon} name="alert-triangle" /><div><h1>${t("spread-title")}</h1><p>${t("spread-why", { most, least, apart: most - least })}</p>${now.conflict ? html`<p data-late><b>${t("late", { value: display(aspect, now.value), number: round.number })}</b></p>` : null}</div></section>
    <section class="card scale"><h2><span class="code">${entry}</span><span>${aspect.id} ${aspect.name}</span></h2><${Axis} seats=${seats} least=${least} most=${most} own=${event.seat} /></section>
    <div class="ends"><${End} score=${least} seats=${seats[least]} text=${aspect.anchors[least]} own=${event.seat} />${most === least ? null : html`<${End} score=${most} seats=${seats[most]} text=${aspect.anchors[most]} own=${event.seat} />`}</div>
    <section class="card steps"><ol><li>${t("spread-talk")}</li><li>${t("spread-alone")}</li><li>${t("spread-still")}</li></ol><p><${Icon} name="lock" />${t("spread-kept", { number: round.number - 1 })}</p></section>
    <div class="foot"><button class="button danger" type="button" onClick=${raise}><${Icon} name="hand-stop" />${t("ask-chief")}</button><button class="button primary" type="button" data-talked onClick=${() => go(sheet)}><${Icon} name="refresh" />${t("talked")}</button></div>
  </main>`;
}
