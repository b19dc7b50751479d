// What every screen is made of: the template tag, the words, how a mark is written, and the state it wears.
import { Component, h } from "./preact-11.2.0.mjs";
import htm from "./htm-3.1.1.mjs";
import words from "./words.js";
import { state } from "./store.js";

export const html = htm.bind(h);

/** A sentence in the language of this tablet, with its values in place. */
export const t = (key, values = {}) => words[state.lang][key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
export const named = (one) => (state.lang === "en" && one.name_en ? one.name_en : one.name);
export const clock = (moment) => new Date(moment).toLocaleTimeString("zh-CN", { hour12: false });
export const minute = (moment) => new Date(moment).toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false });
/** A time of the day, with the day where it is not today's. */
export const dated = (moment) => new Date(moment).toLocaleString("zh-CN", { hour12: false, ...(new Date(moment).toDateString() === new Date().toDateString() ? { timeStyle: "medium" } : {}) });
export const shown = (hundredths) => (hundredths / 100).toFixed(2);
export const isJudged = (aspect) => aspect.kind === "judged";
export const display = (aspect, value) => (isJudged(aspect) ? String(value / 100) : shown(value));
export const top = (aspect) => (isJudged(aspect) ? 300 : aspect.maximum);

export const Icon = ({ name, label }) => html`<i class=${`i i-${name}`} role=${label ? "img" : null} aria-label=${label ?? null} aria-hidden=${label ? null : "true"}></i>`;

const LOOKS = { none: "mark-none", draft: "mark-draft", local: "mark-local", sent: "mark-sent", stored: "mark-stored", conflict: "mark-conflict", refused: "ban", again: "refresh", unsigned: "pencil", void: "alert-triangle" };
export const look = (condition) => LOOKS[condition];
export const Pill = ({ condition }) => html`<span class=${`pill ${condition}`}><${Icon} name=${LOOKS[condition]} /><span>${t(`state-${condition}`)}</span></span>`;

/** A part that is drawn again only when what it is given has changed: a sheet has up to four hundred rows. It is given no function:
    an old one would act on the piece that was there before; the list around it hears the taps. */
export class Still extends Component {
  shouldComponentUpdate(next) {
    return Object.keys(next).some((name) => next[name] !== this.props[name]);
  }
}

/** What was typed, without the signs that turn the direction of writing: a number out of an address book brings them, and no server takes them. */
export const plain = (text) => text.replace(/[\p{Bidi_Control}\0]/gu, "").trim();

/** A screen that nobody touches stays lit while a camera looks at it, or it at a camera. What is given back lets it go dark again. */
export function lit() {
  const lock = navigator.wakeLock?.request("screen").catch(() => null);
  return () => lock?.then((held) => held?.release());
}

const settings = { lastChange: -1000 };
/** After the screen has changed under a finger, a second tap at the same place does nothing for a moment. */
export const settle = () => (settings.lastChange = performance.now());
export const unsettle = () => (settings.lastChange = -1000);
export const settled = () => performance.now() - settings.lastChange >= 800;
