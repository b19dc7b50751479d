// The emergency: marks that have not been sent, as QR codes that another tablet reads. Each code is whole by itself.
import { Component } from "./preact-11.2.0.mjs";
import qrcode from "./qrcode-generator-2.0.4.mjs";
import { me, state, waiting } from "./store.js";
import { Icon, html, t } from "./ui.js";

const IN_ONE = 6;

const bytes = (hex) => Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16));
const hex = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("");

/** What the codes carry: the version, a seal with the key of this judge's shift, then judge, part, parts and marks with the fields of a post. */
export async function parts() {
  const key = await crypto.subtle.importKey("raw", bytes(state.shift.carry), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  const rows = waiting().filter((row) => row.status === "local");
  const groups = Array.from({ length: Math.ceil(rows.length / IN_ONE) }, (_, place) => rows.slice(place * IN_ONE, (place + 1) * IN_ONE));
  return Promise.all(groups.map(async (group, place) => {
    const body = JSON.stringify({ judge: me(), part: place + 1, parts: groups.length, marks: group.map(({ judge, status, tried, ...mark }) => mark) });
    return `PODIUM2:${hex(await crypto.subtle.sign("HMAC", key, new TextEncoder().encode(body)))}:${body}`;
  }));
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
  async componentDidMount() {
    this.setState(crypto.subtle && state.shift.carry ? { all: await parts() } : { all: [], shut: true });
  }

  render({ go }, { at = 0, all, shut }) {
    if (!all) return null;
    const here = Math.min(at, all.length - 1);
    return html`<main class="codes" id="content"><h1>${t("show-codes")}</h1>
      ${all.length ? html`<p>${t("codes-why", { part: here + 1, parts: all.length })}</p><${Code} text=${all[here]} />
        <div class="choices"><button class="button" type="button" disabled=${!here} onClick=${() => this.setState({ at: here - 1 })}><${Icon} name="chevron-left" />${t("code-before")}</button><button class="button primary" type="button" disabled=${here === all.length - 1} onClick=${() => this.setState({ at: here + 1 })}>${t("code-after")}<${Icon} name="chevron-right" /></button></div>` : html`<p>${t(shut ? "codes-shut" : "all-stored-why")}</p>`}
      <button class="button" type="button" onClick=${() => go("outbox")}>${t("outbox")}</button></main>`;
  }
}
