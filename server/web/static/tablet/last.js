// What was just kept, where it is, and the way back. It has its own row; it does not float or time out.
import { aspectsOf, cell, changed, eventOf, state, undo } from "./store.js";
import { write } from "./drafts.js";
import { Icon, clock, display, html, look, t } from "./ui.js";

let undone = -1000;
/** A second tap in the same moment would take back what was just put back. */
const twice = () => performance.now() - undone < 800 || void (undone = performance.now());

export function Last() {
  const { last } = state;
  if (!last) return null;
  const aspect = aspectsOf(eventOf(last.event)).find((one) => one.id === last.aspect);
  const now = cell(last.event, last.entry, last.aspect);
  if (!aspect || now.id !== last.id) return null;
  const back = async () => {
    if (twice()) return;
    try {
      if (await undo()) return;
    } catch (failure) {
      Object.assign(state, { full: true, problem: t("disk-failed", { why: failure?.name ?? "" }) });
      return changed();
    }
    write(now.key, "");
    location.hash = `#/sheet/${last.event}/${last.entry}/${last.aspect}`;
    state.problem = t("no-empty");
    changed();
  };
  const words = now.state === "refused" ? now.row[state.lang] : t(`last-${now.state}`, { time: clock(last.at) });
  const settled = !["conflict", "again"].includes(now.state); // there is nothing to go back to: what holds is decided, or scored again
  return html`<div class=${`last ${now.state}`} role="status" data-last><${Icon} name=${look(now.state)} /><p><b>${last.entry} ${last.aspect} = ${display(aspect, last.value)}</b> <span>${words}</span></p>${settled ? html`<button class="button" type="button" data-undo onClick=${back}><${Icon} name="arrow-back-up" />${t("undo")}</button>` : null}</div>`;
}
