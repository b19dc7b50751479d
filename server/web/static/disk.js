// What is written to IndexedDB, as promises, and the ids under which it is sent: see https://github.com/ulid/spec.

const FIGURES = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const random = (length) => [...crypto.getRandomValues(new Uint8Array(length))].map((byte) => FIGURES[byte % 32]).join("");

export const request = (asked) => new Promise((done, failed) => { asked.onsuccess = () => done(asked.result); asked.onerror = () => failed(asked.error); });
export const committed = (work) => new Promise((done, failed) => { work.oncomplete = () => done(); work.onabort = work.onerror = () => failed(work.error); });

export function ulid(now) {
  let time = "";
  for (let rest = now; time.length < 10; rest = Math.floor(rest / 32)) time = FIGURES[rest % 32] + time;
  return time + random(16);
}
