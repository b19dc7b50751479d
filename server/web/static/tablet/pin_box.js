// A PIN on its way through the outbox: sealed with the server's public key, so that this tablet's disk does not tell it. Two
// digits of it are known here, by which a slip of the finger is noticed without a network.
const text = new TextEncoder();
const bytes = (hex) => Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16));
export const hex = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
export const sha256 = async (words) => hex(await crypto.subtle.digest("SHA-256", text.encode(words)));
/** Signing needs what a browser lends to pages with a certificate only. */
export const canSeal = () => Boolean(crypto.subtle);

/** Whether this may be the PIN: one wrong PIN of a hundred passes, and the server refuses it. */
export async function mayBe(pin, facts) {
  const key = await crypto.subtle.importKey("raw", text.encode(pin), "PBKDF2", false, ["deriveBits"]);
  const bits = await crypto.subtle.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt: bytes(facts.salt), iterations: facts.rounds }, key, 256);
  return new DataView(bits).getUint32(0) % 100 === facts.checking;
}

/** The PIN in a box that only the server opens, and only for what it was typed for. */
export async function sealed(pin, about, facts) {
  const curve = { name: "ECDH", namedCurve: "P-256" };
  const own = await crypto.subtle.generateKey(curve, false, ["deriveBits"]);
  const server = await crypto.subtle.importKey("raw", bytes(facts.key), curve, false, []);
  const point = await crypto.subtle.exportKey("raw", own.publicKey);
  const shared = await crypto.subtle.importKey("raw", await crypto.subtle.deriveBits({ name: "ECDH", public: server }, own.privateKey, 256), "HKDF", false, ["deriveKey"]);
  const key = await crypto.subtle.deriveKey({ name: "HKDF", hash: "SHA-256", salt: point, info: text.encode("podium/pin-box-1") }, shared, { name: "AES-GCM", length: 256 }, false, ["encrypt"]);
  return hex(point) + hex(await crypto.subtle.encrypt({ name: "AES-GCM", iv: new Uint8Array(12), additionalData: text.encode(about) }, key, text.encode(pin)));
}
