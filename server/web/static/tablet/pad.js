// Where a mark is made: the number pad of a measured aspect, the four cards of a judged one.
import { againOf, cell, eventOf, isMarked, state } from "./store.js";
import { draftOf, hundredths, nudge, press, save, stepOf, write, wrong } from "./drafts.js";
import { Icon, display, html, isJudged, shown, t } from "./ui.js";
import { Notes } from "./notes.js";
import { Photos } from "./photos.js";

const KEYS = [..."123456789"];

/** The primary button: keep what is drafted; or, when this aspect is marked, go on. Without a mark it says what it waits for. */
function Save({ at, onward, says }) {
  const draft = draftOf(at.key);
  const problem = wrong(at.aspect, draft);
  const marked = isMarked(at.event.id, at.entry, at.aspect.id);
  const asked = state.asking?.key === at.key;
  const value = draft !== "" && !problem ? display(at.aspect, hundredths(at.aspect, draft)) : "";
  const first = isJudged(at.aspect) ? t("choose-first") : t("enter-first");
  const words = !at.event.open ? t("closed") : draft !== "" ? problem || t(asked ? "keep-sure" : isJudged(at.aspect) ? "keep-score" : "keep", { value, entry: at.entry }) : !marked ? first : onward ? says : t("complete");
  const off = !at.event.open || (draft === "" ? !marked || !onward : Boolean(problem));
  return html`<button class="button primary save" type="button" data-save disabled=${off} onClick=${() => save(at, onward)}><${Icon} name=${draft === "" && marked && onward ? "chevron-right" : "check"} /><span>${words}</span></button>`;
}

function About({ at }) {
  const { aspect } = at;
  const now = cell(at.event.id, at.entry, aspect.id);
  const message = state.problem || (now.state === "refused" ? (now.row[state.lang] ?? now.row.code) : state.asking?.key === at.key ? state.asking.words : "");
  const judged = isJudged(aspect);
  const again = now.state === "again" ? againOf(eventOf(at.event.id), at.entry, aspect.id) : null;
  return html`<div class="info">
    <p>${judged ? `${aspect.id} ${aspect.name}` : `${aspect.id}${aspect.requirement ? ` ${aspect.name}` : ""} · ${t("maximum")} ${shown(aspect.maximum)}`}</p>
    <h2>${judged ? t("which") : aspect.requirement || aspect.name}${!judged && aspect.requirement ? html` <small>${t("requirement")}</small>` : null}</h2>
    ${judged ? null : html`<${Notes} at=${at} face="measured" />`}
    ${aspect.description ? html`<p class="description">${aspect.description}</p>` : null}
    ${again ? html`<p class="message again" role="status"><b>${t("again", { number: again.number })}</b> ${again.scores.map(([seat, value]) => `${seat} ${display(aspect, value)}`).join(" · ")} <a class="button slim" data-spread href=${`#/spread/${at.key}`}>${t("spread-look")}<${Icon} name="chevron-right" /></a></p>` : null}
    ${again && now.conflict ? html`<p class="message" role="status" data-late>${t("late", { value: display(aspect, now.value), number: again.number })}</p>` : null}
    ${message ? html`<p class="message" role="alert">${message}</p>` : null}
    ${now.state === "conflict" ? html`<a class="button slim danger" href=${`#/conflict/${at.key}`}><${Icon} name="mark-conflict" />${t("settle-conflict")}</a>` : null}
  </div>`;
}

function Display({ at }) {
  const now = cell(at.event.id, at.entry, at.aspect.id);
  const draft = draftOf(at.key);
  const problem = wrong(at.aspect, draft);
  const value = draft !== "" ? draft : now.state === "conflict" || now.value === null ? "—" : shown(now.value);
  const note = problem || (draft !== "" ? t("not-kept") : now.value === null ? t("not-marked") : t(`state-${now.state}`));
  const by = shown(stepOf(at.aspect));
  return html`<div class=${`display ${problem ? "wrong" : draft !== "" ? "draft" : now.state}`} inert=${!at.event.open}>
    <button type="button" data-step="-1" aria-label=${t("less")} onClick=${() => nudge(at, -1)}><${Icon} name="minus" />${at.aspect.allowed.length ? null : html`<span>${by}</span>`}</button>
    <div aria-live="polite"><p><b data-draft>${value}</b> <span>/${shown(at.aspect.maximum)}</span></p><em>${note}</em></div>
    <button type="button" data-step="1" aria-label=${t("more")} onClick=${() => nudge(at, 1)}><${Icon} name="plus" />${at.aspect.allowed.length ? null : html`<span>${by}</span>`}</button>
  </div>`;
}

function Measured({ at, onward, says }) {
  const set = (value) => write(at.key, shown(value));
  return html`<section class="pad" data-pad="measured" aria-label=${t("mark-this")}>
    <${About} at=${at} />
    <${Display} at=${at} />
    <div class="quick" inert=${!at.event.open}><button class="button" type="button" data-fill="zero" onClick=${() => set(0)}>${t("zero")}<small>0.00</small></button><button class="button" type="button" data-fill="full" onClick=${() => set(at.aspect.maximum)}>${t("full")}<small>${shown(at.aspect.maximum)}</small></button></div>
    <div class="keys" inert=${!at.event.open}>
      ${KEYS.map((key) => html`<button class="key" type="button" data-key=${key} onClick=${() => press(at, key)}>${key}</button>`)}
      <button class="key" type="button" data-key="." aria-label=${t("point")} onClick=${() => press(at, ".")}>.</button><button class="key" type="button" data-key="0" onClick=${() => press(at, "0")}>0</button><button class="key other" type="button" data-key="back" aria-label=${t("delete-one")} onClick=${() => press(at, "back")}><${Icon} name="backspace" /></button>
    </div>
    <div class="acts"><${Notes} at=${at} /><${Photos} at=${at} /><button class="button clear" type="button" data-clear disabled=${draftOf(at.key) === ""} onClick=${() => write(at.key, "")}><${Icon} name="x" />${t("clear")}</button></div>
    <${Save} at=${at} onward=${onward} says=${says} />
  </section>`;
}

/** The four cards look equal, and nothing is chosen beforehand. Arrow keys move among them as among radio buttons. */
function Cards({ at }) {
  const now = cell(at.event.id, at.entry, at.aspect.id);
  const draft = draftOf(at.key);
  const chosen = draft !== "" ? draft : now.value === null || now.state === "conflict" || now.state === "again" ? "" : display(at.aspect, now.value);
  const move = (event) => {
    const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: 3, ArrowUp: 3 }[event.key];
    if (!by) return;
    event.preventDefault();
    const next = (Number(event.currentTarget.dataset.score) + by) % 4;
    write(at.key, String(next));
    event.currentTarget.parentElement.children[next].focus();
  };
  return html`<div class="anchors" role="radiogroup" aria-label=${t("score")} inert=${!at.event.open}>
    ${[0, 1, 2, 3].map((score) => html`<button class="anchor" type="button" role="radio" aria-checked=${String(chosen === String(score))} tabIndex=${chosen === String(score) || (chosen === "" && score === 0) ? 0 : -1} data-score=${score} onClick=${() => write(at.key, String(score))} onKeyDown=${move}>
      <span><b>${score}</b><strong>${t(`level-${score}`)}</strong><i class="tick" aria-hidden="true"><${Icon} name="check" /></i></span><${Anchor} text=${at.aspect.anchors[score] ?? ""} /></button>`)}
  </div>`;
}

/** An anchor is read in parts: what the scheme separates by a semicolon stands on lines of its own. */
const Anchor = ({ text }) => html`<ul class="cues">${text.split(/[；;\n]/).filter(Boolean).map((part) => html`<li>${part.trim()}</li>`)}</ul>`;

/** Who has marked this cell, never what. */
function Seats({ at }) {
  const event = eventOf(at.event.id);
  if (at.aspect.once || event.panel.length < 2) return null;
  const others = event.marked[at.aspect.id]?.[at.entry] ?? [];
  const round = event.rounds?.[`${at.entry} ${at.aspect.id}`];
  const given = (seat) => (round ? !round.waiting.includes(seat) : others.includes(seat)); // of the round that is open
  const mine = draftOf(at.key) !== "" ? t("state-draft") : isMarked(event.id, at.entry, at.aspect.id) ? t("has") : t("has-not");
  return html`<div class="seats"><span class="hidden-marks"><${Icon} name="eye-off" />${t("hidden-marks")}</span>
    ${event.panel.map((seat) => { const own = seat === event.seat; const has = own ? isMarked(event.id, at.entry, at.aspect.id) : given(seat); return html`<span class=${`seat ${own ? "me" : ""} ${has ? "" : "yet"}`}><b>${own ? t("me") : seat}</b>${own ? mine : has ? t("has") : t("has-not")}</span>`; })}</div>`;
}

function Judged({ at, onward, says }) {
  return html`<section class="pad" data-pad="judged" aria-label=${t("mark-this")}>
    <${About} at=${at} /><${Cards} at=${at} /><${Seats} at=${at} />
    <div class="acts"><${Notes} at=${at} /><${Photos} at=${at} /><button class="button clear" type="button" data-clear disabled=${draftOf(at.key) === ""} onClick=${() => write(at.key, "")}><${Icon} name="x" />${t("clear")}</button></div>
    <${Save} at=${at} onward=${onward} says=${says} />
  </section>`;
}

export const Pad = (given) => (isJudged(given.at.aspect) ? html`<${Judged} ...${given} />` : html`<${Measured} ...${given} />`);
