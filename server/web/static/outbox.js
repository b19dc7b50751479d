// The outbox of a tablet: marks that the ledger does not have yet. A mark is written to disk before anything else, then sent
// in order, in batches, with back-off, until the server has answered for it by its id. Nothing in here knows the screen.

const FIGURES = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const BATCH = 50;
const PATIENCE = 15_000;
const LONGEST_PAUSE = 30_000;

export const request = (asked) => new Promise((done, failed) => { asked.onsuccess = () => done(asked.result); asked.onerror = () => failed(asked.error); });
export const committed = (work) => new Promise((done, failed) => { work.oncomplete = () => done(); work.onabort = work.onerror = () => failed(work.error); });
const random = (length) => [...crypto.getRandomValues(new Uint8Array(length))].map((byte) => FIGURES[byte % 32]).join("");

export function ulid(now) {
  let time = "";
  for (let rest = now; time.length < 10; rest = Math.floor(rest / 32)) time = FIGURES[rest % 32] + time;
  return time + random(16);
}

async function openDatabase() {
  const asked = indexedDB.open("podium", 1);
  asked.onupgradeneeded = () => {
    asked.result.createObjectStore("marks", { keyPath: "id" });
    asked.result.createObjectStore("device", { keyPath: "key" });
  };
  return request(asked);
}

export class Outbox {
  /** told(mark, state, message): what became of a mark. changed(): counts or connection are different now. */
  static async open(settings) {
    const outbox = new Outbox();
    Object.assign(outbox, settings, { database: await openDatabase(), net: "online", since: Date.now(), failures: 0, timer: 0, busy: false, sending: new Set(), receipts: 0 });
    return outbox;
  }

  change(...stores) {
    return this.database.transaction(stores, "readwrite", { durability: "strict" });
  }

  /** All marks on this device, in the order they were made. */
  async waiting() {
    const rows = await request(this.database.transaction("marks").objectStore("marks").getAll());
    return rows.sort((one, other) => one.counter - other.counter);
  }

  /** Writes a mark and its number to disk in one transaction; when this has returned, the mark may be called 本机. */
  async keep(said) {
    const work = this.change("marks", "device");
    const device = (await request(work.objectStore("device").get("this"))) ?? { key: "this", name: `T-${random(4)}`, counter: 0 };
    device.counter += 1;
    const now = Date.now();
    const mark = { id: ulid(now), ...said, device: device.name, counter: device.counter, made_at: new Date(now).toISOString() };
    work.objectStore("device").put(device);
    work.objectStore("marks").put({ ...mark, judge: this.judge, status: "local" });
    await committed(work);
    return mark;
  }

  async forget(id) {
    const work = this.change("marks");
    work.objectStore("marks").delete(id);
    await committed(work);
  }

  async counts() {
    const rows = await this.waiting();
    const mine = rows.filter((row) => row.judge === this.judge && row.status === "local").length;
    const sent = Math.min(mine, this.sending.size);
    return { mine, sent, local: mine - sent, others: rows.filter((row) => row.judge !== this.judge).length };
  }

  /** Sends until nothing of this judge is left or the server does not answer; then tries again by itself. */
  async send() {
    if (this.busy) return;
    this.busy = true;
    clearTimeout(this.timer);
    this.timer = 0;
    try {
      for (;;) {
        const batch = (await this.waiting()).filter((row) => row.judge === this.judge && row.status === "local").slice(0, BATCH);
        if (!batch.length) break;
        for (const row of batch) {
          this.sending.add(row.id);
          this.told(row, "sent", "");
        }
        await this.changed();
        const answers = await this.post(batch);
        Object.assign(this, { net: "online", failures: 0 });
        for (const answer of answers) await this.receive(batch.find((row) => row.id === answer.id), answer);
        if (this.sending.size) throw { net: "offline" };
        await this.changed();
      }
    } catch (failure) {
      if (this.net === "online") this.since = Date.now();
      this.net = failure.net ?? "offline";
      this.timer = setTimeout(() => this.send(), failure.pause ?? Math.min(LONGEST_PAUSE, 1000 * 2 ** this.failures++) * (0.5 + Math.random()));
      for (const row of await this.waiting()) if (this.sending.delete(row.id)) this.told(row, "local", "");
      this.sending.clear();
    } finally {
      this.busy = false;
      await this.changed();
    }
  }

  async post(batch) {
    const body = JSON.stringify(batch.map(({ judge, status, message, ...mark }) => mark));
    const headers = { "content-type": "application/json", "x-csrf-token": this.token };
    const answer = await fetch(this.address, { method: "POST", headers, body, credentials: "same-origin", signal: AbortSignal.timeout(PATIENCE) });
    if (answer.status === 401 || answer.status === 403) throw { net: "signed-out", pause: LONGEST_PAUSE };
    if (answer.status === 503 || answer.status === 429) throw { net: "busy", pause: 1000 * (Number(answer.headers.get("retry-after")) || 5) };
    if (!answer.ok) throw { net: "offline" };
    return (await answer.json()).answers;
  }

  /** Only here does a mark become stored: the answer carries its id. What is refused stays on the device, with the reason. */
  async receive(row, answer) {
    if (!row) return;
    const message = answer[this.lang] ?? "";
    if (answer.status === "refused") {
      const work = this.change("marks");
      work.objectStore("marks").put({ ...row, status: "refused", message });
      await committed(work);
    } else {
      await this.forget(row.id);
      this.receipts += answer.status === "duplicate" ? 0 : 1;
    }
    this.sending.delete(row.id);
    this.told(row, answer.status !== "duplicate" ? answer.status : answer.conflict ? "conflict" : "stored", message);
  }
}
