// What the app knows: the shift as the server told it, the marks that lie over it, the drafts. A cell is (event, entry, aspect).
import { database, remembered } from "./database.js";
import { paired } from "./device.js";
import { Sender, hearClock, keep, withdraw } from "./outbox.js";

export const state = {
  lang: /(?:^|; )lang=en/.test(document.cookie) ? "en" : "zh",
  ready: false, shift: null, told: 0, session: "unknown", others: [], drafts: new Map(), notes: new Map(), signatures: [], last: null, asking: null, problem: "", update: null, room: null, full: false, revision: 0,
};
let received = null; // the shift as the server told it, with English beside the scheme's own words where it has any
let ledger = new Map(); // sheet → aspect → the newest mark that the ledger is known to have
let queue = new Map(); // sheet → aspect → marks of this judge that are on this tablet, oldest first
let touched = 0; // how often marks were kept or answered for
let sums = new Map(); // what was counted since marks last changed
let doubts = new Map();
export let sender = null;

remembered.rows = () => {
  const pairing = paired.row ? [paired.row] : [];
  if (!state.shift) return { device: pairing };
  const judge = me();
  const device = [{ key: "holder", account: judge }, ...pairing];
  const receipts = every(ledger).filter((mark) => mark.mine && mark.at).map(({ mine, by, at, ...mark }) => ({ ...mark, judge, made_at: at }));
  const notes = [...state.notes.values()];
  return { device, receipts, notes, marks: waiting(), signatures: state.signatures, shifts: [{ account: judge, shift: received, etag: state.etag, told: state.told }] };
};

const ENGLISH = ["name", "requirement", "description", "anchors"];
/** A part of the scheme with its English in place of its own words, wherever there is any. */
function inEnglish(part) {
  const said = { ...part };
  for (const field of ENGLISH) if (part[`${field}_en`]) said[field] = field === "anchors" ? part.anchors.map((own, score) => part.anchors_en[score] || own) : part[`${field}_en`];
  return said;
}
/** The shift as this tablet shows it: in English the scheme's English, in Chinese its own words. */
function inLanguage(shift) {
  if (state.lang !== "en" || !shift) return shift;
  const groups = (event) => event.groups.map((group) => ({ ...inEnglish(group), aspects: group.aspects.map(inEnglish) }));
  return { ...shift, events: shift.events.map((event) => ({ ...event, aspects: undefined, groups: groups(event) })) };
}
export function speak(lang) {
  state.lang = lang;
  state.shift = inLanguage(received);
  changed();
}

const watchers = new Set();
export const watch = (watcher) => watchers.add(watcher);
export const changed = () => watchers.forEach((watcher) => watcher());
/** Marks are different now, or on their way: what was counted counts no more. Drafts change nothing of that. */
function moved() {
  sums = new Map();
  state.revision += 1;
  changed();
}
function counted(name, count) {
  if (!sums.has(name)) sums.set(name, count());
  return sums.get(name);
}
export const keyOf = (event, entry, aspect) => `${event}/${entry}/${aspect}`;
export const eventOf = (id) => state.shift?.events.find((event) => event.id === id);
export const aspectsOf = (event) => (event.aspects ??= event.groups.flatMap((group) => group.aspects));
/** Whether this judge leads a panel, and so may read what another tablet shows. */
export const chief = () => Boolean(state.shift?.events.some((event) => event.chief));
export const me = () => state.shift?.account ?? "";
const other = new BroadcastChannel("podium-tablet");

/** What the screen shows of a cell: the newest mark, where it is, and what was said of it. */
export function cell(event, entry, aspect) {
  const [key, sheet] = [keyOf(event, entry, aspect), `${event}/${entry}`]; // a sheet asks for all of its cells at once
  const row = queue.get(sheet)?.get(aspect)?.at(-1);
  const known = ledger.get(sheet)?.get(aspect);
  if (row) return { key, value: row.value, round: row.round, id: row.id, at: row.made_at, by: "", row, under: known, state: row.status === "refused" ? "refused" : sender?.flying.has(row.id) ? "sent" : "local" };
  if (known) return { key, ...known, state: owesAgain(eventOf(event), entry, aspect, known) ? "again" : known.conflict ? "conflict" : "stored" }; // a score that came late is settled by the open round's
  return { key, value: null, round: 1, id: "", state: "none", by: "" };
}

/** The round in which this judge scores a cell again, or nothing. A mark of that round that is here already owes nothing. */
export const againOf = (event, entry, aspect) => {
  const round = event?.rounds?.[`${entry} ${aspect}`];
  return round?.waiting.includes(event.seat) ? round : null;
};
const owesAgain = (event, entry, aspect, mark) => mark.round < (againOf(event, entry, aspect)?.number ?? 0);

const split = (key) => [key.slice(0, key.lastIndexOf("/")), key.slice(key.lastIndexOf("/") + 1)];
const found = (all, key) => { const [sheet, aspect] = split(key); return all.get(sheet)?.get(aspect); };
const rowsOf = (key) => found(queue, key) ?? [];
const knownOf = (key) => found(ledger, key);
function put(all, key, what) {
  const [sheet, aspect] = split(key);
  if (!all.has(sheet)) all.set(sheet, new Map());
  if (what === undefined) all.get(sheet).delete(aspect);
  else all.get(sheet).set(aspect, what);
}
const every = (all) => [...all.values()].flatMap((sheet) => [...sheet.values()]);

/** Whether there is a mark of this judge that the ledger has, or that is on its way to it. One that the server did not take is none. */
export const isMarked = (event, entry, aspect) => { const now = cell(event, entry, aspect); return now.state === "refused" ? Boolean(now.under) : !["none", "again"].includes(now.state); };
export const inDoubt = () => counted("doubts", () => every(ledger).filter((mark) => mark.conflict && !owesAgain(eventOf(mark.event), mark.entry, mark.aspect, mark)).map((mark) => keyOf(mark.event, mark.entry, mark.aspect)).filter((key) => !rowsOf(key).length));
/** The cells that this judge scores again and has not yet. */
export const toTalk = () => counted("talk", () => (state.shift?.events ?? []).flatMap((event) => Object.keys(event.rounds ?? {}).map((place) => place.split(" ")).filter(([entry, aspect]) => cell(event.id, entry, aspect).state === "again").map(([entry, aspect]) => keyOf(event.id, entry, aspect))));
export const doubtsOf = (key) => doubts.get(key) ?? [];
export const waiting = () => every(queue).flat().sort((one, next) => one.counter - next.counter);

/** The ids of the marks that stand in an event and that this judge has made, here or on another tablet. */
export const marksOf = (event) => counted(`ids ${event.id}`, () => [...every(ledger).filter((mark) => mark.mine), ...waiting().filter((row) => row.status === "local")].filter((mark) => mark.event === event.id).map((mark) => mark.id));

/** How many marks are where. */
export const counts = () => counted("counts", () => {
  const rows = waiting().filter((row) => row.status === "local");
  const sent = rows.filter((row) => sender?.flying.has(row.id)).length;
  const stored = every(ledger).reduce((sum, mark) => sum + (mark.mine ? 1 : 0), 0);
  return { sent, local: rows.length - sent, stored, refused: waiting().length - rows.length };
});

/** A sheet, or a part of it, at a glance: how much is owed, and whether something in it waits, is in conflict or was refused. */
export function glance(event, entry, aspects) {
  const [known, rows] = [ledger.get(`${event.id}/${entry}`), queue.get(`${event.id}/${entry}`)];
  const away = Boolean(event.floor?.[entry]); // nobody owes marks for who did not come
  const seen = { owed: 0, again: false, waits: false, conflict: false, refused: false };
  for (const { id } of aspects) {
    const [mark, row] = [known?.get(id), rows?.get(id)?.at(-1)];
    if (row?.status === "refused") seen.refused = true;
    else if (row) seen.waits = true;
    else if (mark?.conflict && !owesAgain(event, entry, id, mark)) seen.conflict = true;
    const comes = row && row.status !== "refused";
    if (!away && !comes && (!mark || owesAgain(event, entry, id, mark))) seen.owed += 1;
    if (!comes && mark && owesAgain(event, entry, id, mark)) seen.again = true;
  }
  return seen;
}

/** How much this judge owes of a sheet, or of a part of it. */
export const owedOf = (event, entry, aspects = aspectsOf(event)) => counted(`${event.id}/${entry}/${aspects[0]?.id}/${aspects.length}`, () => glance(event, entry, aspects).owed);

function lay(mark) {
  const key = keyOf(mark.event, mark.entry, mark.aspect);
  if ((knownOf(key)?.sequence ?? -1) <= mark.sequence) put(ledger, key, mark);
}

/** Reads the disk again: everything of the judge who holds this tablet, and how much waits for others. */
export async function reload() {
  let before, holder, kept, rows, receipts, notes, signatures;
  do {
    before = touched;
    holder = (await database.device.get("holder"))?.account;
    kept = holder && (await database.shifts.get(holder));
    [rows, receipts, notes, signatures] = await Promise.all([database.marks, database.receipts, database.notes, database.signatures].map((table) => table.toArray()));
  } while (before !== touched); // a mark was kept or answered for meanwhile: what was read is older than the screen
  if (!kept || kept.etag !== state.etag) {
    received = kept?.shift ?? null;
    state.shift = inLanguage(received);
  }
  Object.assign(state, { etag: kept?.etag, told: kept?.told ?? 0 });
  ledger = new Map();
  queue = new Map();
  doubts = new Map();
  for (const event of state.shift?.events ?? []) {
    for (const [entry, aspect, id, value, round, conflict, sequence, by] of event.marks) lay({ event: event.id, entry, aspect, id, value, round, conflict, sequence, by, mine: by === event.seat });
    for (const [place, found] of Object.entries(event.doubts)) doubts.set(`${event.id}/${place.replace(" ", "/")}`, found);
  }
  for (const receipt of receipts) if (receipt.judge === holder) lay({ ...receipt, by: eventOf(receipt.event)?.seat ?? "", mine: true, at: receipt.made_at });
  for (const row of rows.sort((one, next) => one.counter - next.counter)) if (row.judge === holder && row.status !== "withdrawn") {
    const key = keyOf(row.event, row.entry, row.aspect);
    put(queue, key, [...rowsOf(key), row]);
  }
  state.notes = new Map(notes.filter((note) => note.judge === holder).map((note) => [note.key.slice(holder.length + 1), note]));
  state.signatures = signatures.filter((row) => row.judge === holder).sort((one, next) => one.counter - next.counter);
  const others = [...rows, ...signatures].filter((row) => row.judge !== holder && row.status === "local");
  state.others = await Promise.all([...new Set(others.map((row) => row.judge))].map(async (judge) => ({ judge, seat: (await database.device.get(`judge ${judge}`))?.seat ?? "", count: others.filter((row) => row.judge === judge).length })));
  if (sender?.judge !== holder) {
    sender?.stop();
    sender = holder ? new Sender(holder, heard, moved, () => waiting().filter((row) => row.status === "local"), (full) => { state.full = full; }) : null;
  }
  moved();
}

/** Whether everybody else of the panel had scored this cell: then it is known now how far apart they are, and who scored last is told first. */
function ofAll({ event: id, entry, aspect: of }) {
  const event = eventOf(id);
  const aspect = event && aspectsOf(event).find((one) => one.id === of);
  return aspect?.kind === "judged" && !aspect.once && event.panel.length > 1 && event.panel.every((seat) => seat === event.seat || event.marked[of]?.[entry]?.includes(seat));
}

/** What became of marks: the rows leave the outbox, the ledger's side is laid over. A conflict is looked into at once, and so is
 * whether an event may be sealed when its chief judge owes nothing more. */
function heard(told) {
  touched += 1;
  for (const { row, answer, conflict } of told) {
    const key = keyOf(row.event, row.entry, row.aspect);
    const rows = rowsOf(key).filter((one) => one.id !== row.id);
    if (answer.status === "refused") rows.unshift({ ...row, status: "refused", code: answer.code, zh: answer.zh, en: answer.en });
    else lay({ ...row, conflict, sequence: answer.sequence, by: eventOf(row.event)?.seat ?? "", mine: true, at: row.made_at });
    put(queue, key, rows.length ? rows : undefined);
  }
  other.postMessage("changed");
  moved();
  const complete = (event) => event?.seal && event.entries.every((entry) => !owedOf(event, entry));
  if (told.some(({ row, conflict }) => conflict || complete(eventOf(row.event)) || ofAll(row))) refresh();
}

/** 记下: on the disk first, then on the screen, then on its way. */
export async function keepMark(event, entry, aspect, value, round) {
  const key = keyOf(event.id, entry, aspect.id);
  const before = cell(event.id, entry, aspect.id);
  const known = knownOf(key);
  const draft = state.drafts.get(key);
  const mark = await keep({ judge: me(), event: event.id, entry, aspect: aspect.id, value, round: round ?? againOf(event, entry, aspect.id)?.number ?? before.round ?? 1 }, known);
  touched += 1;
  state.full = false;
  put(queue, key, [...rowsOf(key).filter((row) => row.status !== "refused"), mark]);
  if (state.drafts.get(key) === draft) state.drafts.delete(key); // a figure typed while the disk wrote is the next draft
  state.last = { event: event.id, entry, aspect: aspect.id, id: mark.id, value, at: mark.made_at, before: mark.round > before.round || before.state === "conflict" ? null : before.value };
  other.postMessage("changed");
  moved();
  if (sender.net === "online") sender.send();
  return mark;
}

/** Undo: what was there before is marked again; a first mark that never left, and one that the server did not take, is withdrawn.
    False when only another mark can change it. */
export async function undo() {
  const { event, entry, aspect, id, before } = state.last;
  const known = eventOf(event);
  if (before !== null && cell(event, entry, aspect).state !== "refused") {
    await keepMark(known, entry, aspectsOf(known).find((one) => one.id === aspect), before);
    return true;
  }
  if (!(await withdraw(id))) return false;
  state.last = null;
  await reload();
  other.postMessage("changed");
  return true;
}

/** Asks the server for the shift; what it says replaces what was known, and covers the receipts that are older. */
export async function refresh() {
  let answer, told;
  try {
    const headers = state.etag ? { "if-none-match": state.etag } : {};
    answer = await fetch("/api/shift", { headers, cache: "no-store", credentials: "same-origin", signal: AbortSignal.timeout(20_000) });
    if (answer.status === 503 || answer.status === 429) throw sender?.peace(answer) ?? answer;
    if (answer.status >= 500) throw answer;
    if (answer.status !== 304) told = await answer.json(); // somebody's Wi-Fi may answer with a page of its own, and with its own clock
    hearClock(answer);
  } catch (failure) {
    sender?.away(failure?.net ?? "offline");
    state.session = state.session === "unknown" ? "unreachable" : state.session;
    return changed();
  }
  if (answer.status === 200) await take(told, answer.headers.get("etag")).catch(() => { state.full = true; }); // asked again when there is room
  state.session = answer.ok || answer.status === 304 ? "in" : answer.status === 403 ? "no-seat" : "out";
  if (state.session === "in") {
    if (sender?.net !== "busy") sender?.here();
    sender?.send();
  } else sender?.away("signed-out");
  changed();
}

async function take(shift, etag) {
  const heads = new Map(shift.events.map((event) => [event.id, event.sequence]));
  const signed = new Map(shift.events.map((event) => [event.id, event.signing?.head ?? -1]));
  await database.transaction("rw", database.shifts, database.receipts, database.device, database.signatures, async () => {
    await database.signatures.where("[judge+status]").equals([shift.account, "stored"]).filter((row) => row.sequence <= (signed.get(row.event) ?? -1)).delete();
    const covered = (await database.receipts.where("judge").equals(shift.account).toArray()).filter((receipt) => receipt.sequence <= (heads.get(receipt.event) ?? -1));
    const before = (await database.device.get("holder"))?.account;
    if (before && before !== shift.account) await database.shifts.delete(before);
    await database.receipts.bulkDelete(covered.map((receipt) => receipt.id));
    await database.shifts.put({ account: shift.account, shift, etag, told: Date.now() });
    await database.device.bulkPut([{ key: "holder", account: shift.account }, { key: `judge ${shift.account}`, seat: shift.events.map((event) => event.seat)[0] ?? "" }]);
  });
  const hands = me() !== shift.account;
  if (hands) Object.assign(state, { drafts: new Map(), last: null, asking: null });
  await reload();
  if (hands) other.postMessage("changed");
}

/** The disk is different now: on this page and on every other one of this tablet. */
export async function refreshed() {
  touched += 1;
  await reload();
  other.postMessage("changed");
}

/** Another page of this tablet has kept a mark, or another judge holds the tablet there: no page goes on under the name before. */
other.onmessage = async () => {
  const before = me();
  await reload();
  if (me() !== before) await refresh();
};
