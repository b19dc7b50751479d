// What the chief judge says, above every screen: messages to be seen, answers to signalled problems, the time that is left. And the
// hand that a judge raises, in the top bar of every screen, with or without a network.
import { Component } from "./preact-11.2.0.mjs";
import { hall, read, see, signal, waitingBeside } from "./posting.js";
import { moment } from "./outbox.js";
import { state } from "./store.js";
import { Icon, Pill, clock, html, plain, t } from "./ui.js";

export const KINDS = ["equipment", "scheme", "contestant", "other"];
const role = (one) => t(`role-${one.role}`);
const named = (row) => `${t(`kind-${row.kind}`)}${row.entry ? ` · ${row.entry}` : ""}${row.aspect ? ` ${row.aspect}` : ""}`;

/** The oldest message that nobody has seen; behind it answers; behind them what waits to be heard. One at a time. */
export function Hall() {
  const nudges = hall.nudges.filter((one) => !hall.seen.has(one.id));
  const [nudge] = nudges;
  if (nudge) {
    const words = [nudge.kind === "words" ? "" : t(`nudge-${nudge.kind}`), nudge.words].filter(Boolean).join(" ");
    return html`<div class="notice hall bad" role="alert" data-nudge=${nudge.id}><${Icon} name="message" /><p><b>${words}</b> <span>${role(nudge)} ${clock(nudge.at)}${nudges.length > 1 ? ` · ${t("more-messages", { count: nudges.length - 1 })}` : ""}</span></p><button class="button" type="button" data-seen onClick=${() => see(nudge.id)}><${Icon} name="check" />${t("got-it")}</button></div>`;
  }
  const answered = hall.signals.find((row) => (hall.answers[row.id] ?? []).length > (row.read ?? 0));
  if (answered) {
    const [one] = hall.answers[answered.id].slice(-1);
    return html`<div class="notice hall ok" role="alert" data-answer=${answered.id}><${Icon} name="message" /><p><b>${one.text || t("answer-closed")}</b> <span>${named(answered)} · ${role(one)} ${clock(one.at)}${one.closes && one.text ? ` · ${t("answer-closed")}` : ""}</span></p><button class="button" type="button" data-read onClick=${() => read(answered)}><${Icon} name="check" />${t("got-it")}</button></div>`;
  }
  const open = hall.signals.filter((row) => !row.told && !(hall.answers[row.id] ?? []).some((one) => one.closes)).at(-1);
  if (!open) return null;
  const words = open.status === "refused" ? (open[state.lang] ?? open.code) : t(open.status === "stored" ? "signal-there" : "signal-here", { time: clock(open.made_at) });
  return html`<div class=${`notice hall ${open.status === "stored" ? "calm" : "warn"}`} role="status" data-signalled=${open.status}><${Icon} name="hand-stop" /><p><b>${named(open)}</b> <span>${words}</span></p>${open.status === "local" ? html`<${Pill} condition="local" />` : html`<button class="button" type="button" data-read onClick=${() => read(open)}>${t("hide")}</button>`}</div>`;
}

/** How much of the shift is left of what the chief judge has said; a clock that has jumped is not believed. */
export class Left extends Component {
  componentDidMount() {
    this.timer = setInterval(() => this.forceUpdate(), 1000);
  }

  componentWillUnmount() {
    clearInterval(this.timer);
  }

  render({ event }) {
    const ends = event && hall.ends[event.id];
    if (!ends) return null;
    const left = Math.max(0, Math.ceil((Date.parse(ends) - moment()) / 1000));
    const two = (number) => String(Math.floor(number)).padStart(2, "0");
    return html`<p class=${`left ${left < 600 ? "low" : ""}`} role="timer"><${Icon} name="clock" /><span><b>${left ? `${Math.floor(left / 3600)}:${two((left / 60) % 60)}:${two(left % 60)}` : t("shift-over")}</b><small>${t("until", { time: clock(ends).slice(0, 5) })}</small></span></p>`;
  }
}

/** The hand that is raised, in the top bar. */
export const Hand = ({ raise }) => html`<button class="button" type="button" data-hand onClick=${raise} aria-label=${t("signal")}><${Icon} name="hand-stop" /><span>${t("signal-short")}</span></button>`;

/** What it is about. */
export class Problem extends Component {
  state = { kind: "", words: "", here: true, problem: "" };

  send = async (submitted) => {
    submitted.preventDefault();
    const { event, entry = "", aspect = "" } = this.props;
    const { kind, words, here } = this.state;
    if (!kind) return this.setState({ problem: t("signal-choose") });
    if (kind === "other" && !plain(words)) return this.setState({ problem: t("signal-words") });
    try {
      await signal({ event: event.id, kind, words: plain(words), entry: here ? entry : "", aspect: here ? aspect : "" });
      this.props.close();
    } catch (failure) {
      this.setState({ problem: t("beside-failed", { why: failure?.name ?? "" }) });
    }
  };

  render({ entry, aspect, close }, { kind, words, here, problem }) {
    return html`<div class="over"><section class="card dialog" role="dialog" aria-modal="true" aria-label=${t("signal")}><form onSubmit=${this.send}>
        <h2>${t("signal")}</h2><p class="quiet">${t("signal-why")}</p>
        <div class="kinds" role="radiogroup" aria-label=${t("signal-choose")}>${KINDS.map((one) => html`<button class="button" type="button" role="radio" aria-checked=${String(one === kind)} data-kind=${one} onClick=${() => this.setState({ kind: one, problem: "" })}>${one === kind ? html`<${Icon} name="check" />` : null}${t(`kind-${one}`)}</button>`)}</div>
        ${entry ? html`<label class="about-it" for="signal-here"><input id="signal-here" type="checkbox" checked=${here} onChange=${({ target }) => this.setState({ here: target.checked })} /><span>${t("signal-about", { place: `${entry} ${aspect ?? ""}`.trim() })}</span></label>` : null}
        <label for="signal-text">${t("signal-say")}</label><textarea id="signal-text" rows="3" maxlength="300" value=${words} onInput=${({ target }) => this.setState({ words: target.value })}></textarea>
        ${problem ? html`<p class="message" role="alert">${problem}</p>` : null}
        <div class="choices"><button class="button" type="button" onClick=${close}>${t("cancel")}</button><button class="button primary" type="submit" data-signal><${Icon} name="hand-stop" />${t("signal-send")}</button></div>
      </form></section></div>`;
  }
}

/** What waits besides marks, in the outbox. */
export function Beside() {
  const rows = waitingBeside();
  if (!rows.length && !hall.others) return null;
  return html`${hall.others ? html`<p class="notice warn"><${Icon} name="users" /><span>${t("beside-others", { count: hall.others })}</span></p>` : null}${rows.length ? html`<section class="card lines beside"><h2>${t("beside")}</h2><ul>${rows.map((row) => html`<li key=${row.id} data-beside=${row.kind ? "signal" : "photo"}><span><${Icon} name=${row.kind ? "hand-stop" : "camera"} /><span class="name">${row.kind ? named(row) : `${row.entry} ${row.aspect}`}${row.status === "refused" ? html`<small>${row[state.lang] ?? row.code}</small>` : null}</span><time>${clock(row.made_at)}</time><${Pill} condition=${row.status} /></span></li>`)}</ul></section>` : null}`;
}
