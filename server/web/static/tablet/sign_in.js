// Signing in on a paired tablet: badge or seat, and PIN. Whose marks wait here is said first; they are not the next judge's.
import { Component } from "./preact-11.2.0.mjs";
import { watch } from "./camera.js";
import { ask, codeInAddress, pair, paired } from "./device.js";
import { LENGTH, PinPad } from "./pin_pad.js";
import reader from "./reader.js";
import { refresh, state } from "./store.js";
import { Icon, html, named, t } from "./ui.js";

const refusal = (said) => [said.words?.[state.lang], said.mend?.[state.lang]].filter(Boolean).join(" ") || t("sign-failed");
const Language = ({ speak }) => html`<button class="button" type="button" data-lang onClick=${speak} lang=${state.lang === "zh" ? "en" : "zh-CN"}>${state.lang === "zh" ? "English" : "中文"}</button>`;

/** How full the battery is, where the browser tells. */
function Battery() {
  const { battery } = paired;
  if (!battery) return null;
  const low = battery.level <= 0.2 && !battery.charging;
  return html`<p class=${`pill ${low ? "local" : "calm"}`}><${Icon} name=${battery.charging ? "battery-charging" : "battery-1"} />${t("battery", { percent: Math.round(100 * battery.level) })}</p>`;
}

/** The badge before the camera, when somebody asks for it: a camera that always runs empties the battery. */
class Badge extends Component {
  componentWillUnmount = () => this.close?.();

  open = async () => {
    this.setState({ on: true, off: false });
    try {
      this.close = await watch(this.video, reader, (text) => { if (text.startsWith("PJ")) { this.shut(); this.props.seen(text); } });
    } catch {
      this.setState({ on: false, off: true });
    }
  };

  shut = () => { this.close?.(); this.close = null; this.setState({ on: false }); };

  render({ badge, seen }, { on, off }) {
    return html`<section class="card badge"><h2>${t("scan-badge")}</h2>
      <div class=${`camera ${on ? "on" : ""} ${badge ? "has" : ""}`}><video ref=${(made) => (this.video = made)} muted playsinline hidden=${!on}></video><span class="aim"></span>${on ? null : html`<${Icon} name=${badge ? "check" : "qrcode"} />`}<p>${t(badge ? "badge-read" : "badge-how")}</p></div>
      ${off ? html`<p class="notice warn" role="alert"><${Icon} name="alert-triangle" /><span>${t("reading-off")}</span></p>` : null}
      ${badge ? html`<button class="button" type="button" onClick=${() => seen("")}><${Icon} name="x" />${t("badge-drop")}</button>` : on ? html`<button class="button" type="button" onClick=${this.shut}><${Icon} name="x" />${t("cancel")}</button>` : html`<button class="button" type="button" data-scan onClick=${this.open}><${Icon} name="camera" />${t("badge-open")}</button>`}
    </section>`;
  }
}

export class SignIn extends Component {
  state = { seat: "", pin: "", badge: "", wrong: "", busy: false };

  enter = async () => {
    const { seat, badge, pin } = this.state;
    this.setState({ busy: true, wrong: "" });
    try {
      const { ok, said } = await ask("/api/tablet/session", { who: badge || `J${seat}`, pin });
      if (ok) {
        await refresh();
        if (location.hash === "#/enter") location.hash = "#/";
      } else this.setState({ wrong: refusal(said), pin: "" });
    } catch {
      this.setState({ wrong: t("sign-offline") });
    }
    this.setState({ busy: false });
  };

  render({ speak, go }, { seat, pin, badge, wrong, busy }) {
    const short = LENGTH - pin.length;
    const ready = (badge || seat) && !short && !busy;
    const who = badge ? t("badge-read") : seat ? `J${seat}` : "";
    return html`<header class="top">${state.shift ? html`<button class="button square ghost" type="button" data-go-on aria-label=${t("back-to-work")} onClick=${() => go("")}><${Icon} name="chevron-left" /></button>` : html`<img class="seal" src="/static/mark.svg" alt="" />`}<div class="title"><b>${t("podium")}</b><span>${named(paired.row)}</span></div><${Language} speak=${speak} /><button class="button square" type="button" data-theme-switch aria-label=${t("contrast")}><${Icon} name="contrast" /></button></header>
      <main class="sign-in" id="content">
        <section class="which-tablet"><h1>${t("tablet-number", { number: paired.row.number })}</h1><p class=${`pill ${state.session === "unreachable" ? "local" : "stored"}`}><${Icon} name=${state.session === "unreachable" ? "wifi-off" : "wifi"} />${t(state.session === "unreachable" ? "sign-offline-short" : "online")}</p><${Battery} /></section>
        <div class="kept">${state.others.map((one) => html`<section class="card kept-for"><span class="seat me"><b>${one.seat || "?"}</b></span><p><b>${t("kept-count", { count: one.count, seat: one.seat || "?" })}</b> ${t("kept-take-over", { seat: one.seat || "?" })}</p>${one.seat ? html`<button class="button" type="button" onClick=${() => this.setState({ seat: one.seat.slice(1), badge: "" })}>${t("kept-me", { seat: one.seat })}</button>` : null}</section>`)}</div>
        <${Badge} badge=${badge} seen=${(text) => this.setState({ badge: text, seat: "", wrong: "" })} />
        <section class="card by-pin"><h2>${t("or-seat")}</h2>
          <div class="seat-field"><label for="seat">${t("judge-code")}</label><span aria-hidden="true">J</span><input id="seat" inputmode="numeric" autocomplete="off" maxlength="3" value=${seat} disabled=${Boolean(badge)} onInput=${({ target }) => this.setState({ seat: target.value.replace(/\D/g, ""), wrong: "" })} /></div>
          <${PinPad} value=${pin} off=${busy} change=${(value) => this.setState({ pin: value, wrong: "" })} />
          ${wrong ? html`<p class="message" role="alert">${wrong}</p>` : null}
          <button class="button primary" type="button" data-enter disabled=${!ready} onClick=${this.enter}>${busy ? t("signing-in") : who ? (short ? t("pin-short", { count: short }) : t("sign-in-as", { who })) : t("pin-who")}</button>
        </section>
        <section class="help"><${Icon} name="help-circle" /><p><b>${t("sign-help")}</b><a class="other-way" href="/sign-in?next=/tablet">${t("by-link")}</a></p></section>
      </main>`;
  }
}

/** A tablet that the server does not know yet: the code from the office. */
export class Pair extends Component {
  state = { code: codeInAddress(), wrong: "" };
  componentDidMount = () => this.state.code && this.pair();

  pair = async () => {
    try {
      const said = await pair(this.state.code);
      if (said) return this.setState({ wrong: refusal(said) });
      history.replaceState(null, "", "#/");
      await refresh();
    } catch {
      this.setState({ wrong: t("sign-offline") });
    }
  };

  render(_, { code, wrong }) {
    return html`<form class="card pairing" onSubmit=${(event) => { event.preventDefault(); this.pair(); }}><label for="pair-code"><b>${t("pair")}</b><span>${t("pair-why")}</span></label>
      <input class="input" id="pair-code" autocomplete="off" autocapitalize="characters" spellcheck="false" maxlength="12" value=${code} onInput=${({ target }) => this.setState({ code: target.value.toUpperCase(), wrong: "" })} />
      <button class="button" data-pair disabled=${code.replace(/\W/g, "").length < 8}>${t("pair-now")}</button>${wrong ? html`<p class="message" role="alert">${wrong}</p>` : null}</form>`;
  }
}

/** A judge chooses a PIN: the first one after a link, another one with the one before. */
export class ChoosePin extends Component {
  state = { step: 0, typed: ["", "", ""], wrong: "" };

  /** Which PIN is typed now: the one before (where there is one), the new one, the new one again. */
  steps = () => (state.shift.pin?.salt ? ["before", "new", "again"] : ["new", "again"]);

  next = async () => {
    const { step, typed } = this.state;
    const steps = this.steps();
    if (step < steps.length - 1) return this.setState({ step: step + 1, wrong: "" });
    const [again, pin] = [typed[step], typed[step - 1]];
    if (again !== pin) return this.restart(t("pin-different"));
    try {
      const { ok, said } = await ask("/api/tablet/pin", { pin, before: steps[0] === "before" ? typed[0] : "" });
      if (!ok) return this.restart(refusal(said));
      await refresh();
      this.props.go("");
    } catch {
      this.restart(t("sign-offline"));
    }
  };

  restart = (wrong) => this.setState({ step: 0, typed: ["", "", ""], wrong });

  render({ go }, { step, typed, wrong }) {
    const short = LENGTH - typed[step].length;
    return html`<main class="choose-pin" id="content"><section class="card">
      <h1>${t(`pin-${this.steps()[step]}`)}</h1><p>${t("pin-what-for")}</p>
      <${PinPad} value=${typed[step]} label=${t(`pin-${this.steps()[step]}`)} change=${(value) => this.setState({ typed: typed.map((one, place) => (place === step ? value : one)), wrong: "" })} />
      ${wrong ? html`<p class="message" role="alert">${wrong}</p>` : null}
      <div class="choices"><button class="button" type="button" onClick=${() => go("")}>${t("cancel")}</button><button class="button primary" type="button" data-pin-next disabled=${Boolean(short)} onClick=${this.next}>${short ? t("pin-short", { count: short }) : t(step < this.steps().length - 1 ? "pin-go-on" : "pin-take")}</button></div>
    </section></main>`;
  }
}

/** Asks a judge who has no PIN yet to choose one. */
export const PinAsked = () => (state.shift.pin && !state.shift.pin.salt && navigator.onLine ? html`<div class="notice info" role="status"><${Icon} name="lock" /><p>${t("pin-missing")}</p><a class="button" href="#/pin" data-choose-pin>${t("pin-choose")}</a></div>` : null);
