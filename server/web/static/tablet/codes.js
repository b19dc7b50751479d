// The emergency: marks that have not been sent, as QR codes that another tablet reads. Each code is whole by itself.
import { Component } from "./preact-11.2.0.mjs";
import qrcode from "./qrcode-generator-2.0.4.mjs";
import { me, waiting } from "./store.js";
import { Icon, html, t } from "./ui.js";

const IN_ONE = 6;

/** What the codes carry: a head (version, judge, part, parts), then marks with the fields of a post, as one line of JSON each. */
export function parts() {
  const rows = waiting().filter((row) => row.status === "local");
  const groups = Array.from({ length: Math.ceil(rows.length / IN_ONE) }, (_, place) => rows.slice(place * IN_ONE, (place + 1) * IN_ONE));
  return groups.map((group, place) => JSON.stringify({ podium: 1, judge: me(), part: place + 1, parts: groups.length, marks: group.map(({ judge, status, tried, ...mark }) => mark) }));
}

function Code({ text }) {
  const code = qrcode(0, "L");
  code.addData(text, "Byte");
  code.make();
  const size = code.getModuleCount();
  let path = "";
  for (let y = 0; y < size; y += 1) for (let x = 0; x < size; x += 1) if (code.isDark(y, x)) path += `M${x + 4} ${y + 4}h1v1h-1z`;
  return html`<svg class="qr" viewBox=${`0 0 ${size + 8} ${size + 8}`} role="img" aria-label=${t("show-codes")} shape-rendering="crispEdges"><rect width=${size + 8} height=${size + 8} fill="#fff" /><path d=${path} fill="#000" /></svg>`;
}

export class Codes extends Component {
  render({ go }, { at = 0 }) {
    const all = parts();
    const here = Math.min(at, all.length - 1);
    return html`<main class="codes" id="content"><h1>${t("show-codes")}</h1>
      ${all.length ? html`<p>${t("codes-why", { part: here + 1, parts: all.length })}</p><${Code} text=${all[here]} />
        <div class="choices"><button class="button" type="button" disabled=${!here} onClick=${() => this.setState({ at: here - 1 })}><${Icon} name="chevron-left" />${t("code-before")}</button><button class="button primary" type="button" disabled=${here === all.length - 1} onClick=${() => this.setState({ at: here + 1 })}>${t("code-after")}<${Icon} name="chevron-right" /></button></div>` : html`<p>${t("all-stored-why")}</p>`}
      <button class="button" type="button" onClick=${() => go("outbox")}>${t("outbox")}</button></main>`;
  }
}
