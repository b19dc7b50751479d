// The judge's tablet: which screen, for whom, in which language. What is drafted is asked about before a screen is left.
import { Component, render } from "./preact-11.2.0.mjs";
import { aspectsOf, cell, changed, counts, eventOf, inDoubt, keyOf, me, refresh, reload, sender, speak, state, watch } from "./store.js";
import { draftOf, hundredths, place, press, save, write, wrong } from "./drafts.js";
import { Icon, display, html, named, settle, t, unsettle } from "./ui.js";
import { Banner, Rail } from "./rail.js";
import { browser, guardDisk, keepWorker, startWorker, takeWhenSafe } from "./install.js";
import { Works } from "./work.js";
import { Sheet } from "./sheet.js";
import { Row } from "./row.js";
import { Outbox } from "./waiting.js";
import { Conflict } from "./conflict.js";
import { Spread } from "./spread.js";
import { HandOver } from "./hand_over.js";
import { Codes } from "./codes.js";
import { PinAsked, Pair, SignIn, ChoosePin } from "./sign_in.js";
import { Sign } from "./sign.js";
import { paired, readPaired, tell, codeInAddress } from "./device.js";
import { sendSignatures, signatureCounts } from "./signing.js";
import { Hall, Hand, Left, Problem } from "./hall.js";
import { hear, startHall } from "./posting.js";
import { Reading, keepReader, passOn } from "./reading.js";

const EVERY = 45_000;

/** An address as it was meant; one that nobody can read means nothing. */
function readable(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return "";
  }
}

/** The screen that an address names; the work page when it names nothing that is there. */
function screenOf(hash) {
  const [name, id, entry, aspect] = readable(hash.replace(/^#\/?/, "")).split("/");
  if (["outbox", "hand-over", "codes", "reading", "pin", "enter"].includes(name)) return { name };
  const event = eventOf(id);
  if (!event?.entries.includes(entry) || !aspectsOf(event).length) return { name: "work" };
  if (name === "sign") return { name, event, entry, role: aspect === "contestant" && event.signing?.asked.length ? "contestant" : "judge" };
  const found = aspectsOf(event).find((one) => one.id === aspect);
  if (["conflict", "spread"].includes(name) && found) return { name, event, entry, aspect: found };
  return name === "row" ? { name, event, entry, aspect } : { name: "sheet", event, entry, aspect };
}

const here = () => screenOf(location.hash);
const path = (hash) => hash.split("/").slice(0, 3).join("/");

/** Every draft of this tablet, as places on a sheet. */
const drafted = () => [...state.drafts.keys()].map((key) => { const [id, entry, aspect] = key.split("/"); const event = eventOf(id); return place(event, entry, aspectsOf(event).find((one) => one.id === aspect)); });

function Leaving({ to, done }) {
  const all = drafted();
  const bad = all.some((at) => !at.event.open || wrong(at.aspect, draftOf(at.key)));
  const keep = async () => {
    for (const at of all) {
      state.asking = { key: at.key, words: "" };
      unsettle();
      await save(at);
    }
    if (!state.drafts.size) done(to);
  };
  const drop = () => { all.forEach((at) => write(at.key, "")); done(to); };
  return html`<div class="over"><section class="card dialog" role="alertdialog" aria-modal="true" aria-label=${t("draft-left")}>
    <h2>${t("draft-left")}</h2><ul>${all.map((at) => html`<li>${at.entry} · ${at.aspect.id} ${at.aspect.name} <b>${draftOf(at.key)}</b></li>`)}</ul>
    <div class="choices"><button class="button" type="button" onClick=${() => done(null)}>${t("cancel")}</button><button class="button danger" type="button" data-drop onClick=${drop}>${t("drop")}</button><button class="button primary" type="button" disabled=${bad} onClick=${keep}><${Icon} name="check" />${all.length === 1 && !bad ? t("keep", { value: display(all[0].aspect, hundredths(all[0].aspect, draftOf(all[0].key))) }) : t("keep-all")}</button></div>
  </section></div>`;
}

class App extends Component {
  componentDidMount() {
    watch(() => this.forceUpdate());
    addEventListener("hashchange", ({ oldURL }) => {
      settle();
      Object.assign(state, { asking: null, problem: "" });
      const came = new URL(oldURL).hash;
      const away = state.drafts.size && !this.own && path(came) !== path(location.hash); // the browser's own way back asks nobody
      this.own = false;
      if (away) this.setState({ leaving: location.hash.slice(2), came });
      else this.forceUpdate();
    });
    document.addEventListener("click", (event) => {
      const link = event.target.closest?.('a[href^="#/"]');
      if (link) { event.preventDefault(); this.go(link.getAttribute("href").slice(2)); }
    });
    document.addEventListener("keydown", (event) => this.type(event));
    addEventListener("beforeunload", (event) => state.drafts.size && event.preventDefault());
  }

  /** To another screen; a draft is asked about first, unless the screen stays and only the place on it changes. */
  go = (to, within = false) => {
    const same = within || path(location.hash) === path(`#/${to}`);
    if (state.drafts.size && !same) return this.setState({ leaving: to, came: "" });
    this.move(`#/${to}`);
  };

  move(hash) {
    this.own = hash !== location.hash;
    location.hash = hash;
  }

  left = (to) => {
    const { came } = this.state;
    this.setState({ leaving: undefined });
    if (to !== null) this.move(`#/${to}`);
    else if (came) this.move(came);
  };

  type(event) {
    const at = document.querySelector("[data-pad]") && this.at();
    if (!at || event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, textarea") || document.querySelector(".over")) return;
    if (/^[0-9.]$/.test(event.key)) press(at, event.key);
    else if (event.key === "Backspace") press(at, "back");
    else if (event.key === "Enter" && !event.target.matches("button, a")) document.querySelector("[data-save]")?.click();
  }

  at() {
    const screen = here();
    const id = document.querySelector(".aspect[aria-current]")?.dataset.aspect ?? screen.aspect;
    const aspect = screen.event && aspectsOf(screen.event).find((one) => one.id === id);
    return aspect && place(screen.event, screen.entry, aspect);
  }

  speak = () => {
    speak(state.lang === "zh" ? "en" : "zh");
    document.cookie = `lang=${state.lang}; path=/; max-age=31536000; samesite=lax`;
    document.documentElement.lang = state.lang === "en" ? "en" : "zh-CN";
  };

  render(_, { leaving, hand }) {
    if (!state.ready) return null;
    const screen = here();
    if (paired.row && (screen.name === "enter" ? state.session !== "in" || sender?.net === "signed-out" : !state.shift && ["out", "unreachable"].includes(state.session))) return html`<${SignIn} speak=${this.speak} go=${this.go} />`;
    if (!state.shift) return html`<${Empty} speak=${this.speak} />`;
    const { name, event, entry, aspect } = screen;
    const seated = event ?? [...state.shift.events].sort((one, other) => Number(other.open) - Number(one.open))[0];
    const second = seated ? [named(seated), t("judge", { code: seated.seat }), state.shift.judge, paired.row ? t("tablet-number", { number: paired.row.number }) : ""].filter(Boolean).join(" · ") : state.shift.judge;
    const at = aspect?.id ?? aspect;
    const doubt = event ? inDoubt().indexOf(keyOf(event.id, entry, at)) : -1;
    const group = event?.groups.find((one) => one.id === at || one.aspects.some((each) => each.id === at));
    const heading = name === "sign" ? t("sign-off") : name === "conflict" && doubt >= 0 ? `${t("state-conflict")} ${doubt + 1} / ${inDoubt().length}` : event ? (group ? `${group.id} ${group.name}` : named(event)) : t(name === "work" ? "my-work" : name === "codes" ? "show-codes" : name === "reading" ? "read-codes" : name === "pin" ? "pin-choose" : name === "enter" ? "my-work" : name);
    return html`<header class="top">
        ${name === "work" ? html`<img class="seal" src="/static/mark.svg" alt=${t("podium")} />` : html`<button class="button square ghost" type="button" data-back aria-label=${t("back-to-work")} onClick=${() => this.go("")}><${Icon} name="chevron-left" /></button>`}
        <div class="title"><b>${heading}</b><span>${second}</span></div>
        ${name === "work" ? html`<button class="button square" type="button" data-lang onClick=${this.speak} lang=${state.lang === "zh" ? "en" : "zh-CN"}>${state.lang === "zh" ? "EN" : "中"}</button><a class="button" href="#/hand-over"><${Icon} name="switch-horizontal" /><span>${t("hand-over")}</span></a>` : null}
        <${Left} event=${seated} />${seated ? html`<${Hand} raise=${() => this.setState({ hand: true })} />` : null}
        <button class="button square" type="button" data-theme-switch aria-label=${t("contrast")}><${Icon} name="contrast" /></button>
      </header>
      <${Rail} /><${Banner} worker=${browser.worker} screen=${screen} least=${name === "work" ? html`<${PinAsked} />` : null} /><${Hall} />
      ${name === "sign" ? html`<${Sign} event=${event} entry=${entry} role=${screen.role} go=${this.go} />` : name === "pin" ? html`<${ChoosePin} go=${this.go} />` : name === "work" || name === "enter" ? html`<${Works} events=${state.shift.events} />` : name === "outbox" ? html`<${Outbox} go=${this.go} />` : name === "hand-over" ? html`<${HandOver} go=${this.go} />` : name === "codes" ? html`<${Codes} go=${this.go} />` : name === "reading" ? html`<${Reading} go=${this.go} />` : name === "conflict" ? html`<${Conflict} key=${location.hash} ...${screen} go=${this.go} />` : name === "spread" ? html`<${Spread} event=${event} entry=${entry} aspect=${aspect} go=${this.go} raise=${() => this.setState({ hand: true })} />` : name === "row" ? html`<${Row} event=${event} entry=${entry} aspect=${aspect} go=${this.go} lang=${state.lang} />` : html`<${Sheet} event=${event} entry=${entry} aspect=${aspect} go=${this.go} />`}
      ${hand && seated ? html`<${Problem} event=${seated} entry=${event ? entry : ""} aspect=${event ? (aspect?.id ?? aspect) : ""} close=${() => this.setState({ hand: false })} />` : null}
      ${leaving !== undefined ? html`<${Leaving} to=${leaving} done=${this.left} />` : null}`;
  }
}

/** Nobody's shift is on this tablet: what is missing, whose marks wait, and the way on. */
function Empty({ speak }) {
  const kind = { out: "sign-in", "no-seat": "no-seat", unreachable: "unreachable" }[state.session] ?? "loading";
  return html`<main class="empty" id="content"><img class="seal" src="/static/mark.svg" alt="" /><h1>${t(`${kind}-title`)}</h1><p>${t(`${kind}-why`)}</p>
    ${state.others.map((one) => html`<p class="notice warn"><${Icon} name="mark-local" /><span>${t("kept-for", { seat: one.seat || "?", count: one.count })}</span></p>`)}
    ${kind === "loading" ? null : kind === "unreachable" ? html`<button class="button primary" type="button" onClick=${refresh}><${Icon} name="refresh" />${t("try-now")}</button>` : html`<a class="button primary" href="/sign-in?next=/tablet">${t("sign-in")}</a>`}${paired.row || kind === "loading" ? null : html`<${Pair} />`}
    <button class="button" type="button" data-lang onClick=${speak}>${state.lang === "zh" ? "English" : "中文"}</button></main>`;
}

await readPaired();
await reload();
state.ready = true;
render(html`<${App} />`, document.body);
document.documentElement.lang = state.lang === "en" ? "en" : "zh-CN";
changed();
startWorker();
await refresh();
await startHall();
hear();
document.documentElement.dataset.ready = "";
await keepReader();
passOn();
tell().then(changed);
const hands = () => `${me()} ${sender?.net === "signed-out"}`;
let before = hands();
const drained = () => [counts(), signatureCounts()].every(({ local, sent }) => !local && !sent) && !state.others.length;
watch(() => { if (hands() !== before) { before = hands(); tell().then(changed); } }); // the board says at once who holds this tablet, and the tablet that it was revoked
let held = !drained();
watch(() => { const before = held; held = !drained(); if (before && !held && paired.unsent) tell().then(changed); }); // whoever seals is told at once that nothing lies here any more
guardDisk(); // last: it may ask somebody
addEventListener("online", () => setTimeout(refresh, Math.random() * 1500)); // a hall full of tablets comes back at the same moment
addEventListener("online", () => setTimeout(passOn, Math.random() * 1500));
addEventListener("online", () => setTimeout(keepWorker, 5000));
addEventListener("offline", () => { sender?.away("offline"); changed(); });
document.addEventListener("visibilitychange", () => (document.visibilityState === "visible" ? refresh() : takeWhenSafe()));
setInterval(() => void tell().then(changed), EVERY * (0.8 + Math.random() * 0.4));
addEventListener("online", () => setTimeout(sendSignatures, 3000));
setInterval(refresh, EVERY * (0.8 + Math.random() * 0.4));
setInterval(guardDisk, 5 * 60_000);
