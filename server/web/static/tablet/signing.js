// Signatures: what a judge signs, where a signature is, and when it holds no longer. It goes through the outbox like a mark: on
// the disk first, sent after the marks that it names, called stored only after the server's answer for that very signature.
import { database, thisDevice, ulid } from "./database.js";
import { sealed, sha256 } from "./pin_box.js";
import { aspectsOf, cell, changed, counts, me, refresh, reload, sender, state, watch } from "./store.js";
import { moment, token } from "./outbox.js";
import { written } from "./reserve.js";
import { floorOf } from "./floor.js";
import { draftOf } from "./drafts.js";

const BATCH = 10;
let [flying, busy, notBefore, timer, failures] = [new Set(), false, 0, 0, 0];

/** The aspects that are signed for: the whole sheet of a judge, what the policy names of a contestant. */
export const askedOf = (event, role) => aspectsOf(event).filter((aspect) => role === "judge" || event.signing.asked.includes(aspect.id));
/** A mark that the server did not take is none of the sheet's. */
const ledgerOr = (now) => (now.state === "refused" ? (now.under ?? {}) : now);
const rowOf = (event, entry, role) => state.signatures.findLast((row) => row.event === event.id && row.entry === entry && row.role === role);

/** Where the signature under a sheet is: none, local, sent, stored, refused; void when a mark of the sheet is another one now. */
export function signatureOf(event, entry, role = "judge") {
  if (!event.signing) return { state: "none" };
  const now = (aspect) => ledgerOr(cell(event.id, entry, aspect));
  const row = rowOf(event, entry, role);
  if (row) {
    const condition = row.status === "refused" ? "refused" : !row.marks.every(([aspect, id]) => now(aspect).id === id) ? "void" : row.status === "local" && flying.has(row.id) ? "sent" : row.status;
    return { state: condition, row, at: row.made_at };
  }
  const told = event.signing[role === "judge" ? "mine" : "contestants"][entry];
  if (!told) return { state: "none" };
  const newer = askedOf(event, role).some(({ id }) => { const one = now(id); return one.row || (one.sequence ?? 0) > told[2]; });
  return { state: told[0] && !newer ? "stored" : "void", at: told[1] };
}

export const isSigned = (event, entry, role) => ["local", "sent", "stored"].includes(signatureOf(event, entry, role).state);

/** What keeps a sheet from being signed: aspects without a mark, or with one that is in doubt. */
export const lacking = (event, entry, role = "judge") => askedOf(event, role).filter((aspect) => { const now = cell(event.id, entry, aspect.id); return draftOf(now.key) !== "" || !["local", "sent", "stored"].includes(now.state); });

/** Whether a signature is asked of this judge for an entry at all. */
export const asksFor = (event, entry, role = "judge") => Boolean(event.signing?.open && !floorOf(event, entry) && askedOf(event, role).length && (role !== "judge" || event.signing.rule.judges !== "none"));

/** The sheets that are complete and wear no signature that holds. */
export const toSign = (event) => event.entries.filter((entry) => asksFor(event, entry) && !isSigned(event, entry) && !lacking(event, entry).length);

/** How many signatures of this judge are where. */
export const signatureCounts = () => {
  const rows = state.signatures.filter((row) => row.status === "local");
  const sent = rows.filter((row) => flying.has(row.id)).length;
  return { local: rows.length - sent, sent, refused: state.signatures.filter((row) => row.status === "refused").length };
};

/** Signs: on the disk first, then on its way. A signature that it replaces and that never left is not needed any more. */
export async function sign(event, entry, role, drawing, pin) {
  const marks = askedOf(event, role).map(({ id }) => { const now = cell(event.id, entry, id); return [id, now.id, now.value, now.round]; });
  const now = moment();
  const id = ulid(now);
  const sheet = await sha256(JSON.stringify(["podium-sheet-1", role, event.id, entry, me(), marks]));
  const box = role === "judge" ? await sealed(pin, `${id} ${sheet}`, state.shift.pin) : "";
  await written(() => database.transaction("rw", database.signatures, database.device, async () => {
    const device = await thisDevice();
    device.counter += 1;
    await database.device.put(device);
    const row = { id, judge: me(), event: event.id, entry, role, marks, drawing, device: device.name, counter: device.counter, made_at: new Date(now).toISOString(), box, status: "local", sequence: 0 };
    await database.signatures.where("judge").equals(me()).filter((one) => one.event === row.event && one.entry === entry && one.role === role && one.status !== "local").delete();
    await database.signatures.add(row);
  }));
  await reload();
  sendSignatures();
}

/** Sends what waits, after the marks. What the server does not answer for stays for the next time. */
export async function sendSignatures() {
  const rows = state.signatures.filter((row) => row.status === "local").slice(0, BATCH);
  const { local, sent } = counts();
  if (!rows.length || busy || local + sent || sender?.net !== "online" || performance.now() < notBefore) return;
  busy = true;
  flying = new Set(rows.map((row) => row.id));
  changed();
  try {
    const body = JSON.stringify(rows.map(({ judge, status, sequence, ...row }) => row));
    const headers = { "content-type": "application/json", "x-csrf-token": token(), "x-podium-judge": rows[0].judge };
    const answer = await fetch("/api/signatures", { method: "POST", headers, body, credentials: "same-origin", signal: AbortSignal.timeout(20_000) });
    if (!answer.ok) throw answer;
    await heard(rows, (await answer.json()).answers);
    failures = 0;
  } catch (failure) {
    const asked = 1000 * Number(failure.headers?.get("retry-after") ?? 0);
    rest(Math.max(asked, Math.min(30_000, 2000 * 2 ** failures++) * (0.5 + Math.random())));
    if ([401, 403, 409].includes(failure.status)) refresh(); // who holds this tablet is not who signed: the shift says so
  } finally {
    flying = new Set();
    busy = false;
    await reload();
  }
  refresh();
}

function rest(pause) {
  notBefore = performance.now() + pause;
  clearTimeout(timer);
  timer = setTimeout(sendSignatures, pause + 10);
}

async function heard(rows, answers) {
  await database.transaction("rw", database.signatures, async () => {
    for (const answer of answers) {
      const row = rows.find((one) => one.id === answer.id);
      if (!row) continue;
      const { drawing, box, ...rest } = row; // neither is kept here once the server has it
      if (answer.status === "refused") await database.signatures.put({ ...rest, status: "refused", code: answer.code, zh: answer.zh, en: answer.en });
      else await database.signatures.put({ ...rest, status: "stored", sequence: answer.sequence });
    }
  });
}

watch(() => void sendSignatures());
