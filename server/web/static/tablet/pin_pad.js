// Six digits, typed on large keys or on a keyboard; shown as dots.
import { Component } from "./preact-11.2.0.mjs";
import { Icon, html, t } from "./ui.js";

const KEYS = [..."123456789"];
export const LENGTH = 6;

/** `value` and `change(value)` belong to whoever shows it; `off` while nothing may be typed. */
export class PinPad extends Component {
  componentDidMount = () => document.addEventListener("keydown", this.type);
  componentWillUnmount = () => document.removeEventListener("keydown", this.type);

  press = (key) => {
    const { value, change, off } = this.props;
    if (off) return;
    if (key === "back") change(value.slice(0, -1));
    else if (key === "clear") change("");
    else if (value.length < LENGTH) change(value + key);
  };

  type = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, textarea, select")) return;
    if (/^[0-9]$/.test(event.key)) this.press(event.key);
    else if (event.key === "Backspace") this.press("back");
  };

  render({ value, off, label }) {
    const key = (name, shown, more = "") => html`<button class=${`key ${more}`} type="button" data-pin=${name} disabled=${off} aria-label=${name === "back" ? t("delete-one") : null} onClick=${() => this.press(name)}>${shown}</button>`;
    return html`<div class="pin-pad"><div class="dots" role="img" aria-label=${`${label ?? "PIN"}: ${t("pin-digits", { count: value.length })}`} aria-live="polite">${Array.from({ length: LENGTH }, (_, place) => html`<i class=${place < value.length ? "full" : ""}></i>`)}</div>
      <div class="keys">${KEYS.map((one) => key(one, one))}${key("clear", t("clear"), "other")}${key("0", "0")}${key("back", html`<${Icon} name="backspace" />`, "other")}</div></div>`;
  }
}
