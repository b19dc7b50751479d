// Room set aside on this tablet's disk. What a browser calls free is a guess: Chromium names the same quota on a disk that is full.
// So a file of noise lies beside the marks; it is let go when they cannot be written, and they fit after all. Chromium 156 then sweeps
// away all that the page has on the disk; what the page still knows is written again (database.js), into this room.
import { database } from "./database.js";

const NAME = "reserve";
const SIZE = 8_000_000; // marks of twenty shifts
const BLOCK = 65_536; // as much noise as is made at once
export const reserve = { there: false, spent: false };
let filling = Promise.resolve();

const folder = () => navigator.storage?.getDirectory?.();

/** Whether the room is there, or no browser could keep it. It is taken twice and half of it given back: it is never the last there was. */
export const setAside = () => (filling = take());

async function take() {
  const root = await folder()?.catch(() => null);
  if (!root) return true;
  try {
    const file = await root.getFileHandle(NAME, { create: true });
    if ((await file.getFile()).size < SIZE) await fill(await file.createWritable());
    Object.assign(reserve, { there: true, spent: false });
    return true;
  } catch {
    reserve.there = false;
    await root.removeEntry(NAME).catch(() => {});
    return false;
  }
}

async function fill(writing) {
  try {
    for (let size = 0; size < 2 * SIZE; size += BLOCK) await writing.write(crypto.getRandomValues(new Uint8Array(BLOCK)));
    await writing.truncate(SIZE);
    await writing.close();
  } catch (failure) {
    await writing.abort().catch(() => {});
    throw failure;
  }
}

/** What is written to the disk; where that fails, once more without the reserve. Work that failed has left nothing behind. */
export async function written(work) {
  try {
    return await work();
  } catch {
    await filling; // it lets go by itself what it could not take
    await (await folder()?.catch(() => null))?.removeEntry(NAME).catch(() => {}); // Chromium drops it by itself when nothing can be written
    Object.assign(reserve, { there: false, spent: reserve.spent || reserve.there });
    await database.open();
    return work();
  }
}
