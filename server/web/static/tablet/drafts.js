// A draft: what stands on the pad and is kept by 记下 and by nothing else. Text for a measured aspect, a figure 0–3 for a judged one.
import { isSigned } from "./signing.js";
import { cell, changed, eventOf, isMarked, keepMark, keyOf, state } from "./store.js";
import { display, isJudged, settle, settled, shown, t, top, unsettle } from "./ui.js";

export const draftOf = (key) => state.drafts.get(key) ?? "";
export const hundredths = (aspect, draft) => (isJudged(aspect) ? Number(draft) * 100 : Math.round(Number(draft) * 100));
const step = (aspect) => (aspect.maximum <= 1000 ? 25 : aspect.maximum <= 3000 ? 50 : 100);
export const stepOf = step;

/** Why this draft cannot be kept; "" when it can. */
export function wrong(aspect, draft) {
  if (draft === "") return "";
  if (!/^\d*\.?\d*$/.test(draft) || draft === ".") return t("no-number");
  const value = hundredths(aspect, draft);
  if (value > top(aspect)) return t("too-much", { maximum: display(aspect, top(aspect)) });
  if (aspect.allowed.length && !aspect.allowed.includes(value)) return t("only", { values: aspect.allowed.map(shown).join(" / ") });
  return "";
}

/** Where no marks are taken there are no drafts: nothing could be done with one but drop it. */
export function write(key, draft) {
  if (draft !== "" && !eventOf(key.split("/")[0])?.open) return;
  unsettle();
  if (draft === "") state.drafts.delete(key);
  else state.drafts.set(key, draft);
  Object.assign(state, { asking: null, problem: "" });
  changed();
}

export function press(at, sign) {
  const draft = draftOf(at.key);
  if (isJudged(at.aspect)) return /^[0-3]$/.test(sign) && write(at.key, sign);
  if (sign === "back") write(at.key, draft.slice(0, -1));
  else if (sign === ".") write(at.key, draft.includes(".") ? draft : `${draft || "0"}.`);
  else if (!/\.\d\d$/.test(draft) && draft.length < 6) write(at.key, draft === "0" ? sign : draft + sign);
}

/** One step up or down: through the marks that may be given, where the scheme lists them. */
export function nudge(at, direction) {
  const draft = draftOf(at.key);
  const now = draft === "" ? (cell(at.event.id, at.entry, at.aspect.id).value ?? 0) : hundredths(at.aspect, draft);
  const listed = [...at.aspect.allowed].sort((one, other) => one - other);
  const next = direction > 0 ? listed.find((value) => value > now) : listed.findLast((value) => value < now);
  const moved = listed.length ? (next ?? now) : Math.max(0, Math.min(at.aspect.maximum, now + direction * step(at.aspect)));
  write(at.key, shown(moved));
}

/** What is improbable about a mark, judged by this judge's own marks alone; "" when nothing is. */
export function improbable(at, value) {
  if (!isJudged(at.aspect) && value === 0) return t("zero-sure", { aspect: `${at.aspect.id} ${at.aspect.name}` });
  const group = at.event.groups.find((one) => one.aspects.includes(at.aspect));
  if (!group || group.aspects.length < 4) return "";
  const line = (entry) => group.aspects.map((one) => (entry === at.entry && one === at.aspect ? value : cell(at.event.id, entry, one.id).value));
  const mine = line(at.entry);
  if (mine.includes(null) || new Set(mine).size < 2) return "";
  const twin = at.event.entries.find((entry) => entry !== at.entry && isMarked(at.event.id, entry, at.aspect.id) && line(entry).every((one, place) => one === mine[place]));
  return twin ? t("same-row", { group: `${group.id} ${group.name}`, entry: at.entry, other: twin, count: mine.length }) : "";
}

/** 记下: the only way a mark is made. An improbable one is asked about once, on the same button. */
export async function save(at, onward) {
  if (!settled()) return;
  const draft = draftOf(at.key);
  if (draft === "") {
    settle();
    return onward?.();
  }
  if (wrong(at.aspect, draft)) return;
  const value = hundredths(at.aspect, draft);
  const doubt = state.asking?.key === at.key ? "" : improbable(at, value) || (isSigned(at.event, at.entry, "judge") ? t("signed-sure") : "");
  settle();
  if (doubt) {
    state.asking = { key: at.key, words: doubt };
    return changed();
  }
  try {
    await keepMark(at.event, at.entry, at.aspect, value);
    if (state.asking?.key === at.key) state.asking = null;
  } catch (failure) {
    Object.assign(state, { full: true, problem: t("disk-failed", { why: failure?.name ?? "" }) });
  } finally {
    changed();
  }
}

export const place = (event, entry, aspect) => ({ event, entry, aspect, key: keyOf(event.id, entry, aspect.id) });
