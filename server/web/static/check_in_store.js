// What the door keeps on the device. The list (names, faces) goes when somebody signs out; check-ins that were not sent yet hold no
// name and stay until their own account sends them. A check-in is on disk before the page says that somebody has arrived.

const LIST = "podium-door";
const OUTBOX = "podium-arrivals";
const BATCH = 50;
const PATIENCE = 15_000;
const OLDEST = 36 * 3600 * 1000;

export class Store {
  static async open(page, { request, committed, ulid }) {
    const store = Object.assign(new Store(), { page, request, committed, ulid, token: document.querySelector("meta[name=csrf]").content });
    store.outbox = await store.database(OUTBOX, (made) => {
      made.createObjectStore("waiting", { keyPath: "id" });
      made.createObjectStore("device", { keyPath: "key" });
    });
    await store.openList();
    return store;
  }

  async database(name, make) {
    const asked = indexedDB.open(name, 1);
    asked.onupgradeneeded = () => make(asked.result);
    const found = await this.request(asked);
    found.onversionchange = () => found.close(); // somebody signs out in another tab
    return found;
  }

  async openList() {
    this.list = await this.database(LIST, (made) => {
      made.createObjectStore("lists", { keyPath: "slug" });
      made.createObjectStore("faces");
    });
  }

  // ---------- the list ----------

  /** The list as it was last loaded by this account, unless that is too long ago. */
  async kept() {
    const found = await this.request(this.list.transaction("lists").objectStore("lists").get(this.page.slug));
    if (!found) return undefined;
    if (found.account === this.page.account && Date.now() - found.loaded < OLDEST) return found;
    await this.wipe();
    await this.openList();
    return undefined;
  }

  async keepList(list) {
    const work = this.list.transaction("lists", "readwrite");
    work.objectStore("lists").put({ ...list, slug: this.page.slug, account: this.page.account });
    await this.committed(work);
  }

  async face(id) {
    return id ? this.request(this.list.transaction("faces").objectStore("faces").get(id)) : undefined;
  }

  async faces() {
    return new Set(await this.request(this.list.transaction("faces").objectStore("faces").getAllKeys()));
  }

  async keepFaces(faces) {
    const work = this.list.transaction("faces", "readwrite");
    for (const [id, jpeg] of Object.entries(faces)) work.objectStore("faces").put(jpeg, id);
    await this.committed(work);
  }

  async wipe() {
    this.list.close();
    await this.request(indexedDB.deleteDatabase(LIST)).catch(() => {});
    await window.caches?.delete(LIST); // there is none without https
  }

  // ---------- the outbox ----------

  async rows() {
    const rows = await this.request(this.outbox.transaction("waiting").objectStore("waiting").getAll());
    return rows.sort((one, other) => (one.id < other.id ? -1 : 1));
  }

  mine(row) {
    return row.slug === this.page.slug && row.account === this.page.account;
  }

  /** This account's check-ins that the server has not answered for. */
  async waiting() {
    return (await this.rows()).filter((row) => this.mine(row) && !row.refused);
  }

  /** How many somebody else left on this device, here or for another competition. */
  async others() {
    return (await this.rows()).filter((row) => !this.mine(row)).length;
  }

  /** What the server would not take stays until somebody has read why. */
  async refused() {
    return (await this.rows()).filter((row) => this.mine(row) && row.refused);
  }

  /** Writes a check-in to disk, with the entry's number to tell of it and no name; when this has returned, the person may be called arrived. */
  async keep(token, way, number) {
    const work = this.change("waiting", "device");
    const device = (await this.request(work.objectStore("device").get("this"))) ?? { key: "this", name: `D-${this.ulid(0).slice(-4)}` };
    const now = Date.now();
    const row = { id: this.ulid(now), token, way, number, device: device.name, made_at: new Date(now).toISOString(), slug: this.page.slug, account: this.page.account };
    work.objectStore("device").put(device);
    work.objectStore("waiting").put(row);
    await this.committed(work);
    return row;
  }

  change(...stores) {
    return this.outbox.transaction(stores, "readwrite", { durability: "strict" });
  }

  async forget(id) {
    const work = this.change("waiting");
    work.objectStore("waiting").delete(id);
    await this.committed(work);
  }

  async receive(row, answer) {
    if (!row) return;
    if (answer.status !== "refused") return this.forget(row.id);
    const work = this.change("waiting");
    work.objectStore("waiting").put({ ...row, refused: { zh: answer.zh, en: answer.en } });
    await this.committed(work);
  }

  /** Sends what waits, in batches; `told(row, answer)` for each that was answered. Throws when the server does not answer. */
  async send(told) {
    for (;;) {
      const batch = (await this.waiting()).slice(0, BATCH);
      if (!batch.length) return;
      const body = batch.map(({ id, token, way, device, made_at }) => ({ id, token, way, device, made_at }));
      const { answers } = await this.ask(this.page.api, body);
      for (const answer of answers) {
        const row = batch.find((one) => one.id === answer.id);
        await this.receive(row, answer);
        if (row) told(row, answer);
      }
      if (!answers.length) throw new Error("no answer");
    }
  }

  // ---------- the server ----------

  /** The server's answer as data. Throws an error with `out` when this account may no longer ask. */
  async ask(address, body, again = true) {
    const headers = body === undefined ? {} : { "content-type": "application/json", "x-csrf-token": this.token };
    const sent = { method: body === undefined ? "GET" : "POST", headers: { accept: "application/json", ...headers }, credentials: "same-origin", cache: "no-store" };
    const answer = await fetch(address, { ...sent, body: body && JSON.stringify(body), signal: AbortSignal.timeout(PATIENCE) });
    if (answer.status === 204) return undefined;
    const said = await answer.json().catch(() => ({}));
    if (answer.ok) return said;
    const out = String(said.code ?? "").startsWith("access.");
    if (answer.status === 403 && !out && again) {
      await this.renew();
      return this.ask(address, body, false);
    }
    throw Object.assign(new Error(said.code ?? String(answer.status)), { out, said });
  }

  /** The page that was kept carries an old token: take the one of the page as it is now. */
  async renew() {
    const text = await (await fetch(this.page.page, { credentials: "same-origin", cache: "no-store" })).text();
    this.token = new DOMParser().parseFromString(text, "text/html").querySelector("meta[name=csrf]")?.content ?? this.token;
  }
}
