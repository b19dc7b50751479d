// Reads what a certificate's QR code says by itself and checks its signature: certificates/codes.py says how it is written.

const DIGITS = /^[0-9]{297}$/;
const [KEY, WORDS, SIGNATURE] = [4, 55, 64];
const ADDRESS = /\/v\/([0-9A-Za-z-]{1,40})$/;
const MARK = "podium-code-1\n";
const ECDSA = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

const hex = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const unhex = (text) => Uint8Array.from(text.match(/../g) ?? [], (two) => parseInt(two, 16));

/** Why a code is refused: "alien" (no certificate's), "bare" (of before codes were signed), "damaged", "unknown-key", "stranger", "forged";
 *  otherwise "signed" with number, name and distinction. `home` is this site's origin, `keys` the list's `codes`. */
export async function check(text, home, keys) {
  const [start, digits = ""] = text.split("#", 2);
  const address = URL.canParse(start) ? new URL(start) : undefined;
  const token = address?.pathname.match(ADDRESS)?.[1];
  if (!token || !/^https?:$/.test(address.protocol)) return { outcome: "alien" };
  const about = { token, host: address.host };
  if (!digits) return { ...about, outcome: address.origin === home ? "bare" : "stranger" };
  const bytes = DIGITS.test(digits) && unpacked(digits);
  if (!bytes) return { ...about, outcome: "damaged" };
  const named = bytes.subarray(0, KEY + WORDS);
  const id = hex(named.subarray(0, KEY));
  const possible = keys.filter((key) => key.id === id);
  if (!possible.length) return { ...about, outcome: address.origin === home ? "unknown-key" : "stranger", key: id };
  const signed = new Uint8Array([...new TextEncoder().encode(`${MARK}${token}\n`), ...named]);
  for (const { point } of possible) {
    const key = await crypto.subtle.importKey("raw", unhex(point), ECDSA, false, ["verify"]);
    if (await crypto.subtle.verify(ECDSA, key, bytes.subarray(KEY + WORDS), signed)) return { ...about, outcome: "signed", key: id, ...said(named.subarray(KEY)) };
  }
  return { ...about, outcome: "forged", key: id };
}

function unpacked(digits) {
  const text = BigInt(digits).toString(16).padStart(2 * (KEY + WORDS + SIGNATURE), "0");
  return text.length === 2 * (KEY + WORDS + SIGNATURE) && unhex(text);
}

function said(words) {
  const [number = "", name = "", what = ""] = new TextDecoder().decode(words).replace(/\0+$/, "").split("\n");
  return { number, name, what };
}
