// What the tablet keeps on its disk. A transaction is over only when the disk has it (strict durability): 本机 is said after that.
import { Dexie } from "./dexie-4.4.7.min.mjs";

export const database = new Dexie("podium-tablet", { chromeTransactionDurability: "strict" });

database.version(1).stores({
  marks: "id,[judge+event+entry+aspect],[judge+status]", // the outbox: marks that the ledger does not have, or did not take
  receipts: "id,[judge+event+entry+aspect],judge", // marks that the ledger has, until a shift brings them
  shifts: "account", // what a judge marks, as the server told it last
  notes: "key,judge", // a judge's own notes
  device: "key", // this tablet's name and counter, and who holds it
});

database.version(2).stores({
  signatures: "id,[judge+status],judge", // signatures under sheets, until a shift brings them
});

database.version(3).stores({
  signals: "id,judge", // problems that were signalled, with what became of them
  photos: "id,judge", // photos beside marks; the picture goes when the server has it
  hall: "key", // what the chief judge says to a judge, and what of it was seen
});

/** What this page still knows when its disk is emptied under it (site data deleted, or swept away): written again as soon as there is a disk. It
    is asked for before anybody else can: whoever reloads the page in between would find nothing, and lose what waited here. */
export const remembered = { rows: () => ({}), device: null };
database.on("populate", async (disk) => {
  const { device } = remembered;
  if (device) await disk.table("device").put(device);
  for (const [name, rows] of Object.entries(remembered.rows())) await disk.table(name).bulkPut(rows);
});
/** At once, for what was emptied has to be written again before the page is left; then now and then, until there is a disk again. A vain
    attempt says "close" as well, and begins nothing new. */
let opening = false;
async function open() {
  if (opening) return;
  opening = true;
  for (let pause = 100; opening; pause = Math.min(3000, 2 * pause)) {
    await database.open().then(() => { opening = false; }, () => new Promise((go) => setTimeout(go, pause)));
  }
}
database.on("versionchange", () => queueMicrotask(open));
database.on("close", () => queueMicrotask(open));

const FIGURES = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
export const random = (length) => [...crypto.getRandomValues(new Uint8Array(length))].map((byte) => FIGURES[byte % 32]).join("");

/** A ULID: 48 bits of time, whatever this tablet's clock thinks, and 80 of chance. */
export function ulid(now) {
  let time = "";
  for (let rest = Math.max(0, now); time.length < 10; rest = Math.floor(rest / 32)) time = FIGURES[rest % 32] + time;
  return time + random(16);
}

/** This tablet's row, made when it is first asked for; inside the caller's transaction. */
export async function thisDevice() {
  const known = await database.device.get("this");
  if (known) return (remembered.device = known);
  const made = { key: "this", name: `T-${random(4)}`, counter: 0 };
  await database.device.put(made);
  return (remembered.device = made);
}
