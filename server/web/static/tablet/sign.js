// Sign-off of one sheet: what is signed, a hand-drawn signature, the PIN. Nothing is signed by itself.
import { Component } from "./preact-11.2.0.mjs";
import { canSeal, mayBe } from "./pin_box.js";
import { LENGTH, PinPad } from "./pin_pad.js";
import { askedOf, asksFor, isSigned, lacking, sign, signatureOf, toSign } from "./signing.js";
import { cell, state } from "./store.js";
import { Icon, Pill, clock, display, html, settle, settled, t } from "./ui.js";

const LEAST = 250; // thousandths of the field that a hand has drawn: a dot is no signature
const FREE = 5;
const tries = { wrong: 0, until: 0 };

/** A stroke that ends in a swipe takes the tap after it, as one that stops a scroll: the first figure of the PIN would be missing. */
const still = (event) => event.preventDefault();

/** Strokes as points in thousandths of the field. */
class Drawing extends Component {
  at = (event) => {
    const field = this.field.getBoundingClientRect();
    const part = (value, from, size) => Math.max(0, Math.min(1000, Math.round((1000 * (value - from)) / size)));
    return [part(event.clientX, field.left, field.width), part(event.clientY, field.top, field.height)];
  };

  down = (event) => {
    if (this.props.off || !event.isPrimary) return;
    this.field.setPointerCapture?.(event.pointerId);
    this.props.change([...this.props.strokes, [this.at(event)]]);
    this.drawing = true;
    event.preventDefault();
  };

  move = (event) => {
    if (!this.drawing || !event.isPrimary) return;
    const { strokes, change } = this.props;
    const [x, y] = this.at(event);
    const [before, last] = [strokes.slice(0, -1), strokes.at(-1)];
    if (Math.abs(last.at(-1)[0] - x) + Math.abs(last.at(-1)[1] - y) < 4 || last.length >= 2000) return;
    change([...before, [...last, [x, y]]]);
  };

  up = () => { this.drawing = false; };

  render({ strokes, off, words }) {
    return html`<div class=${`field ${off ? "off" : ""}`} data-field role="img" aria-label=${t("drawn")} ref=${(made) => (this.field = made)} onPointerDown=${this.down} onPointerMove=${this.move} onPointerUp=${this.up} onPointerCancel=${this.up} onTouchStart=${still}>
      ${strokes.length ? null : html`<span>${words}</span>`}<svg viewBox="0 0 1000 1000" preserveAspectRatio="none" aria-hidden="true">${strokes.map((stroke) => html`<polyline points=${stroke.map((point) => point.join(",")).join(" ")} />`)}</svg></div>`;
  }
}

const length = (strokes) => strokes.reduce((sum, stroke) => sum + stroke.slice(1).reduce((long, [x, y], place) => long + Math.hypot(x - stroke[place][0], y - stroke[place][1]), 0), 0);

/** The sheet as it is signed: every mark, by sub-criterion. */
const Summary = ({ event, entry, aspects }) => html`<section class="card sums"><table><thead><tr><th scope="col">${t("sub-criterion")}</th><th scope="col" class="right">${t("how-many")}</th><th scope="col">${t("marks-signed")}</th><th scope="col">${t("where-they-are")}</th></tr></thead><tbody>
  ${event.groups.map((group) => {
    const here = group.aspects.filter((aspect) => aspects.includes(aspect));
    if (!here.length) return null;
    const cells = here.map((aspect) => cell(event.id, entry, aspect.id));
    const worst = ["refused", "conflict", "again", "none", "local", "sent", "stored"].find((one) => cells.some((now) => now.state === one));
    return html`<tr key=${group.id} class=${["stored", "sent", "local"].includes(worst) ? "" : "bad"}><th scope="row"><b>${group.id}</b> ${group.name}</th><td class="right">${cells.filter((now) => now.value !== null).length}/${here.length}</td><td class="values"><div>${here.map((aspect, place) => html`<span key=${aspect.id} title=${`${aspect.id} ${aspect.name}`}>${cells[place].value === null || cells[place].state === "conflict" ? "—" : display(aspect, cells[place].value)}</span>`)}</div></td><td><${Pill} condition=${worst} /></td></tr>`;
  })}</tbody></table></section>`;

const Lacks = ({ event, entry, aspects, go }) => html`<section class="card lacks"><h2><${Icon} name="alert-triangle" />${t("lacks", { count: aspects.length })}</h2><ul>${aspects.slice(0, 6).map((aspect) => html`<li key=${aspect.id}><span><b>${aspect.id}</b> ${aspect.name}</span><${Pill} condition=${cell(event.id, entry, aspect.id).state} /><button class="button" type="button" onClick=${() => go(`sheet/${event.id}/${entry}/${aspect.id}`)}>${t("go-there")}<${Icon} name="chevron-right" /></button></li>`)}</ul></section>`;

/** After a signature: how it stands with the other sheets, and the way to each. */
function Rest({ event, entry, role, go }) {
  const others = event.entries.filter((one) => one !== entry && asksFor(event, one, role));
  if (!others.length) return null;
  return html`<section class="card lacks rest"><h2>${t("other-sheets")}</h2><ul>${others.map((one) => {
    const [now, short] = [signatureOf(event, one, role), lacking(event, one, role).length];
    const bare = now.state === "none";
    return html`<li key=${one}><span><b>${one}</b> ${short ? t("left", { count: short }) : ""}</span><${Pill} condition=${bare ? (short ? "none" : "unsigned") : now.state} /><button class="button" type="button" onClick=${() => go(short ? `sheet/${event.id}/${one}` : `sign/${event.id}/${one}/${role === "judge" ? "" : role}`)}>${t(short ? "go-there" : isSigned(event, one, role) ? "see-signature" : bare ? "sign-short" : "sign-anew")}<${Icon} name="chevron-right" /></button></li>`;
  })}</ul></section>`;
}

/** Where a signature is, in words, and since when. */
export const Stands = ({ now }) => html`<${Pill} condition=${now.state} />${now.at ? html` <time>${clock(now.at)}</time>` : null}`;

export class Sign extends Component {
  state = { strokes: [], pin: "", wrong: "", busy: false };

  componentDidUpdate = (before) => (before.entry !== this.props.entry || before.role !== this.props.role) && this.setState({ strokes: [], pin: "", wrong: "", busy: false });

  sign = async () => {
    const { event, entry, role } = this.props;
    const { strokes, pin } = this.state;
    if (!settled()) return;
    settle();
    this.setState({ busy: true, wrong: "" });
    try {
      if (role === "judge") {
        if (Date.now() < tries.until) return this.setState({ wrong: t("pin-wait"), pin: "" });
        if (!(await mayBe(pin, state.shift.pin))) {
          tries.wrong += 1;
          if (tries.wrong >= FREE) tries.until = Date.now() + 30_000;
          return this.setState({ wrong: t("pin-not"), pin: "" });
        }
        tries.wrong = 0;
      }
      await sign(event, entry, role, strokes.filter((stroke) => stroke.length > 1), pin);
      this.setState({ strokes: [], pin: "" });
    } catch (failure) {
      this.setState({ wrong: t("sign-disk", { why: failure?.name ?? "" }) });
    } finally {
      this.setState({ busy: false });
    }
  };

  render({ event, entry, role, go }, { strokes, pin, wrong, busy }) {
    const aspects = askedOf(event, role);
    const missing = lacking(event, entry, role);
    const now = signatureOf(event, entry, role);
    const done = isSigned(event, entry, role);
    const judge = role === "judge";
    const none = judge && !state.shift.pin?.salt;
    const shut = !canSeal() || none || !asksFor(event, entry, role);
    const off = Boolean(missing.length) || shut || busy;
    const drawn = length(strokes) >= LEAST;
    const short = judge ? LENGTH - pin.length : 0;
    const why = missing.length ? t("lacks-short", { count: missing.length }) : !drawn && !shut ? t("draw-first") : short && !shut ? t("pin-short", { count: short }) : t(judge ? "sign-this" : "sign-contestant", { entry });
    const next = toSign(event).find((one) => one !== entry);
    return html`<main class="sign" id="content"><h1 class="unseen">${t("sign-off")} ${entry}</h1>
      <section class="card sheet-of"><span class="code">${entry}</span><div><b>${t(judge ? "my-sheet" : "contestant-marks")}</b><span>${t("signs-for", { count: aspects.length })}</span></div><p><${Stands} now=${now.state === "none" ? { state: missing.length ? "none" : "unsigned" } : now} /></p></section>
      <${Summary} event=${event} entry=${entry} aspects=${aspects} />
      ${missing.length && !done ? html`<${Lacks} event=${event} entry=${entry} aspects=${missing} go=${go} />` : done ? html`<p class="notice ok" role="status" data-signed><${Icon} name=${`mark-${now.state}`} /><span><b>${t(`signed-${now.state}`)}</b> ${t("signed-until")}</span></p>` : now.state === "void" ? html`<p class="notice bad" role="alert" data-void><${Icon} name="alert-triangle" /><span><b>${t("void")}</b> ${t("void-why")}</span></p>` : now.state === "refused" ? html`<p class="notice bad" role="alert"><${Icon} name="ban" /><span>${now.row[state.lang] ?? now.row.code}</span></p>` : !canSeal() ? html`<p class="notice warn"><${Icon} name="lock" /><span>${t("sign-shut")}</span></p>` : none ? html`<div class="notice warn"><${Icon} name="lock" /><p>${t("pin-missing")}</p><a class="button" href="#/pin">${t("pin-choose")}</a></div>` : html`<p class="notice ok"><${Icon} name="check" /><span><b>${t("nothing-lacks")}</b> ${t("sign-any")}</span></p>`}
      ${done ? html`<${Rest} event=${event} entry=${entry} role=${role} go=${go} />` : html`<section class="card drawing"><h2><span>${t("drawn")}</span><button class="button" type="button" disabled=${!strokes.length} onClick=${() => this.setState({ strokes: [] })}><${Icon} name="arrow-back-up" />${t("draw-again")}</button></h2><${Drawing} strokes=${strokes} off=${off} words=${missing.length ? t("lacks-short", { count: missing.length }) : shut ? "" : t(judge ? "draw-here" : "draw-contestant")} change=${(made) => this.setState({ strokes: made, wrong: "" })} /><p>${t(judge ? "declares" : "contestant-declares")}</p></section>
      ${judge ? html`<section class="card pin"><h2>${t("type-pin")}</h2><${PinPad} value=${pin} off=${off} change=${(value) => this.setState({ pin: value, wrong: "" })} /></section>` : null}`}
      ${wrong ? html`<p class="message" role="alert">${wrong}</p>` : null}
      <div class="foot"><button class="button" type="button" onClick=${() => go(`sheet/${event.id}/${entry}`)}><${Icon} name=${done ? "chevron-left" : "clock"} />${t(done ? "back-to-sheet" : "sign-later")}</button>${done ? (next && judge ? html`<button class="button primary" type="button" data-next-sign onClick=${() => go(`sign/${event.id}/${next}`)}>${t("sign-next", { entry: next })}<${Icon} name="chevron-right" /></button>` : html`<button class="button primary" type="button" onClick=${() => go("")}>${t("back-to-work")}</button>`) : html`<button class="button primary" type="button" data-sign disabled=${off || !drawn || Boolean(short)} onClick=${this.sign}><${Icon} name="pencil" />${why}</button>`}</div>
    </main>`;
  }
}

/** On a sheet: whether it is signed, and the way to it. */
export function SignBar({ event, entry }) {
  const judges = asksFor(event, entry);
  const now = judges ? signatureOf(event, entry) : { state: "none" };
  const ready = judges && !lacking(event, entry).length;
  const words = { none: "sheet-unsigned", void: "void", refused: "sign-refused" }[now.state] ?? `signed-${now.state}`;
  const asks = ["none", "void", "refused"].includes(now.state);
  const contestant = asksFor(event, entry, "contestant") && !lacking(event, entry, "contestant").length;
  const theirs = contestant && signatureOf(event, entry, "contestant");
  const link = contestant ? html`<a class=${`button ${ready || theirs.state !== "none" ? "" : "primary"}`} data-contestant href=${`#/sign/${event.id}/${entry}/contestant`}><${Icon} name=${theirs.state === "stored" ? "check" : "pencil"} />${t("contestant-signs")}</a>` : null;
  if (now.state === "none" && !ready) return contestant ? html`<div class="signing card" role="status"><p><${Stands} now=${theirs.state === "none" ? { state: "unsigned" } : theirs} /><b>${t("contestant-marks")}</b></p>${link}</div>` : null;
  return html`<div class=${`signing card ${asks && now.state !== "none" ? "bad" : ""}`} role="status"><p><${Stands} now=${now.state === "none" ? { state: "unsigned" } : now} /><b>${t(words)}</b></p>
    <a class=${`button ${asks && ready ? "primary" : ""}`} data-to-sign href=${`#/sign/${event.id}/${entry}`}><${Icon} name="pencil" />${t(!asks ? "see-signature" : now.state === "none" ? "sign-short" : "sign-anew")}</a>
    ${link}</div>`;
}

/** In the list of pieces: the signature under this judge's sheet at a glance. */
export function Mini({ event, entry }) {
  if (!event.signing || event.signing.rule.judges === "none") return null;
  const now = signatureOf(event, entry).state;
  if (now === "none") return null;
  return html`<small class=${`signed ${["void", "refused"].includes(now) ? "bad" : ""}`}><${Icon} name=${["void", "refused"].includes(now) ? "alert-triangle" : "pencil"} />${t(["void", "refused"].includes(now) ? "state-void" : "signed-word")}</small>`;
}

/** Who has signed, before the chief judge seals. Where the policy only warns, sealing unsigned sheets takes a second press. */
export const Signers = ({ seal }) => (!seal.signed || seal.rule === "none" ? null : html`<ul class="signers" aria-label=${t("who-signed")}>${seal.signed.map(([seat, done, all]) => html`<li key=${seat} class=${done < all ? "owes" : ""}><b>${seat}</b><progress max=${all || 1} value=${done} aria-hidden="true"></progress><span>${t("signed-of", { done, all })}</span></li>`)}</ul>${seal.contestants ? html`<p>${t("contestants-owe", { count: seal.contestants })}</p>` : null}`);
