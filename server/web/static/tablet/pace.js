// When all that is owed will be marked at the pace of this judge. A mark's id says when it was made (ULID), whatever tablet it was made on.
import { marksOf } from "./store.js";

const BACK = 30 * 60_000; // milliseconds that the pace is measured over, as the chief's board does
const LEAST = 5; // marks below which there is no pace to speak of
const FARTHEST = 12 * 3_600_000; // nobody marks on for longer: what lies behind it is no forecast
const FIGURES = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** The milliseconds of a ULID. */
export const born = (id) => [...id.slice(0, 10)].reduce((sum, figure) => sum * 32 + FIGURES.indexOf(figure), 0);

/** The moment at which `owed` marks more will have been made, or nothing where too little is known. A judge who pauses slows down: the
    pace counts until now. What came within one second is one mark: a sheet of paper that was typed in is no pace. */
export function finish(ids, owed, now) {
  const times = [...new Set(ids.map((id) => Math.floor(born(id) / 1000)))].map((second) => second * 1000).filter((time) => time <= now && time > now - BACK);
  const since = Math.min(...times);
  if (!owed || times.length < LEAST || now - since < 60_000) return null;
  const left = (owed * (now - since)) / times.length;
  return left > FARTHEST ? null : now + left;
}

export const finishOf = (event, owed, now) => (event.open ? finish(marksOf(event), owed, now) : null);
