// This tablet as the server knows it: paired with an event, named by a number, seen every minute. What it shows to be itself
// opens nothing but the door at which a PIN is asked for.
import { database, remembered } from "./database.js";
import { token } from "./outbox.js";

const VERSION = new URL(import.meta.url).pathname.split("/")[2];
/** What this tablet was told when it was paired; `row` is nothing on one that was not. */
export const paired = { row: null, revoked: false, battery: null, unsent: 0 };

export async function readPaired() {
  paired.row = (await database.device.get("paired")) ?? null;
  remembered.device = (await database.device.get("this")) ?? null;
  paired.revoked = Boolean(await database.device.get("revoked"));
}

/** Asks the server; what it answers, or the refusal in the reader's languages. Throws where no answer comes. */
export async function ask(address, content) {
  if (!token()) await fetch("/api/session", { credentials: "same-origin" }); // it hands out what a post has to echo
  const headers = { "content-type": "application/json", "x-csrf-token": token(), ...(paired.row ? { "x-podium-device": paired.row.secret } : {}) };
  const answer = await fetch(address, { method: "POST", headers, credentials: "same-origin", body: JSON.stringify(content), signal: AbortSignal.timeout(15_000) });
  return { status: answer.status, ok: answer.ok, said: await answer.json() };
}

/** Pairs this tablet; its marks carry its number from now on. The refusal, where there is one. */
export async function pair(code) {
  const { ok, said } = await ask("/api/tablet/pair", { code });
  if (!ok) return said;
  await database.transaction("rw", database.device, async () => {
    const before = await database.device.get("this");
    await database.device.delete("revoked");
    await database.device.bulkPut([{ key: "paired", ...said }, { key: "this", name: `T-${said.number}`, counter: before?.counter ?? 0 }]);
  });
  await readPaired();
  await tell();
  return null;
}

/** Tells the server that this tablet is there. One that was revoked knows it from then on. */
export async function tell() {
  if (!paired.row) return;
  try {
    const waits = (await Promise.all([database.marks, database.signatures].map((table) => table.filter((row) => row.status === "local").toArray()))).flat();
    const oldest = waits.reduce((first, row) => (!first || row.counter < first.counter ? row : first), null)?.id ?? "";
    const battery = await navigator.getBattery?.().catch(() => null);
    paired.battery = battery ?? null; // not every browser tells, and Firefox and Safari never do
    const { said } = await ask("/api/tablet/seen", { version: VERSION, unsent: waits.length, oldest, battery: battery ? Math.round(battery.level * 100) : null, charging: battery?.charging ?? null });
    paired.unsent = waits.length;
    if (said.code !== "device.unknown") return;
    await database.transaction("rw", database.device, async () => {
      await database.device.delete("paired");
      await database.device.put({ key: "revoked" });
    });
    await readPaired();
  } catch {
    // no network: it is told again in a minute
  }
}

/** A pairing code in this page's address, which is how the office's QR code says it. */
export const codeInAddress = () => location.hash.match(/^#\/pair\/([\w-]+)$/)?.[1] ?? "";
