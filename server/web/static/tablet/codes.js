// The emergency: marks and signatures that have not been sent, as QR codes that another tablet reads. A code of marks is whole by
// itself; a signature is too large for one code and comes in several.
import { Component } from "./preact-11.2.0.mjs";
import qrcode from "./qrcode-generator-2.0.4.mjs";
import { me, state, waiting } from "./store.js";
import { Icon, html, lit, t } from "./ui.js";

const IN_ONE = 3; // marks of one code: of denser ones jsQR misses many a still picture
const EACH = 1500; // milliseconds that a code stays when they come by themselves: long enough for a slow camera
const LONGEST = 320; // characters of one code of a signature: no denser than those of marks

const bytes = (hex) => Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16));
const hex = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("");

const sealed = async (key, body) => hex(await crypto.subtle.sign("HMAC", key, new TextEncoder().encode(body)));

/** Packed where the browser can, in base64url. */
async function packed(body) {
  const plain = new TextEncoder().encode(body);
  const content = window.CompressionStream ? new Uint8Array(await new Response(new Blob([plain]).stream().pipeThrough(new CompressionStream("deflate"))).arrayBuffer()) : plain;
  return btoa(Array.from(content, (byte) => String.fromCharCode(byte)).join("")).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

async function ofSignature(key, { judge, status, sequence, code, zh, en, ...signature }) {
  const body = JSON.stringify({ judge, signature });
  const [seal, text] = [await sealed(key, body), await packed(body)];
  const count = Math.ceil(text.length / LONGEST);
  return Array.from({ length: count }, (_, place) => ({ entry: signature.entry, text: `PODIUM3:${seal}:${place + 1}/${count}:${text.slice(place * LONGEST, (place + 1) * LONGEST)}` }));
}

/** What the codes carry: the version, a seal with the key of this judge's shift, then judge, set, part, parts and marks with the fields of a
    post; the signatures come after the marks that they name. The set says which codes were shown together: with one mark more they are others. */
export async function parts() {
  const key = await crypto.subtle.importKey("raw", bytes(state.shift.carry), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  const rows = waiting().filter((row) => row.status === "local");
  const said = rows.map(({ judge, status, tried, round, replaces, ...mark }) => ({ ...mark, ...(round > 1 ? { round } : {}), ...(replaces ? { replaces } : {}) })); // what a post may leave out would make the code denser
  const count = Math.ceil(rows.length / IN_ONE);
  const set = hex(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(rows.map((row) => row.id).join()))).slice(0, 8);
  const marks = Array.from({ length: count }, async (_, place) => {
    const body = JSON.stringify({ judge: me(), set, part: place + 1, parts: count, marks: said.slice(place * IN_ONE, (place + 1) * IN_ONE) });
    return [{ text: `PODIUM2:${await sealed(key, body)}:${body}` }];
  });
  const signatures = state.signatures.filter((row) => row.status === "local").map((row) => ofSignature(key, row));
  return (await Promise.all([...marks, ...signatures])).flat();
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
  dark = lit();
  componentWillUnmount = () => { clearInterval(this.timer); this.dark(); };

  /** Fifty codes are fifty taps with a glove: they may come by themselves, round and round, until somebody stops them. */
  play = () => {
    clearInterval(this.timer);
    const on = !this.state.on;
    if (on) this.timer = setInterval(() => this.setState(({ at = 0, all }) => ({ at: (at + 1) % all.length })), EACH);
    this.setState({ on });
  };

  turn = (at) => {
    clearInterval(this.timer);
    this.setState({ at, on: false });
  };

  async componentDidMount() {
    this.setState(crypto.subtle && state.shift.carry ? { all: await parts() } : { all: [], shut: true });
  }

  render({ go }, { at = 0, all, shut, on }) {
    if (!all) return null;
    const here = Math.min(at, all.length - 1);
    const outbox = html`<button class="button" type="button" onClick=${() => go("outbox")}>${t("outbox")}</button>`;
    return html`<main class="codes" id="content"><h1>${t("show-codes")}</h1>
      ${all.length ? html`<p>${t("codes-why", { part: here + 1, parts: all.length })}</p>${all[here].entry ? html`<p><b>${t("code-signature", { entry: all[here].entry })}</b></p>` : null}<${Code} text=${all[here].text} />
        <div class="turn"><div class="choices"><button class="button" type="button" disabled=${!here} onClick=${() => this.turn(here - 1)}><${Icon} name="chevron-left" />${t("code-before")}</button><button class="button primary" type="button" disabled=${here === all.length - 1} onClick=${() => this.turn(here + 1)}>${t("code-after")}<${Icon} name="chevron-right" /></button></div>${all.length > 1 ? html`<button class="button" type="button" data-play aria-pressed=${String(Boolean(on))} onClick=${this.play}><${Icon} name=${on ? "player-pause-filled" : "refresh"} />${t(on ? "codes-stop" : "codes-play")}</button>` : null}${outbox}</div>` : html`<p>${t(shut ? "codes-shut" : "all-stored-why")}</p>${outbox}`}</main>`;
  }
}
