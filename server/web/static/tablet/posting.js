// What goes to the server besides marks: problems that are signalled, photos, and that a message was seen. Each is on the disk
// before anything is said of it; marks go first, a photo never keeps a mark waiting.
import { database, remembered, thisDevice, ulid } from "./database.js";
import { moment, token } from "./outbox.js";
import { written } from "./reserve.js";
import { changed, counts, me, refresh, sender, state, watch } from "./store.js";
import words from "./words.js";

const PATIENCE = 60_000;
const LONGEST_PAUSE = 60_000;
const jitter = () => 0.5 + Math.random();

/** Of the judge who holds this tablet: signals and photos (without the pictures), what the chief judge says, until when shifts last. */
export const hall = { judge: "", signals: [], photos: [], others: 0, seen: new Set(), nudges: [], answers: {}, ends: {} };

const marks = remembered.rows;
const pictures = new Map(); // photos that this page took and no server has: what is left of them when the disk is emptied
const lost = (row) => ({ ...row, status: "refused", code: "photo.lost", zh: words.zh["photo-lost"], en: words.en["photo-lost"] });
const kept = (row) => (row.status === "local" && !pictures.has(row.id) ? lost(row) : { ...row, blob: pictures.get(row.id) ?? null });
remembered.rows = () => (hall.judge === me() ? { ...marks(), signals: hall.signals, photos: hall.photos.map(kept) } : marks());

let [busy, again, failures, timer, source, last] = [false, false, 0, 0, null, ""];
const other = new BroadcastChannel("podium-hall");
other.onmessage = () => load();

/** Reads the disk again. */
export async function load() {
  const judge = me();
  const [signals, photos, kept] = await Promise.all([database.signals.toArray(), database.photos.toArray(), database.hall.get(judge || "nobody")]);
  const mine = (rows) => rows.filter((row) => row.judge === judge).sort((one, next) => (one.id < next.id ? -1 : 1));
  const others = [...signals, ...photos].filter((row) => row.judge !== judge && row.status === "local").length;
  Object.assign(hall, { judge, signals: mine(signals), photos: mine(photos).map(({ blob, ...row }) => row), others, seen: new Set(kept?.seen ?? []), nudges: kept?.nudges ?? [], answers: kept?.answers ?? {}, ends: kept?.ends ?? {} });
  changed();
}

async function keepHall(more) {
  await database.transaction("rw", database.hall, async () => {
    const kept = (await database.hall.get(me())) ?? { key: me(), seen: [], nudges: [], answers: {}, ends: {} };
    await database.hall.put({ ...kept, ...(typeof more === "function" ? more(kept) : more) });
  });
  other.postMessage("changed");
  await load();
}

async function add(table, said, onto = (work) => work()) {
  await onto(() => database.transaction("rw", database.device, table, async () => {
    const device = await thisDevice();
    const now = moment();
    const id = ulid(now);
    if (said.blob) pictures.set(id, said.blob);
    await table.add({ id, judge: me(), ...said, device: device.name, made_at: new Date(now).toISOString(), status: "local" });
  }));
  other.postMessage("changed");
  await load();
  post();
}

export const signal = (said) => add(database.signals, said, written);
export const keepPhoto = (event, entry, aspect, blob) => add(database.photos, { event, entry, aspect, blob, size: blob.size });
export const pictureOf = async (id) => (await database.photos.get(id))?.blob;
/** A judge takes a photo away that no server has, or reads that one was not taken. */
export async function dropPhoto(id) {
  pictures.delete(id);
  await database.photos.where("id").equals(id).filter((row) => row.status !== "stored").delete();
  other.postMessage("changed");
  await load();
}

/** A nudge is seen the moment somebody says so, with or without a network. */
export async function see(id) {
  await keepHall((kept) => ({ seen: [...new Set([...kept.seen, id])] }));
  post();
}

/** An answer was read: it is not shown again. */
export async function read(row) {
  await database.signals.update(row.id, { read: (hall.answers[row.id] ?? []).length, told: true });
  other.postMessage("changed");
  await load();
}

export const waitingBeside = () => [...hall.signals, ...hall.photos].filter((row) => row.status !== "stored" && !(row.status === "refused" && row.told));
export const photosOf = (event, entry, aspect) => hall.photos.filter((row) => row.event === event && row.entry === entry && row.aspect === aspect);

/** Sends what waits, and asks what is new. One page of this tablet at a time. */
export async function post() {
  if (sender?.net !== "online" || state.session !== "in") return;
  if (busy) return void (again = true);
  [busy, again] = [true, false];
  clearTimeout(timer);
  try {
    const all = async () => { await sendSignals(); await sayWhatIsSeen(); await sendPhotos(); };
    if (navigator.locks) await navigator.locks.request("podium-hall", { ifAvailable: true }, (lock) => (lock ? all() : later(2000)));
    else await all();
    failures = 0;
  } catch (failure) {
    later(failure.pause ?? Math.min(LONGEST_PAUSE, 2000 * 2 ** failures++) * jitter());
  } finally {
    busy = false;
  }
  if (again) post();
}

function later(pause) {
  clearTimeout(timer);
  timer = setTimeout(post, pause);
}

async function ask(path, body) {
  const form = body instanceof FormData;
  const headers = { "x-csrf-token": token(), "x-podium-judge": hall.judge, ...(form ? {} : { "content-type": "application/json" }) };
  const answer = await fetch(path, { method: "POST", headers, body: form ? body : JSON.stringify(body), credentials: "same-origin", signal: AbortSignal.timeout(PATIENCE) });
  if (answer.status === 503 || answer.status === 429) throw { pause: 1000 * (Number(answer.headers.get("retry-after")) || 5) * (1 + Math.random()) };
  return { ok: answer.ok, status: answer.status, told: await answer.json() }; // what is no answer of the server's throws: nothing is there yet
}

/** One that the server cannot read keeps no other out: which one it is, the server says only when each comes alone. */
async function sendSignals(most = 20) {
  const waits = (await database.signals.where("judge").equals(me()).toArray()).filter((row) => row.status === "local").slice(0, most);
  if (!waits.length) return;
  const answer = await ask("/api/signals", { signals: waits.map(({ judge, status, read, told, code, zh, en, ...row }) => row) });
  const unread = answer.status === 422;
  if (unread && waits.length > 1) return sendSignals(1);
  if (!answer.ok && !unread) throw {};
  const { code, words: why } = answer.told;
  for (const one of unread ? [{ id: waits[0].id, status: "refused", code, ...why }] : answer.told.answers) await database.signals.update(one.id, one.status === "refused" ? { status: "refused", code: one.code, zh: one.zh, en: one.en } : { status: "stored" });
  other.postMessage("changed");
  await load();
  if (most === 1) await sendSignals(1);
}

async function sayWhatIsSeen() {
  const said = [...hall.seen];
  if (!said.length) return;
  const answer = await ask("/api/hall/seen", { nudges: said });
  if (!answer.ok) throw {};
  await keepHall((kept) => ({ seen: kept.seen.filter((id) => !said.includes(id)), nudges: kept.nudges.filter((one) => !said.includes(one.id)) }));
}

/** One photo after the other, and only while no mark waits. What the server cannot take stays here, and says why. */
async function sendPhotos() {
  for (const { id } of hall.photos.filter((row) => row.status === "local")) {
    const { local, sent } = counts();
    if (local + sent || sender.net !== "online") return;
    const row = await database.photos.get(id);
    if (!row?.blob) continue;
    const { event, entry, aspect, device, made_at } = row;
    const form = new FormData();
    form.append("data", row.blob, "photo.jpg");
    const answer = await ask(`/api/evidence/${id}?${new URLSearchParams({ event, entry, aspect, device, made_at })}`, form);
    if (answer.ok) {
      await database.photos.put({ ...row, blob: null, status: "stored" });
      pictures.delete(id);
    }
    else if (answer.status === 401 || answer.status >= 500) throw {};
    else {
      const { told } = answer;
      if (told.code === "marks.other-judge") throw {};
      const [why] = told.problems?.length ? told.problems : [told]; // a picture that is none says what is wrong with it further in
      await database.photos.put({ ...row, status: "refused", code: why.code, zh: why.words?.zh, en: why.words?.en });
    }
    other.postMessage("changed");
    await load();
  }
}

/** What the chief judge says: asked when the stream tells, when the network is back, and now and then. */
export async function hear() {
  if (sender?.net !== "online" || state.session !== "in") return;
  try {
    const answer = await fetch("/api/hall", { cache: "no-store", credentials: "same-origin", signal: AbortSignal.timeout(20_000) });
    if (!answer.ok) return;
    const told = await answer.json();
    if (told.account === me()) await keepHall({ nudges: told.nudges, answers: told.signals, ends: told.ends });
  } catch {
    // the rail says that the server is away; the next change or the next look asks again
  }
}

/** What the server has of this judge's photos and this tablet knows nothing of: its disk was emptied, or another tablet took them. */
let restored = "";
async function restore() {
  const judge = me();
  if (restored === judge || sender?.net !== "online" || state.session !== "in") return;
  restored = judge;
  try {
    const answer = await fetch("/api/evidence", { cache: "no-store", credentials: "same-origin", signal: AbortSignal.timeout(20_000) });
    const told = answer.ok ? await answer.json() : null;
    if (told?.account !== judge) return void (restored = "");
    await database.transaction("rw", database.photos, async () => {
      for (const one of told.photos) if (!(await database.photos.get(one.id))) await database.photos.add({ ...one, judge, blob: null, status: "stored" });
    });
    other.postMessage("changed");
    await load();
  } catch {
    restored = ""; // asked again when the connection is back
  }
}

/** The stream carries nothing but the news that there is some. It is open while this tablet is online and somebody is signed in. */
function tune() {
  const on = sender?.net === "online" && state.session === "in" && me() && !document.hidden;
  if (!on || source?.readyState === EventSource.CLOSED || source?.judge !== me()) {
    source?.close();
    source = null;
  }
  if (!on || source) return;
  source = Object.assign(new EventSource("/api/hall/stream"), { judge: me() });
  source.addEventListener("hall", hear);
  source.addEventListener("shift", refresh); // a panel came apart, or the event is another one now: nobody waits for the next look
}

export async function startHall() {
  await load();
  watch(() => {
    if (hall.judge !== me()) { hall.judge = me(); load().then(post); }
    const now = `${sender?.net} ${state.session} ${me()} ${counts().local + counts().sent === 0}`;
    if (now === last) return;
    last = now;
    tune();
    post();
    restore();
  });
  document.addEventListener("visibilitychange", tune);
  setInterval(() => { tune(); hear(); post(); }, 60_000 * (0.8 + Math.random() * 0.4));
  tune();
  post();
  restore();
}
