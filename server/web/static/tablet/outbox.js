// The outbox: a mark is on the disk before anything is said of it, then sent in order, in batches, with back-off, until the
// server has answered for it by its id. Nothing in here knows the screen.
import { database, thisDevice, ulid } from "./database.js";
import { written } from "./reserve.js";

const BATCH = 100;
const PATIENCE = 15_000;
const LONGEST_PAUSE = 30_000;
const CELL = "[judge+event+entry+aspect]";
const place = (mark) => [mark.judge, mark.event, mark.entry, mark.aspect];
const within = (mark) => place(mark).join("/");
const jitter = () => 0.5 + Math.random();

const HOUR = 3_600_000;
let heard = null; // the server's clock as it was last told, and how long this page had run by then
export function hearClock(answer) {
  const told = Date.parse(answer.headers.get("date") ?? "");
  if (told) heard = { told, run: performance.now() };
}

/** What time it is. A tablet whose battery was flat may think that it is 1970, and a clock may jump: a clock that is behind what the
    server said, or a week ahead of it, is not believed. A tablet that sleeps counts less time than there was, hence the week. */
export function moment() {
  const now = Date.now();
  const told = heard ? heard.told + performance.now() - heard.run : now;
  return now < told - HOUR || now > told + 168 * HOUR ? Math.round(told) : now;
}

/** A mark with the time at which it was made; where that cannot be, with the moment at which the right time was known. */
const timed = (row) => (Date.parse(row.made_at) < Date.UTC(2020) || Date.parse(row.made_at) > moment() + 24 * HOUR ? { ...row, made_at: new Date(moment()).toISOString() } : row);

/** Writes a mark to the disk. It replaces the newest of its cell: one that still waits here, or what the ledger had when last heard of (`known`). */
export const keep = (said, known) => written(() => add(said, known));

function add(said, known) {
  return database.transaction("rw", database.marks, database.receipts, database.device, async () => {
    const [rows, receipts, device] = await Promise.all([
      database.marks.where(CELL).equals(place(said)).toArray(),
      database.receipts.where(CELL).equals(place(said)).toArray(),
      thisDevice(),
    ]);
    const waiting = rows.filter((row) => row.status === "local").sort((one, other) => one.counter - other.counter).at(-1);
    const newest = [{ id: known?.id ?? "", sequence: known?.sequence ?? 0 }, ...receipts].sort((one, other) => one.sequence - other.sequence).at(-1);
    const now = moment();
    device.counter += 1;
    const mark = { id: ulid(now), round: 1, ...said, device: device.name, counter: device.counter, made_at: new Date(now).toISOString(), replaces: waiting?.id ?? newest.id, status: "local", tried: false };
    await database.device.put(device);
    await database.marks.bulkDelete(rows.filter((row) => row.status === "refused").map((row) => row.id));
    await database.marks.add(mark);
    return mark;
  });
}

const away = new Set(); // marks that this page has sent, also when the disk could not write that down

/** Takes back a mark that has never been on its way, or that the server did not take; false when it may be there. The row stays, and is never sent. */
export function withdraw(id) {
  return database.transaction("rw", database.marks, async () => {
    const row = await database.marks.get(id);
    if (row?.status !== "refused" && (row?.status !== "local" || row.tried || away.has(id))) return false;
    await database.marks.put({ ...row, status: "withdrawn" });
    return true;
  });
}

/** The next marks to send, in the order they were made; never two of one cell, so that an answer is heard before what follows it goes out. */
function following(rows, most) {
  const cells = new Set();
  const batch = [];
  for (const row of rows.sort((one, other) => one.counter - other.counter)) {
    if (batch.length === most || cells.has(within(row))) break;
    cells.add(within(row));
    batch.push(timed(row));
  }
  return batch;
}

async function nextBatch(judge, most) {
  return database.transaction("rw", database.marks, async () => {
    const batch = following(await database.marks.where("[judge+status]").equals([judge, "local"]).toArray(), most);
    await database.marks.bulkPut(batch.map((row) => ({ ...row, tried: true })));
    return batch;
  });
}

/** Writes down what the server said of a batch. A mark that was made on top of one that met another, or was not taken, knows no more than that one did. */
function receive(batch, answers) {
  return database.transaction("rw", database.marks, database.receipts, async () => {
    const told = [];
    for (const answer of answers) {
      const row = batch.find((one) => one.id === answer.id);
      if (!row) continue;
      const conflict = answer.status === "conflict" || Boolean(answer.conflict);
      if (answer.status === "refused" || conflict) {
        const later = (await database.marks.where(CELL).equals(place(row)).toArray()).filter((one) => one.replaces === row.id && !one.tried);
        await database.marks.bulkPut(later.map((one) => ({ ...one, replaces: row.replaces })));
      }
      if (answer.status === "refused") await database.marks.put({ ...row, tried: true, status: "refused", code: answer.code, zh: answer.zh, en: answer.en });
      else {
        const { judge, event, entry, aspect, value, round, device, made_at } = row;
        await database.receipts.put({ id: row.id, judge, event, entry, aspect, value, round, device, made_at, conflict, sequence: answer.sequence, heard: Date.now() });
        await database.marks.delete(row.id);
      }
      told.push({ row, answer, conflict });
    }
    return told;
  });
}

/** What the server said of a batch, where the disk cannot be written: for the screen, and for the marks that were made on top. */
function unwritten(batch, answers, held) {
  return answers.map((answer) => ({ row: batch.find((one) => one.id === answer.id), answer, conflict: answer.status === "conflict" || Boolean(answer.conflict) })).filter(({ row, answer, conflict }) => {
    if (row && (conflict || answer.status === "refused")) for (const one of held) if (one.replaces === row.id && !away.has(one.id)) one.replaces = row.replaces;
    return row;
  });
}

export class Sender {
  /** heard(told): what became of marks. changed(): the connection, or what is on its way, is different now. held(): what the screen knows to
      wait, for a disk that can no longer be written. full(yes): whether it is such a disk. */
  constructor(judge, heard, changed, held, full) {
    Object.assign(this, { judge, heard, changed, held, full, net: "online", since: Date.now(), replied: 0, failures: 0, timer: 0, busy: false, again: false, most: BATCH, notBefore: 0, flying: new Set(), over: false });
  }

  stop() {
    this.over = true;
    clearTimeout(this.timer);
  }

  /** Sends until nothing of this judge is left, or the server does not answer; then tries again by itself. One page of this tablet sends at a time. */
  async send() {
    if (this.busy || this.over) return void (this.again = true);
    const rest = this.notBefore - performance.now();
    if (rest > 0) return this.later(rest);
    this.busy = true;
    clearTimeout(this.timer);
    try {
      if (navigator.locks) await navigator.locks.request("podium-outbox", { ifAvailable: true }, (lock) => (lock ? this.drain() : this.later(2000)));
      else await this.drain();
    } finally {
      this.busy = false;
      this.changed();
    }
    if (this.again && this.net === "online") {
      this.again = false;
      this.send();
    }
  }

  later(pause) {
    if (this.over) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), pause);
  }

  async drain() {
    let writes = true;
    const onDisk = (work, without) => (writes ? written(work).catch(() => { writes = false; return without(); }) : without()); // the disk hears the same answers again when there is room: nothing is stored twice
    try {
      for (this.again = false; !this.over; ) {
        const batch = await onDisk(() => nextBatch(this.judge, this.most), () => following(this.held(), this.most));
        if (!batch.length) break;
        this.flying = new Set(batch.map((row) => row.id));
        batch.forEach((row) => away.add(row.id));
        this.changed();
        const answers = await this.post(batch);
        const told = await onDisk(() => receive(batch, answers), () => unwritten(batch, answers, this.held()));
        this.flying = new Set();
        this.full(!writes);
        this.heard(told);
        if (told.length < batch.length) throw { net: "offline" };
      }
      if (!writes) this.later(5000 * jitter());
    } catch (failure) {
      this.flying = new Set();
      this.away(failure.net ?? "offline");
      this.later(failure.pause ?? Math.min(LONGEST_PAUSE, 1000 * 2 ** this.failures++) * jitter());
    }
  }

  /** The server has answered just now. */
  here() {
    Object.assign(this, { net: "online", failures: 0, replied: Date.now() });
  }

  away(net) {
    if (this.net !== net) Object.assign(this, { net, since: Date.now() });
  }

  /** The server asked to be left in peace for a while; nobody sends before that, whoever asks. */
  peace(answer) {
    const pause = 1000 * (Number(answer.headers.get("retry-after")) || 5) * (1 + Math.random() / 2);
    this.notBefore = performance.now() + pause;
    return { net: "busy", pause };
  }

  async post(batch) {
    const body = JSON.stringify(batch.map(({ judge, status, tried, code, zh, en, ...mark }) => mark));
    const headers = { "content-type": "application/json", "x-csrf-token": token(), "x-podium-judge": this.judge };
    const answer = await fetch("/api/marks", { method: "POST", headers, body, credentials: "same-origin", signal: AbortSignal.timeout(PATIENCE) });
    if (answer.status === 503 || answer.status === 429) throw this.peace(answer);
    if (answer.status === 401 || answer.status === 403 || answer.status === 409) throw { net: "signed-out", pause: LONGEST_PAUSE * jitter() };
    if (answer.status === 422 || answer.status === 413) return this.apart(batch, answer);
    if (!answer.ok) throw {};
    const { answers } = await answer.json(); // the page of somebody's Wi-Fi in its place is no answer
    if (!Array.isArray(answers)) throw {};
    this.here();
    this.most = Math.min(BATCH, 2 * this.most);
    return answers;
  }

  /** The server could not read the post, or it was too large for what lies between: send its marks one by one, so that only the one that is
      minded stays behind. */
  async apart(batch, answer) {
    if (batch.length > 1) {
      this.most = 1;
      throw { net: this.net, pause: 0 };
    }
    const said = await answer.json();
    this.here();
    return [{ id: batch[0].id, status: "refused", code: said.code, ...said.words }];
  }
}

const token = () => decodeURIComponent(document.cookie.match(/(?:^|; )podium_csrf=([^;]*)/)?.[1] ?? "");
export { token };
